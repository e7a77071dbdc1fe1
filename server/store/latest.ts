import type { Database } from 'better-sqlite3'
import type { Millis } from '../../shared/status.ts'

/** The latest domain time that anything on record bears, 0 when nothing is: the clock never goes back behind it. */
export function latestTime(db: Database): Millis {
  const latest = db
    .prepare<[], { at: number }>(
      `SELECT max(
        coalesce((SELECT at FROM ticks ORDER BY n DESC LIMIT 1), 0),
        coalesce((SELECT received_at FROM signal ORDER BY seq DESC LIMIT 1), 0),
        coalesce((SELECT at FROM journal ORDER BY revision DESC LIMIT 1), 0)) AS at`,
    )
    .get()
  return latest?.at ?? 0
}
