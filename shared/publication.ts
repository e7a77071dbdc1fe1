import { type Static, Type } from 'typebox'

/** 通知公告, 惠民政策, 便民服务, 活动, 志愿招募 */
export const PUBLICATION_KINDS = ['notice', 'policy', 'service', 'activity', 'volunteer'] as const
export const PUBLICATION_STATES = ['draft', 'published', 'withdrawn'] as const

/** What community staff publish for residents to read and sign up for. */
export const Publication = Type.Object({
  id: Type.String(),
  kind: Type.Enum([...PUBLICATION_KINDS]),
  state: Type.Enum([...PUBLICATION_STATES]),
  title: Type.String({ minLength: 1, maxLength: 80 }),
  /** plain text, paragraphs by blank lines */
  body: Type.String({ maxLength: 10_000 }),
  /** whom it concerns: a community, grid, building */
  placeId: Type.String(),
  /** ms; shown from, until */
  from: Type.Number(),
  until: Type.Union([Type.Number(), Type.Null()]),
  /** of an activity or a volunteer call: when, where, how many places */
  startsAt: Type.Optional(Type.Number()),
  where: Type.Optional(Type.String({ maxLength: 100 })),
  places: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  /** resident ids, in order; those beyond `places` wait */
  signUps: Type.Array(Type.Object({ residentId: Type.String(), at: Type.Number() })),
  by: Type.String(),
  changedAt: Type.Number(),
  version: Type.Number(),
})
export type Publication = Static<typeof Publication>
