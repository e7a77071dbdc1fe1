import type { Feed } from '../../shared/feed.ts'
import type { FeedBook } from '../feeds/book.ts'
import { type FeedRow, readFeeds } from '../store/feeds.ts'
import type { Db } from '../store/open.ts'
import { accountPlace, passwordPlace, type Sealing } from './sealing.ts'

export interface FeedBookOptions {
  /** read-only connection */
  read: Db
  sealing: Pick<Sealing, 'open'>
}

/** The records of the feeds on the main thread; `refresh` after a commit that changed them. A record that did not change stays the same object. */
export function createFeedBook({ read, sealing }: FeedBookOptions): FeedBook & { refresh(): void; unreadable(): string[] } {
  const listeners = new Set<() => void>()
  let rows = new Map<string, { text: string; feed: Feed; sealed: FeedRow['sealed'] }>()
  const load = () => {
    rows = new Map(
      readFeeds(read).map((row) => {
        const { sealed, ...feed } = row
        const text = JSON.stringify(row)
        const before = rows.get(row.id)
        return [row.id, before?.text === text ? before : { text, feed, sealed }]
      }),
    )
  }
  load()
  return {
    get: (id) => rows.get(id)?.feed,
    all: () => [...rows.values()].map(({ feed }) => feed),
    password(id) {
      const text = rows.get(id)?.sealed.password
      return text === undefined ? undefined : sealing.open(text, passwordPlace(id))
    },
    accountKey(id, account) {
      const text = rows.get(id)?.sealed.accounts?.[account]
      return text === undefined ? undefined : sealing.open(text, accountPlace(id, account))
    },
    /** feeds with a password or key that was sealed with another key */
    unreadable: () => [...rows].flatMap(([id, { sealed }]) => (opensAll(id, sealed, sealing) ? [] : [id])),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh() {
      load()
      for (const listener of listeners) listener()
    },
  }
}

function opensAll(id: string, { password, accounts = {} }: FeedRow['sealed'], sealing: Pick<Sealing, 'open'>): boolean {
  if (password !== undefined && sealing.open(password, passwordPlace(id)) === undefined) return false
  return Object.entries(accounts).every(([account, text]) => sealing.open(text, accountPlace(id, account)) !== undefined)
}
