import { type Static, Type } from 'typebox'
import { Step } from './alert.ts'
import { BookCode } from './matter-kind.ts'
import { Status } from './status.ts'

/** hotline 12319, a resident's page, a grid worker's or shop's find, a community that calls departments together (吹哨), the desk's quick entry */
export const REPORT_CHANNELS = ['hotline', 'resident', 'field', 'shop', 'whistle', 'desk'] as const
export const ReportChannel = Type.Enum([...REPORT_CHANNELS])
export type ReportChannel = Static<typeof ReportChannel>

/** Who said it. Name and number leave the server masked, whole ones only by an audited unmask. */
export const Reporter = Type.Object({
  kind: Type.Enum(['resident', 'staff', 'caller', 'nobody']),
  /** resident or staff id */
  id: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  /** who called wants to be called back when it is closed */
  callback: Type.Optional(Type.Boolean()),
  /** by which the same person is found again: a keyed hash of the number, or the id; never leaves the server */
  key: Type.Optional(Type.String()),
})
export type Reporter = Static<typeof Reporter>

export const Rating = Type.Object({
  stars: Type.Integer({ minimum: 1, maximum: 5 }),
  text: Type.Optional(Type.String()),
  at: Type.Number(),
})
export type Rating = Static<typeof Rating>

/** What a person says (上报). It is never changed afterwards but for what is added: photos, rating, the incident that takes it up. */
export const Report = Type.Object({
  /** report-17 */
  id: Type.String(),
  /** what the reporter follows it by: date and a running number, 20261123-0017 */
  no: Type.String(),
  channel: ReportChannel,
  /** id of a MatterKind */
  kind: Type.String(),
  /** its code as it stood when it was reported, or the code that the sender gave */
  code: Type.Optional(BookCode),
  status: Status,
  text: Type.String(),
  placeId: Type.String(),
  /** where exactly, in the reporter's words */
  spot: Type.Optional(Type.String()),
  lon: Type.Optional(Type.Number()),
  lat: Type.Optional(Type.Number()),
  reporter: Reporter,
  /** ids of photos */
  photos: Type.Array(Type.String()),
  /** ms; when it was said, and when it reached us */
  at: Type.Number(),
  receivedAt: Type.Number(),
  /** the other system's own number */
  externalId: Type.Optional(Type.String()),
  feed: Type.Optional(Type.String()),
  /** the incident that it opened or joined */
  incidentId: Type.Optional(Type.String()),
  /** for a whistle: ids of the teams that are called */
  teams: Type.Optional(Type.Array(Type.String())),
  /** how often the same person said the same again within minutes */
  repeats: Type.Optional(Type.Number()),
  rating: Type.Optional(Rating),
  /** taken back by its reporter, ms */
  withdrawnAt: Type.Optional(Type.Number()),
  steps: Type.Array(Step),
  version: Type.Number(),
})
export type Report = Static<typeof Report>

/** What the reporter may read of the matter: no names of workers, no colleagues' remarks. */
export interface ReportProgress {
  id: string
  no: string
  kind: string
  kindName: string
  place: string
  /** the reporter's own words and pictures */
  text: string
  photos: string[]
  at: number
  state: 'received' | 'dispatched' | 'accepted' | 'arrived' | 'handled' | 'closed' | 'withdrawn'
  /** oldest first, in states alone */
  steps: { at: number; what: ReportProgress['state'] | 'reopened' | 'merged' }[]
  /** by when somebody should be there or have done it, ms */
  dueAt: number | null
  rating?: Rating
}
