import type { Feed } from '../../shared/feed.ts'

/** The records of the feeds, as the transports see them. */
export interface FeedBook {
  get(id: string): Feed | undefined
  all(): readonly Feed[]
  /** unsealed, of an outgoing connection */
  password(id: string): string | undefined
  /** unsealed, of one panel; hex */
  accountKey(id: string, account: string): string | undefined
  /** calls after each change of a record; returns the unsubscriber */
  onChange(listener: () => void): () => void
}
