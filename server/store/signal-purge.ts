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
  const only = "AND type = (SELECT n FROM word WHERE text = 'linwang.passage')"
  return passages === undefined ? 0 : deleteSlice(db, passages, rows, only, PASSAGES_GONE)
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
