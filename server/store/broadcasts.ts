import type { Database } from 'better-sqlite3'
import { type Broadcast, isBroadcastOver } from '../../shared/broadcast.ts'
import { numberOf } from './id-number.ts'
import { type Broom, DAY } from './retention.ts'

/** One document each. `open`: something may still be heard of it, or it waits to be confirmed. */
export const BROADCAST_TABLES = `
CREATE TABLE IF NOT EXISTS broadcasts (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  open INTEGER NOT NULL,
  at INTEGER NOT NULL,
  clip TEXT,
  doc TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS broadcasts_open ON broadcasts (n) WHERE open = 1;
CREATE INDEX IF NOT EXISTS broadcasts_at ON broadcasts (at) WHERE open = 0;
`

export interface BroadcastStore {
  get(id: string): Broadcast | undefined
  put(broadcast: Broadcast): void
  open(): Broadcast[]
}

const parse = (doc: unknown) => JSON.parse(doc as string) as Broadcast

export function createBroadcastStore(db: Database): BroadcastStore {
  const write = db.prepare('INSERT OR REPLACE INTO broadcasts (n, id, open, at, clip, doc) VALUES (?, ?, ?, ?, ?, ?)')
  return {
    get: (id) => readBroadcast(db, id),
    open: () => openBroadcasts(db),
    put(broadcast) {
      const { id, at, clip } = broadcast
      const n = numberOf(id)
      write.run(n, id, isBroadcastOver(broadcast) ? 0 : 1, Math.trunc(at), clip?.hash ?? null, JSON.stringify(broadcast))
    },
  }
}

export function readBroadcast(db: Database, id: string): Broadcast | undefined {
  const doc = db.prepare<[string], string>('SELECT doc FROM broadcasts WHERE id = ?').pluck().get(id)
  return doc === undefined ? undefined : parse(doc)
}
export const openBroadcasts = (db: Database): Broadcast[] =>
  db.prepare('SELECT doc FROM broadcasts WHERE open = 1 ORDER BY n').pluck().all().map(parse)

/** Newest first, below the number `before`. */
export const readBroadcasts = (db: Database, before: number | undefined, most: number): Broadcast[] =>
  db
    .prepare('SELECT doc FROM broadcasts WHERE n < ? ORDER BY n DESC LIMIT ?')
    .pluck()
    .all(before ?? Number.MAX_SAFE_INTEGER, most)
    .map(parse)

/** What was said goes with the incidents; the recordings, which are voices, after as many days as photos. */
export function broadcastBroom(db: Database, keep: { incidents: number; photos: number }, remove: (hash: string) => void): Broom {
  const old = db.prepare<[number, number], { n: number; clip: string }>(
    'SELECT n, clip FROM broadcasts WHERE open = 0 AND at < ? AND clip IS NOT NULL LIMIT ?',
  )
  const forget = db.prepare('UPDATE broadcasts SET clip = NULL WHERE n = ?')
  const used = db.prepare('SELECT 1 FROM broadcasts WHERE clip = ?')
  const drop = db.prepare('DELETE FROM broadcasts WHERE n IN (SELECT n FROM broadcasts WHERE open = 0 AND at < ? LIMIT ?)')
  return {
    name: 'broadcasts',
    sweep(now, _wall, rows) {
      const gone = old.all(Math.trunc(now - keep.photos * DAY), rows)
      for (const { n, clip } of gone) {
        forget.run(n)
        if (!used.get(clip)) remove(clip)
      }
      return gone.length + drop.run(Math.trunc(now - keep.incidents * DAY), rows).changes
    },
  }
}
