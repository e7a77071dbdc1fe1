import type { Database } from 'better-sqlite3'
import type { Millis } from '../../shared/status.ts'
import { SEGMENT } from './signals.ts'

/** Domain time before which rows go (S2): passages sooner than the rest. */
export interface PurgeLimits {
  passages: Millis
  others: Millis
}

const PASSAGES_GONE = 1
const ALL_GONE = 2

/**
 * Deletes at most `rows` old signals, segment by segment; inside a transaction. Call again while it answers more than 0.
 * Nothing is scanned: a closed segment knows the receipt of its last signal.
 */
export function purgeSignals(db: Database, limits: PurgeLimits, rows: number): number {
  const segment = db.prepare('SELECT n FROM signal_segment WHERE last_at < ? AND purged < ? ORDER BY n LIMIT 1').pluck()
  const old = segment.get(limits.others, ALL_GONE) as number | undefined
  if (old !== undefined) return deleteSlice(db, old, rows, '', ALL_GONE)
  const passages = segment.get(limits.passages, PASSAGES_GONE) as number | undefined
  if (passages !== undefined) return deleteSlice(db, passages, rows, PASSAGES, PASSAGES_GONE)
  return purgeOpen(db, limits, rows)
}

const PASSAGES = "AND type = (SELECT n FROM word WHERE text = 'linwang.passage')"

/** Where little is said a segment stays open for months. */
function purgeOpen(db: Database, limits: PurgeLimits, rows: number): number {
  const closed = db.prepare('SELECT max(n) FROM signal_segment').pluck().get() as number | null
  const from = closed === null ? 0 : (closed + 1) * SEGMENT
  const oldest = db.prepare('SELECT received_at FROM signal WHERE seq >= ? ORDER BY seq LIMIT 1').pluck().get(from) as number | undefined
  if (oldest === undefined || oldest >= limits.passages) return 0
  const old = `received_at < ? OR (received_at < ? ${PASSAGES})`
  const sql = `DELETE FROM signal WHERE seq IN (SELECT seq FROM signal WHERE seq >= ? AND (${old}) ORDER BY seq LIMIT ?)`
  return db.prepare(sql).run(from, limits.others, limits.passages, rows).changes
}

function deleteSlice(db: Database, n: number, rows: number, only: string, done: number): number {
  const from = n * SEGMENT
  const sql = `DELETE FROM signal WHERE seq IN (SELECT seq FROM signal WHERE seq >= ? AND seq < ? ${only} ORDER BY seq LIMIT ?)`
  const { changes } = db.prepare(sql).run(from, from + SEGMENT, rows)
  if (changes === rows) return changes
  db.prepare('UPDATE signal_segment SET purged = ? WHERE n = ?').run(done, n)
  if (done === ALL_GONE) db.prepare('DELETE FROM signal_device WHERE segment = ?').run(n)
  return changes + 1
}
