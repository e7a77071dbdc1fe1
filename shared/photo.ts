import { type Static, Type } from 'typebox'

/** A picture as we keep it: made anew from its pixels, so that place, device and whatever hung on the file are gone. Deleted at the end of its retention. */
export const Photo = Type.Object({
  /** photo-17 */
  id: Type.String(),
  /** SHA-256 of the bytes that are kept, hex */
  hash: Type.String(),
  bytes: Type.Number(),
  width: Type.Number(),
  height: Type.Number(),
  at: Type.Number(),
  /** user, staff or resident id */
  by: Type.String(),
  /** what it belongs to: a report, an order; absent until it is taken up, and gone after a day without */
  subject: Type.Optional(Type.String()),
  /** ms; the file is deleted, the row stays */
  goneAt: Type.Optional(Type.Number()),
})
export type Photo = Static<typeof Photo>

/** What a picture is taken up by. */
export interface PhotoSubject {
  id: string
  placeId: string
  incidentId?: string | undefined
}

/** For the rules of whatever carries pictures. */
export interface PhotoBook {
  /** Takes pictures up. A problem 422 names the one that is unknown, gone, somebody else's or taken up elsewhere. */
  attach(ids: readonly string[], subject: PhotoSubject, by: string): void
}
