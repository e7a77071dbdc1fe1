import type { Feed } from '../../../shared/feed.ts'
import type { FeedView } from '../../../shared/wall.ts'

/** A feed as the list gives it: its health, and its record where there is one. */
export interface FeedRow extends FeedView, Partial<Omit<Feed, 'id' | 'name' | 'state'>> {
  /** seconds of silence that are a fault, set or learned */
  quietAfter?: number | null
  paused?: boolean
}

export type Rank = 'silent' | 'never' | 'paused' | 'heard'
export const stateOf = (feed: FeedRow): Rank => (feed.paused ? 'paused' : feed.state)
export const linkDown = (feed: FeedRow) => stateOf(feed) !== 'paused' && feed.link?.state === 'down'

const ORDER: Record<Rank, number> = { silent: 0, never: 1, heard: 2, paused: 3 }
/** What needs the engineer first. */
export const byNeed = (a: FeedRow, b: FeedRow) =>
  Number(linkDown(b)) - Number(linkDown(a)) ||
  ORDER[stateOf(a)] - ORDER[stateOf(b)] ||
  b.quarantined - a.quarantined ||
  (a.name < b.name ? -1 : 1)

/** What is missing when nothing is said: the same quarter of an hour as the server's. */
const QUIET_AFTER = 15 * 60
export const quietAfter = (feed: FeedRow) => (feed.silentAfter ?? feed.quietAfter ?? QUIET_AFTER) * 1000
