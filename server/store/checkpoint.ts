import type { Database } from 'better-sqlite3'

/** What the stages remember beside the things: one JSON value per (part, key), and the cursor up to which it was worked out (A1). */
export const CHECKPOINT_TABLES = `
CREATE TABLE IF NOT EXISTS checkpoint (
  part TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (part, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint_cursor (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL,
  tick INTEGER NOT NULL
) STRICT;
`

/** The last signal and the last tick that the saved values know of. */
export interface Cursor {
  seq: number
  tick: number
}
/** `value` undefined: forget the key. */
export interface Memory {
  part: string
  key: string
  value: unknown
}

export interface Checkpoint {
  save(memories: Iterable<Memory>, cursor: Cursor): void
  load(): { memories: Memory[]; cursor: Cursor }
}

export function createCheckpoint(db: Database): Checkpoint {
  const put = db.prepare('INSERT OR REPLACE INTO checkpoint (part, key, value) VALUES (?, ?, ?)')
  const drop = db.prepare('DELETE FROM checkpoint WHERE part = ? AND key = ?')
  const move = db.prepare('INSERT OR REPLACE INTO checkpoint_cursor (one, seq, tick) VALUES (1, ?, ?)')
  const all = db.prepare<[], { part: string; key: string; value: string }>('SELECT part, key, value FROM checkpoint')
  const cursor = db.prepare<[], Cursor>('SELECT seq, tick FROM checkpoint_cursor')
  return {
    save(memories, { seq, tick }) {
      for (const { part, key, value } of memories) {
        if (value === undefined) drop.run(part, key)
        else put.run(part, key, JSON.stringify(value))
      }
      move.run(seq, tick)
    },
    load: () => ({
      memories: all.all().map((row) => ({ ...row, value: JSON.parse(row.value) as unknown })),
      cursor: cursor.get() ?? { seq: 0, tick: 0 },
    }),
  }
}
