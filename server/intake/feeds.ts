import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { feedName, putFeed, readFeeds } from '../store/feeds.ts'
import type { Db } from '../store/open.ts'

/** More than any community has; keeps a sender from making up feeds without end. */
const MOST_FEEDS = 500

export interface KnownFeeds {
  has(feed: string): boolean
  /** whether it is a feed, or there is room for one more */
  mayBe(feed: string): boolean
  /** it spoke: from now on it is one */
  met(feed: string, now: Millis): void
  /** those of the register of devices and those that spoke, with what they are called */
  names(): ReadonlyMap<string, string>
  committed(): void
  rolledBack(): void
}

export function createKnownFeeds(db: Db, world: () => World): KnownFeeds {
  const known = new Map(readFeeds(db).map(({ id, name }) => [id, name]))
  let fresh: string[] = []
  let registers: { world: World; feeds: Set<string> } | undefined

  function registered(): Set<string> {
    const present = world()
    if (registers?.world !== present) registers = { world: present, feeds: new Set(present.devices().map(({ feed }) => feed)) }
    return registers.feeds
  }

  const has = (feed: string) => known.has(feed) || registered().has(feed)
  return {
    has,
    mayBe: (feed) => has(feed) || (feed !== '' && known.size < MOST_FEEDS),
    met(feed, now) {
      if (known.has(feed)) return
      putFeed(db, feed, now)
      known.set(feed, feedName(feed))
      fresh.push(feed)
    },
    names() {
      const names = new Map([...registered()].sort().map((feed) => [feed, feedName(feed)]))
      for (const [feed, name] of known) names.set(feed, name)
      return names
    },
    committed() {
      fresh = []
    },
    rolledBack() {
      for (const feed of fresh) known.delete(feed)
      fresh = []
    },
  }
}
