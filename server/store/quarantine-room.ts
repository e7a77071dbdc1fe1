import type { Database } from 'better-sqlite3'
import type { Millis } from '../../shared/status.ts'

export interface QuarantineBounds {
  rows: number
  bytes: number
  perSender: number
}
export const QUARANTINE_BOUNDS: QuarantineBounds = { rows: 10_000, bytes: 64 * 1024 * 1024, perSender: 200 }
/** Of the signs of life of one stranger the last few are enough. */
const ROUTINE_PER_SENDER = 5
/** Of senders of whom nothing is kept any more the counts stay: so many at most for each row of the quarantine, looked at now and then. */
const SENDERS = 2
const LOOK_EVERY = { atLeast: 64, share: 0.1 }

interface Sender {
  feed: string
  address: string
  reason: string
}

/** Who has to go when the quarantine is full: all but the last signs of life of the sender, then its oldest, then the oldest of the feed that fills most. */
export function createRoom(db: Database, bounds: QuarantineBounds) {
  const sql = statements(db)
  let held = count()
  let puts = 0
  const lookEvery = Math.max(LOOK_EVERY.atLeast, Math.round(bounds.rows * LOOK_EVERY.share))

  function count() {
    const feeds = new Map((sql.feeds.all() as { feed: string; rows: number }[]).map(({ feed, rows }) => [feed, rows]))
    const { rows, bytes } = sql.held.get() as { rows: number; bytes: number }
    return { rows, bytes, feeds }
  }
  function drop(n: number, crowded = false) {
    const row = sql.row.get(n) as (Sender & { bytes: number; state: string }) | undefined
    if (!row) return false
    sql.drop.run(n)
    held.rows--
    held.bytes -= row.bytes
    const left = held.feeds.get(row.feed)! - 1
    if (left > 0) held.feeds.set(row.feed, left)
    else held.feeds.delete(row.feed)
    sql.lose.run(row.state === 'held' ? 1 : 0, crowded ? 1 : 0, row.feed, row.address, row.reason)
    return true
  }
  function crowdOut(n: number) {
    if (drop(n, true)) sql.crowdOut.run()
  }
  function fullestFeed(): string {
    let fullest = ''
    for (const [feed, rows] of held.feeds) if (rows > (held.feeds.get(fullest) ?? 0)) fullest = feed
    return fullest
  }

  return {
    /** after the row was put */
    makeFor({ feed, address, reason, arrival }: Sender & { arrival: { bytes: Uint8Array } }, routine: boolean) {
      held.rows++
      held.bytes += arrival.bytes.length
      held.feeds.set(feed, (held.feeds.get(feed) ?? 0) + 1)
      if (routine) for (const n of sql.routineOf.all(feed, address, reason, ROUTINE_PER_SENDER) as number[]) drop(n)
      const kept = sql.kept.get(feed, address, reason) as number
      if (kept > bounds.perSender) crowdOut(sql.oldestOf.get(feed, address, reason) as number)
      while (held.rows > bounds.rows || held.bytes > bounds.bytes) crowdOut(sql.oldestOfFeed.get(fullestFeed()) as number)
      if (++puts % lookEvery === 0) sql.forgetOldest.run(Math.max(0, (sql.senders.get() as number) - bounds.rows * SENDERS))
    },
    purge(before: Millis, rows: number): number {
      const old = sql.old.all(before, rows) as number[]
      for (const n of old) drop(n)
      sql.forgetSenders.run(before)
      return old.length
    },
    recount() {
      held = count()
    },
  }
}

const SENDER = 'feed = ? AND address = ? AND reason = ?'
const statements = (db: Database) => ({
  held: db.prepare('SELECT count(*) AS rows, coalesce(sum(length(bytes)), 0) AS bytes FROM quarantine'),
  feeds: db.prepare('SELECT feed, count(*) AS rows FROM quarantine GROUP BY feed'),
  row: db.prepare('SELECT feed, address, reason, state, length(bytes) AS bytes FROM quarantine WHERE n = ?'),
  drop: db.prepare('DELETE FROM quarantine WHERE n = ?'),
  kept: db.prepare(`SELECT kept FROM quarantine_sender WHERE ${SENDER}`).pluck(),
  lose: db.prepare(`UPDATE quarantine_sender SET kept = kept - 1, held = held - ?, lost = lost + ? WHERE ${SENDER}`),
  crowdOut: db.prepare('INSERT INTO quarantine_crowded_out (one, count) VALUES (1, 1) ON CONFLICT DO UPDATE SET count = count + 1'),
  routineOf: db.prepare(`SELECT n FROM quarantine WHERE ${SENDER} AND routine = 1 ORDER BY n DESC LIMIT -1 OFFSET ?`).pluck(),
  oldestOf: db.prepare(`SELECT n FROM quarantine WHERE ${SENDER} ORDER BY n LIMIT 1`).pluck(),
  oldestOfFeed: db.prepare('SELECT n FROM quarantine WHERE feed = ? ORDER BY n LIMIT 1').pluck(),
  old: db.prepare("SELECT n FROM quarantine WHERE last_at < ? AND (state <> 'held' OR seen = 1) ORDER BY n LIMIT ?").pluck(),
  senders: db.prepare('SELECT count(*) FROM quarantine_sender').pluck(),
  forgetOldest: db.prepare(`DELETE FROM quarantine_sender WHERE (feed, address, reason) IN
    (SELECT feed, address, reason FROM quarantine_sender WHERE kept <= 0 ORDER BY last_at LIMIT ?)`),
  forgetSenders: db.prepare('DELETE FROM quarantine_sender WHERE kept <= 0 AND last_at < ?'),
})
