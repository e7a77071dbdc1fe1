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
  from: Type.Integer(),
  until: Type.Union([Type.Integer(), Type.Null()]),
  /** of an activity or a volunteer call: when, where, how many places */
  startsAt: Type.Optional(Type.Integer()),
  where: Type.Optional(Type.String({ maxLength: 100 })),
  places: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  /** resident ids, in order; those beyond `places` wait */
  signUps: Type.Array(Type.Object({ residentId: Type.String(), at: Type.Number() })),
  by: Type.String(),
  changedAt: Type.Number(),
  version: Type.Number(),
})
export type Publication = Static<typeof Publication>

/** What a page sends of it. */
export const PublicationDraft = Type.Object({
  kind: Type.Enum([...PUBLICATION_KINDS]),
  title: Publication.properties.title,
  body: Publication.properties.body,
  placeId: Type.String(),
  from: Type.Optional(Type.Integer({ description: 'ms; now unless said' })),
  until: Type.Optional(Publication.properties.until),
  startsAt: Publication.properties.startsAt,
  where: Publication.properties.where,
  places: Publication.properties.places,
})
export type PublicationDraft = Static<typeof PublicationDraft>

/** One of them as one resident sees it: nobody else's sign-up. */
export interface PublicationForMe extends Omit<Publication, 'signUps' | 'by' | 'state'> {
  signedUp: 'no' | 'yes' | 'waiting'
  /** how many have signed up, those who wait among them */
  taken: number
  /** whether one can sign up now */
  isOpen: boolean
}

export const isShown = ({ state, from, until }: Publication, now: number) =>
  state === 'published' && from <= now && (until === null || now < until)

export const signUpsOpen = (one: Publication, now: number) => isShown(one, now) && one.startsAt !== undefined && now < one.startsAt

export function forMe(one: Publication, me: string, now: number): PublicationForMe {
  const { signUps, by: _by, state: _state, ...rest } = one
  const n = signUps.findIndex(({ residentId }) => residentId === me)
  const signedUp = n < 0 ? 'no' : n < (rest.places ?? Number.POSITIVE_INFINITY) ? 'yes' : 'waiting'
  return { ...rest, signedUp, taken: signUps.length, isOpen: signUpsOpen(one, now) }
}
