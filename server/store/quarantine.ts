import { hash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { Arrival, Guess } from '../../shared/arrival.ts'
import type { QuarantineState } from '../../shared/quarantine.ts'
import type { Millis } from '../../shared/status.ts'
import { addColumns } from './columns.ts'
import { createRoom, QUARANTINE_BOUNDS, type QuarantineBounds } from './quarantine-room.ts'

export { QUARANTINE_BOUNDS, type QuarantineBounds } from './quarantine-room.ts'

/**
 * What was not understood, with its bytes (I3). The same bytes for the same reason are one row with a count; each (feed, address, reason)
 * keeps its newest and all together are bounded, so that a chattering stranger crowds nobody out. What had to go is counted.
 */
export const QUARANTINE_TABLES = `
CREATE TABLE IF NOT EXISTS quarantine (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  digest TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  place TEXT,
  feed TEXT NOT NULL,
  address TEXT NOT NULL,
  event_id TEXT,
  arrival TEXT NOT NULL,
  bytes BLOB NOT NULL,
  length INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  count INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS quarantine_by_sender ON quarantine (feed, address, reason, n);
CREATE INDEX IF NOT EXISTS quarantine_by_feed ON quarantine (feed, n);
CREATE TABLE IF NOT EXISTS quarantine_sender (
  feed TEXT NOT NULL, address TEXT NOT NULL, reason TEXT NOT NULL,
  total INTEGER NOT NULL, kept INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
  PRIMARY KEY (feed, address, reason)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quarantine_crowded_out (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL) STRICT;
`

/** `seen`: somebody opened it; `routine`: a sign of life and no more; `held`: of the kept, those that wait; `lost`: crowded out. */
export function migrateQuarantine(db: Database): void {
  addColumns(db, 'quarantine', { guess: 'TEXT', seen: 'INTEGER NOT NULL DEFAULT 0', routine: 'INTEGER NOT NULL DEFAULT 0' })
  const counts = { guess: 'TEXT', held: 'INTEGER NOT NULL DEFAULT 0', lost: 'INTEGER NOT NULL DEFAULT 0' }
  if (!addColumns(db, 'quarantine_sender', counts).includes('held')) return
  db.exec(`UPDATE quarantine_sender SET held = (SELECT count(*) FROM quarantine q
    WHERE q.feed = quarantine_sender.feed AND q.address = quarantine_sender.address AND q.reason = quarantine_sender.reason AND q.state = 'held')`)
}

/** One thing to keep: `arrival.bytes` are those that are kept, already without images. */
export interface Quarantined {
  reason: string
  detail: string
  where?: string
  feed: string
  address: string
  id?: string
  guess?: Guess
  arrival: Arrival
  /** of the message as it came */
  length: number
  receivedAt: Millis
}

export interface QuarantineStore {
  put(entry: Quarantined): void
  get(n: number): (Quarantined & { state: QuarantineState }) | undefined
  mark(n: number, state: QuarantineState): void
  /** somebody opened it: from now on it may expire */
  see(n: number): void
  /** numbers of what waits from this address, or from a device that is also called so; oldest first */
  waiting(feed: string, address: string, after: number, limit: number): number[]
  /** whether anything of this feed waits */
  hasFeed(feed: string): boolean
  /** drops what is older, unless it waits and nobody has seen it; inside a transaction; at most `rows` */
  purge(before: Millis, rows: number): number
  rolledBack(): void
}

const ROUTINE = 'linwang.heartbeat'

const digestOf = ({ reason, feed, address, arrival }: Quarantined) =>
  hash(
    'sha256',
    Buffer.concat([Buffer.from(`${reason}\n${feed}\n${address}\n${arrival.source}\n${arrival.topic ?? ''}\n`), arrival.bytes]),
    'base64',
  )

export function createQuarantineStore(db: Database, bounds: QuarantineBounds = QUARANTINE_BOUNDS): QuarantineStore {
  const sql = statements(db)
  const room = createRoom(db, bounds)

  /** The same bytes once more; what was done with is waiting again. */
  function again(digest: string, { feed, address, reason, receivedAt }: Quarantined): boolean {
    const known = sql.known.get(digest) as { n: number; state: QuarantineState } | undefined
    if (!known) return false
    sql.again.run(receivedAt, known.n)
    if (known.state !== 'held') sql.hold.run(1, feed, address, reason)
    return true
  }
  function insert(entry: Quarantined, digest: string) {
    const { bytes, ...rest } = entry.arrival
    const { reason, detail, where = null, feed, address, id = null, guess, receivedAt: at } = entry
    const more = [guess ? JSON.stringify(guess) : null, guess?.type === ROUTINE ? 1 : 0]
    sql.insert.run(digest, reason, detail, where, feed, address, id, JSON.stringify(rest), bytes, entry.length, at, at, ...more)
  }

  return {
    put(entry) {
      const digest = digestOf(entry)
      const { feed, address, reason, receivedAt, guess } = entry
      const isNew = !again(digest, entry)
      sql.tally.run(feed, address, reason, isNew ? 1 : 0, receivedAt, receivedAt, guess ? JSON.stringify(guess) : null, isNew ? 1 : 0)
      if (!isNew) return
      insert(entry, digest)
      room.makeFor(entry, guess?.type === ROUTINE)
    },
    get(n) {
      const row = sql.get.get(n) as StoredRow | undefined
      return row && { ...entryOf(row), state: row.state }
    },
    mark(n, state) {
      const row = sql.get.get(n) as StoredRow | undefined
      if (!row) return
      const change = Number(state === 'held') - Number(row.state === 'held')
      if (change !== 0) sql.hold.run(change, row.feed, row.address, row.reason)
      sql.mark.run(state, n)
    },
    see: (n) => void sql.see.run(n),
    waiting: (feed, address, after, limit) => sql.waiting.all(feed, after, address, address, limit) as number[],
    hasFeed: (feed) => sql.ofFeed.get(feed) !== undefined,
    purge: room.purge,
    rolledBack: room.recount,
  }
}

/** A row of the table as SQLite gives it. */
export interface StoredRow {
  n: number
  state: QuarantineState
  reason: string
  detail: string
  place: string | null
  feed: string
  address: string
  event_id: string | null
  arrival: string
  bytes: Buffer
  length: number
  received_at: number
  last_at: number
  count: number
  guess: string | null
  seen: number
}

const entryOf = (row: StoredRow): Quarantined => ({
  reason: row.reason,
  detail: row.detail,
  ...(row.place !== null && { where: row.place }),
  feed: row.feed,
  address: row.address,
  ...(row.event_id !== null && { id: row.event_id }),
  ...(row.guess !== null && { guess: JSON.parse(row.guess) as Guess }),
  arrival: { ...(JSON.parse(row.arrival) as Omit<Arrival, 'bytes'>), bytes: row.bytes },
  length: row.length,
  receivedAt: row.received_at,
})

const SENDER = 'feed = ? AND address = ? AND reason = ?'
/** a sign of life says less of what a stranger is than anything else it sends */
const BETTER = `excluded.guess IS NOT NULL AND (guess IS NULL OR guess ->> 'type' IS NULL OR guess ->> 'type' = '${ROUTINE}')`
const statements = (db: Database) => ({
  ofFeed: db.prepare('SELECT 1 FROM quarantine WHERE feed = ? LIMIT 1').pluck(),
  known: db.prepare('SELECT n, state FROM quarantine WHERE digest = ?'),
  again: db.prepare("UPDATE quarantine SET count = count + 1, last_at = ?, state = 'held' WHERE n = ?"),
  insert:
    db.prepare(`INSERT INTO quarantine (digest, state, reason, detail, place, feed, address, event_id, arrival, bytes, length, received_at, last_at, count, guess, routine)
    VALUES (?, 'held', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`),
  tally:
    db.prepare(`INSERT INTO quarantine_sender (feed, address, reason, total, kept, first_at, last_at, guess, held) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET total = total + 1, kept = kept + excluded.kept, held = held + excluded.held, last_at = excluded.last_at,
      guess = CASE WHEN ${BETTER} THEN excluded.guess ELSE guess END`),
  hold: db.prepare(`UPDATE quarantine_sender SET held = held + ? WHERE ${SENDER}`),
  get: db.prepare('SELECT * FROM quarantine WHERE n = ?'),
  mark: db.prepare('UPDATE quarantine SET state = ?, seen = 1 WHERE n = ?'),
  see: db.prepare('UPDATE quarantine SET seen = 1 WHERE n = ?'),
  waiting: db
    .prepare(`SELECT n FROM quarantine WHERE feed = ? AND n > ? AND state = 'held' AND
      (address = ? OR EXISTS (SELECT 1 FROM json_each(quarantine.guess, '$.aliases') WHERE value = ?)) ORDER BY n LIMIT ?`)
    .pluck(),
})
