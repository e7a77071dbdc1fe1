import type { PlaceTree } from './world.ts'

const AREAS: ReadonlySet<string> = new Set(['district', 'street', 'community', 'grid'])

/** The areas that a place lies in, smallest first: a grid and what is above it. */
export const areaIdsOf = (places: Pick<PlaceTree, 'path'>, placeId: string): string[] =>
  places.path(placeId).flatMap(({ id, kind }) => (AREAS.has(kind) ? [id] : []))
