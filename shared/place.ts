import { type Static, Type } from 'typebox'

export const PLACE_KINDS = ['street', 'community', 'grid', 'cluster', 'building', 'unit', 'floor', 'flat', 'spot'] as const
export type PlaceKind = (typeof PLACE_KINDS)[number]

/**
 * One node of the place tree: street → community → grid → building → unit → floor → flat. A `cluster` hangs under its grid and a flat
 * names it in `clusterId`; a `spot` is a named outdoor place (an estate gate, a road corner) under a grid or the community.
 */
export const Place = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...PLACE_KINDS]),
  /** null for the root alone */
  parentId: Type.Union([Type.String(), Type.Null()]),
  /** as people say it: 12栋, 1单元, 302 */
  name: Type.String(),
  /** official code where there is one (a grid has 15 digits) */
  code: Type.Optional(Type.String()),
  clusterId: Type.Optional(Type.String()),
  /** WGS 84 degrees of the label point */
  lon: Type.Optional(Type.Number()),
  lat: Type.Optional(Type.Number()),
  /** metres above ground: floor height of floors and flats, roof height of buildings */
  height: Type.Optional(Type.Number()),
})
export type Place = Static<typeof Place>
