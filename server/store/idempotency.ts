import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { unprocessable } from '../../shared/problem.ts'
import type { Command } from '../work.ts'

/** The first answer to a command with a key, by its sender. `at` is real time, ms. */
export const IDEMPOTENCY_TABLES = `
CREATE TABLE IF NOT EXISTS idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  asked TEXT NOT NULL,
  answer TEXT NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idempotency_at ON idempotency (at);
`

export interface Idempotency {
  /** @throws ProblemError 422 when the key was used for another command */
  find(command: Command, key: string): { answer: unknown } | undefined
  keep(command: Command, key: string, answer: unknown, wall: number): void
  /** at most `limit` rows, says how many went */
  prune(beforeWall: number, limit: number): number
}

const ask = ({ name, target, version, body }: Command) =>
  createHash('sha256')
    .update(JSON.stringify([name, target, version, body]))
    .digest('base64url')

export function createIdempotency(db: Database): Idempotency {
  const read = db.prepare<[string, string], { asked: string; answer: string }>(
    'SELECT asked, answer FROM idempotency WHERE actor = ? AND key = ?',
  )
  const write = db.prepare('INSERT INTO idempotency (actor, key, at, asked, answer) VALUES (?, ?, ?, ?, ?)')
  const drop = db.prepare(
    'DELETE FROM idempotency WHERE (actor, key) IN (SELECT actor, key FROM idempotency WHERE at < ? ORDER BY at LIMIT ?)',
  )
  return {
    find(command, key) {
      const row = read.get(command.actor.id, key)
      if (!row) return undefined
      if (row.asked !== ask(command)) throw unprocessable('This Idempotency-Key was used for another command', reuse)
      return { answer: (JSON.parse(row.answer) as { value?: unknown }).value }
    },
    keep: (command, key, answer, wall) => void write.run(command.actor.id, key, wall, ask(command), JSON.stringify({ value: answer })),
    prune: (beforeWall, limit) => drop.run(beforeWall, limit).changes,
  }
}

const reuse = {
  errors: [{ field: 'Idempotency-Key', detail: 'used before with another body', fix: 'make a new key for each new command' }],
}
