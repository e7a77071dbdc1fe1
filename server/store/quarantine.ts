import { hash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { Arrival } from '../../shared/arrival.ts'
import type { Millis } from '../../shared/status.ts'

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
CREATE TABLE IF NOT EXISTS quarantine_sender (
  feed TEXT NOT NULL, address TEXT NOT NULL, reason TEXT NOT NULL,
  total INTEGER NOT NULL, kept INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
  PRIMARY KEY (feed, address, reason)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quarantine_crowded_out (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL) STRICT;
`

export interface QuarantineBounds {
  rows: number
  bytes: number
  perSender: number
}
export const QUARANTINE_BOUNDS: QuarantineBounds = { rows: 10_000, bytes: 64 * 1024 * 1024, perSender: 200 }

/** `held` waits for somebody; `accepted` was understood on a later try. */
export type QuarantineState = 'held' | 'accepted' | 'discarded'

/** One thing to keep: `arrival.bytes` are those that are kept, already without images. */
export interface Quarantined {
  reason: string
  detail: string
  where?: string
  feed: string
  address: string
  id?: string
  arrival: Arrival
  /** of the message as it came */
  length: number
  receivedAt: Millis
}

export interface QuarantineStore {
  put(entry: Quarantined): void
  get(n: number): (Quarantined & { state: QuarantineState }) | undefined
  mark(n: number, state: QuarantineState): void
  /** drops what is older; inside a transaction; at most `rows` */
  purge(before: Millis, rows: number): number
  rolledBack(): void
}

const digestOf = ({ reason, feed, address, arrival }: Quarantined) =>
  hash(
    'sha256',
    Buffer.concat([Buffer.from(`${reason}\n${feed}\n${address}\n${arrival.source}\n${arrival.topic ?? ''}\n`), arrival.bytes]),
    'base64',
  )

export function createQuarantineStore(db: Database, bounds = QUARANTINE_BOUNDS): QuarantineStore {
  const sql = statements(db)
  let held = sql.held.get() as { rows: number; bytes: number }

  function again(digest: string, at: Millis): boolean {
    return sql.again.run(at, digest).changes === 1
  }
  function insert(entry: Quarantined, digest: string) {
    const { bytes, ...rest } = entry.arrival
    const { reason, detail, where, feed, address, id, receivedAt } = entry
    const head = JSON.stringify(rest)
    sql.insert.run(digest, reason, detail, where ?? null, feed, address, id ?? null, head, bytes, entry.length, receivedAt, receivedAt)
    held = { rows: held.rows + 1, bytes: held.bytes + bytes.length }
  }
  function drop(n: number) {
    const row = sql.sender.get(n) as { feed: string; address: string; reason: string; bytes: number } | undefined
    if (!row) return
    sql.drop.run(n)
    held = { rows: held.rows - 1, bytes: held.bytes - row.bytes }
    sql.lose.run(row.feed, row.address, row.reason)
    sql.forgetSender.run(row.feed, row.address, row.reason)
  }
  /** makes room: the sender's own oldest first, then the oldest of all */
  function makeRoom({ feed, address, reason }: Quarantined) {
    const kept = sql.kept.get(feed, address, reason) as number
    if (kept > bounds.perSender) crowdOut(sql.oldestOf.get(feed, address, reason) as number)
    while (held.rows > bounds.rows || held.bytes > bounds.bytes) crowdOut(sql.oldest.get() as number)
  }
  function crowdOut(n: number) {
    drop(n)
    sql.crowdOut.run()
  }

  return {
    put(entry) {
      const digest = digestOf(entry)
      const { feed, address, reason, receivedAt } = entry
      const isNew = !again(digest, receivedAt)
      sql.tally.run(feed, address, reason, isNew ? 1 : 0, receivedAt, receivedAt)
      if (!isNew) return
      insert(entry, digest)
      makeRoom(entry)
    },
    get(n) {
      const row = sql.get.get(n) as StoredRow | undefined
      return row && { ...entryOf(row), state: row.state }
    },
    mark: (n, state) => void sql.mark.run(state, n),
    purge(before, rows) {
      const old = sql.old.all(before, rows) as number[]
      for (const n of old) drop(n)
      return old.length
    },
    rolledBack() {
      held = sql.held.get() as typeof held
    },
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
}

const entryOf = (row: StoredRow): Quarantined => ({
  reason: row.reason,
  detail: row.detail,
  ...(row.place !== null && { where: row.place }),
  feed: row.feed,
  address: row.address,
  ...(row.event_id !== null && { id: row.event_id }),
  arrival: { ...(JSON.parse(row.arrival) as Omit<Arrival, 'bytes'>), bytes: row.bytes },
  length: row.length,
  receivedAt: row.received_at,
})

const SENDER = 'feed = ? AND address = ? AND reason = ?'
const statements = (db: Database) => ({
  held: db.prepare('SELECT count(*) AS rows, coalesce(sum(length(bytes)), 0) AS bytes FROM quarantine'),
  again: db.prepare("UPDATE quarantine SET count = count + 1, last_at = ?, state = 'held' WHERE digest = ?"),
  insert:
    db.prepare(`INSERT INTO quarantine (digest, state, reason, detail, place, feed, address, event_id, arrival, bytes, length, received_at, last_at, count)
    VALUES (?, 'held', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`),
  tally: db.prepare(`INSERT INTO quarantine_sender (feed, address, reason, total, kept, first_at, last_at) VALUES (?, ?, ?, 1, ?, ?, ?)
    ON CONFLICT DO UPDATE SET total = total + 1, kept = kept + excluded.kept, last_at = excluded.last_at`),
  kept: db.prepare(`SELECT kept FROM quarantine_sender WHERE ${SENDER}`).pluck(),
  lose: db.prepare(`UPDATE quarantine_sender SET kept = kept - 1 WHERE ${SENDER}`),
  forgetSender: db.prepare(`DELETE FROM quarantine_sender WHERE ${SENDER} AND kept <= 0`),
  crowdOut: db.prepare('INSERT INTO quarantine_crowded_out (one, count) VALUES (1, 1) ON CONFLICT DO UPDATE SET count = count + 1'),
  oldestOf: db.prepare(`SELECT n FROM quarantine WHERE ${SENDER} ORDER BY n LIMIT 1`).pluck(),
  oldest: db.prepare('SELECT n FROM quarantine ORDER BY n LIMIT 1').pluck(),
  old: db.prepare('SELECT n FROM quarantine WHERE last_at < ? ORDER BY n LIMIT ?').pluck(),
  sender: db.prepare('SELECT feed, address, reason, length(bytes) AS bytes FROM quarantine WHERE n = ?'),
  drop: db.prepare('DELETE FROM quarantine WHERE n = ?'),
  get: db.prepare('SELECT * FROM quarantine WHERE n = ?'),
  mark: db.prepare('UPDATE quarantine SET state = ? WHERE n = ?'),
})
