import type { Database } from 'better-sqlite3'
import type { Millis } from '../../shared/status.ts'

/** A tick and the last signal before it: what a replay needs to run ticks and signals in the order of their commits. */
export const TICKS_TABLES = `
CREATE TABLE IF NOT EXISTS ticks (
  n INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT;
`

export interface Tick {
  n: number
  /** domain time, ms */
  at: Millis
  /** number of the last signal stored before the tick */
  seq: number
}

export interface Ticks {
  append(at: Millis, seq: number): Tick
  after(n: number): Tick[]
  last(): Tick | undefined
  /** at most `limit` rows, says how many went */
  prune(before: Millis, limit: number): number
}

export function createTicks(db: Database): Ticks {
  const insert = db.prepare('INSERT INTO ticks (n, at, seq) VALUES (?, ?, ?)')
  const after = db.prepare<[number], Tick>('SELECT * FROM ticks WHERE n > ? ORDER BY n')
  const last = db.prepare<[], Tick>('SELECT * FROM ticks ORDER BY n DESC LIMIT 1')
  const prune = db.prepare('DELETE FROM ticks WHERE n IN (SELECT n FROM ticks ORDER BY n LIMIT ?) AND at < ?')
  let n = last.get()?.n ?? 0
  return {
    append(at, seq) {
      n += 1
      insert.run(n, Math.trunc(at), seq)
      return { n, at: Math.trunc(at), seq }
    },
    after: (from) => after.all(from),
    last: () => last.get(),
    prune: (before, limit) => prune.run(limit, Math.trunc(before)).changes,
  }
}
