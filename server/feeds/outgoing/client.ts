import type { Feed } from '../../../shared/feed.ts'
import type { Log, Receiver } from '../receiver.ts'

export interface OutgoingOptions {
  feed: Feed
  /** unsealed; of `feed.connection.username` */
  password?: string
  engine: Receiver
  log: Log
  /** aborted when the feed is paused, changed or deleted, and when the server stops */
  signal: AbortSignal
  /** real time, ms */
  now(): number
}

/**
 * A connection that we open and keep. Runs until it is aborted and reconnects by itself, with a growing wait in between; it tells of its
 * connection through `engine.receive({source: 'feed-link', …})`. When it ends or throws unasked it is started again.
 */
export type OutgoingClient = (options: OutgoingOptions) => Promise<void>
