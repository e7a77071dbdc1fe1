import type { Database } from 'better-sqlite3'

/** Which of these devices have a signal on record: whatever a stored signal names has its number among the words. */
export function spokenOf(db: Database, deviceIds: readonly string[]): ReadonlySet<string> {
  const word = db.prepare<[string], number>('SELECT 1 FROM word WHERE text = ?').pluck()
  return new Set(deviceIds.filter((id) => word.get(id) !== undefined))
}
