import type { Access } from '../../server/access/access.ts'
import { createFeedBook } from '../../server/access/feed-book.ts'
import { createSealing } from '../../server/access/sealing.ts'
import type { Engine } from '../../server/engine/protocol.ts'
import type { FeedBook } from '../../server/feeds/book.ts'
import { createGates } from '../../server/feeds/gates.ts'
import type { Db } from '../../server/store/open.ts'
import type { Feed } from '../../shared/feed.ts'

export const SEAL_KEY = Buffer.alloc(32, 9)

/** The records of the feeds as the main thread has them, over an engine of a test. */
export function testFeeds(read: Db, engine: Pick<Engine, 'onCommit'>, access: Pick<Access, 'refresh'>) {
  const sealing = createSealing(SEAL_KEY)
  const book = createFeedBook({ read, sealing })
  const gates = createGates({ book })
  engine.onCommit(({ feeds }) => {
    if (!feeds) return
    book.refresh()
    access.refresh()
  })
  return { sealing, book, gates }
}

export const feedOf = (id: string, more: Partial<Feed> = {}): Feed => ({
  id,
  name: id,
  kind: 'hikvision',
  state: 'active',
  version: 1,
  firstAt: 0,
  ...more,
})

/** Records that a test puts there by hand. */
export function testBook(...feeds: Feed[]): FeedBook & { put(feed: Feed): void; passwords: Map<string, string> } {
  const records = new Map(feeds.map((feed) => [feed.id, feed]))
  const passwords = new Map<string, string>()
  const listeners = new Set<() => void>()
  return {
    passwords,
    get: (id) => records.get(id),
    all: () => [...records.values()],
    password: (id) => passwords.get(id),
    accountKey: () => undefined,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    put(feed) {
      records.set(feed.id, feed)
      for (const listener of listeners) listener()
    },
  }
}
