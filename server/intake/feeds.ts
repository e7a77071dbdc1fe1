import type { Feed, FeedKind } from '../../shared/feed.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { feedName, newFeed, readFeeds, writeFeed } from '../store/feeds.ts'
import type { Db } from '../store/open.ts'

/** More than any community has; keeps a sender from making up feeds without end. */
export const MOST_FEEDS = 500

export interface KnownFeeds {
  has(feed: string): boolean
  /** whether it is a feed, or there is room for one more */
  mayBe(feed: string): boolean
  /** it spoke: from now on it is one; `source` is how its message was read */
  met(feed: string, now: Millis, source?: string): void
  /** its record; undefined for a feed of the register that was never heard and never changed */
  get(feed: string): Feed | undefined
  /** those of the register of devices and those that spoke, with what they are called */
  names(): ReadonlyMap<string, string>
  /** a command changed the records: read them anew */
  refresh(): void
  /** whether records changed since the last commit */
  changed(): boolean
  committed(): void
  rolledBack(): void
}

export function createKnownFeeds(db: Db, world: () => World, kindOf: (source: string) => FeedKind = () => 'cloudevents'): KnownFeeds {
  let known = readRecords(db)
  let changed = false
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
    met(feed, now, source) {
      if (known.has(feed)) return
      const row = newFeed(feed, now, source === undefined ? undefined : kindOf(source))
      writeFeed(db, row)
      known.set(feed, withoutSecrets(row))
      changed = true
    },
    get: (feed) => known.get(feed),
    names() {
      const names = new Map([...registered()].sort().map((feed) => [feed, feedName(feed)]))
      for (const [feed, { name }] of known) names.set(feed, name)
      return names
    },
    refresh() {
      known = readRecords(db)
      changed = true
    },
    changed: () => changed,
    committed() {
      changed = false
    },
    rolledBack() {
      if (changed) known = readRecords(db)
      changed = false
    },
  }
}

const readRecords = (db: Db) => new Map<string, Feed>(readFeeds(db).map((row) => [row.id, withoutSecrets(row)]))

/** Nothing that reads messages has use for a password, sealed or not. */
const withoutSecrets = ({ sealed: _, ...feed }: Feed & { sealed: unknown }): Feed => feed
