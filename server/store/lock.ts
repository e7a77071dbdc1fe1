import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/**
 * One process owns a DATA_DIR (S2). The lock is the operating system's (an exclusive SQLite transaction on a file of its own), so it ends
 * with the process however that ends; the owner's pid lies beside it for people.
 * @throws Error that says who holds it
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const owner = join(dataDir, 'owner.txt')
  const lock = new Database(join(dataDir, 'lock.db'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    throw new Error(`${dataDir} is in use by another process (${readOwner(owner)}): stop it, or set another DATA_DIR`, { cause: error })
  }
  writeFileSync(owner, `pid ${process.pid}, since ${new Date().toISOString()}\n`)
  return () => lock.close()
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return 'unknown'
  }
}
