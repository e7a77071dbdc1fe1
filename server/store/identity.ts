import { hash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { Millis } from '../../shared/status.ts'
import { createHotTable, type HotTable } from './identity-hot.ts'
import { openRuns, RUN_TABLES } from './identity-runs.ts'

/**
 * Which (feed, id) pairs were stored (I2), apart from the rows: a log-structured index of 64-bit hashes.
 * Random ids never touch a B-tree: recent hashes are in memory and logged one row a commit, older ones lie in sorted runs.
 * Two ids of 100 million share a hash with a chance of 1 in 3,700.
 */
export interface Identity {
  /** true when the pair was never seen; it then counts as seen, from now on or until `rolledBack` */
  claim(feed: string, id: string): boolean
  /** logs what was claimed; inside the transaction, before its COMMIT */
  write(now: Millis): void
  committed(): void
  rolledBack(): void
  /** drops what is older than the signals that are kept; inside a transaction */
  forget(before: Millis): number
  stats(): { hot: number; runs: number }
}

export const IDENTITY_TABLES = `
CREATE TABLE IF NOT EXISTS identity_log (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, hashes BLOB NOT NULL) STRICT;
${RUN_TABLES}`

/** Hashes in memory before they become a run: 262,144 are sorted in 13 ms. */
export const HOT_LIMIT = 1 << 18

/** eight bytes of SHA-1 as two words: the digest comes as a latin1 string, ten times as fast as a Buffer */
const wordAt = (digest: string, at: number) =>
  ((digest.charCodeAt(at) << 24) | (digest.charCodeAt(at + 1) << 16) | (digest.charCodeAt(at + 2) << 8) | digest.charCodeAt(at + 3)) >>> 0

export function openIdentity(db: Database, hotLimit = HOT_LIMIT): Identity {
  const runs = openRuns(db, hotLimit)
  const capacity = 2 ** Math.ceil(Math.log2(hotLimit * 2))
  let hot = createHotTable(capacity)
  /** the table that became a run in the open transaction */
  let previous: HotTable | undefined
  const log = db.prepare('INSERT INTO identity_log (n, at, hashes) VALUES (?, ?, ?)')
  const clearLog = db.prepare('DELETE FROM identity_log')
  const logged = db.prepare('SELECT n, hashes FROM identity_log ORDER BY n')
  let next = 1
  for (const row of logged.iterate() as IterableIterator<{ n: number; hashes: Buffer }>) {
    for (let i = 0; i < row.hashes.length; i += 8) hot.add(row.hashes.readUInt32LE(i + 4), row.hashes.readUInt32LE(i))
    next = row.n + 1
  }
  hot.settle()

  /** a long transaction makes one run at most: the next write goes on */
  function turnIntoRun(now: Millis) {
    runs.add(hot.sorted(), now)
    clearLog.run()
    previous = hot
    hot = createHotTable(capacity)
  }
  let written = 0

  return {
    claim(feed, id) {
      const digest = hash('sha1', `${feed}\n${id}`, 'binary')
      const high = wordAt(digest, 0)
      const low = wordAt(digest, 4) || 1
      if (hot.has(high, low) || previous?.has(high, low) || runs.has(high, low)) return false
      return hot.add(high, low)
    },
    write(now) {
      const added = hot.added().subarray(written * 2)
      if (added.length === 0) return
      log.run(next++, now, new Uint8Array(added.buffer, added.byteOffset, added.byteLength))
      written += added.length / 2
      if (hot.size < hotLimit || previous) return
      turnIntoRun(now)
      written = 0
    },
    committed() {
      previous = undefined
      written = 0
      hot.settle()
    },
    rolledBack() {
      if (previous) {
        hot = previous
        runs.dropLast()
      }
      previous = undefined
      written = 0
      hot.undo()
    },
    forget: (before) => runs.forget(before),
    stats: () => ({ hot: hot.size, runs: runs.count() }),
  }
}
