import type { KnownFeeds } from '../intake/feeds.ts'
import type { FeedDesk } from '../registers/feed-commands.ts'
import type { AccessWriter } from '../store/access.ts'
import { dropFeed, newFeed, readFeed, writeFeed } from '../store/feeds.ts'
import type { Db } from '../store/open.ts'

/** Where the records of the feeds lie: their table, their keys, and what intake remembers of both. */
export function feedDesk(db: Db, access: AccessWriter, known: Pick<KnownFeeds, 'has' | 'mayBe' | 'refresh'>): FeedDesk {
  return {
    read: (id) => readFeed(db, id),
    write: (feed) => writeFeed(db, feed),
    drop: (id) => void dropFeed(db, id),
    fresh: (id, now) => newFeed(id, now),
    has: known.has,
    mayBe: known.mayBe,
    refresh: known.refresh,
    addKey(key) {
      access.dropExpiredKeys(key.createdAt)
      access.addFeedKey({ ...key, own: true })
    },
    expireKeys: access.expireOwnKeys,
    dropKeys: access.dropFeedKeys,
  }
}
