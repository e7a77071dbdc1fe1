import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { MIGRATIONS, SCHEMA } from './schema.ts'
import { createSettings } from './settings.ts'

export type Db = Database.Database

const fileOf = (dataDir: string) => join(dataDir, 'linwang.db')

/** Pages of 4 KiB that the log may grow to before a commit also writes them into the database: 16 MiB, a stall of some 50 ms. */
const CHECKPOINT_PAGES = 4_000
/** ms that a commit waits for a lock of somebody else, such as a tool for backups; then its senders are told to try again */
const FOREIGN_LOCK = 2_000
const CACHE_KIB = 24 * 1024

/**
 * The writer's connection; creates what is missing. A commit returns after fsync (I1).
 * @throws Error when the database is marked for the other mode (S1)
 */
export function openStore(dataDir: string, mode: 'demo' | 'live'): Db {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const db = new Database(fileOf(dataDir), { timeout: FOREIGN_LOCK })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma(`cache_size = -${CACHE_KIB}`)
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    db.pragma('journal_size_limit = 67108864')
    db.pragma('temp_store = MEMORY')
    db.transaction(() => {
      db.exec(SCHEMA.join('\n'))
      for (const migrate of MIGRATIONS) migrate(db)
      checkMarker(db, mode)
    })()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** A read-only connection for lists; sees every commit that was told. The store must exist. */
export function openReader(dataDir: string): Db {
  const db = new Database(fileOf(dataDir), { readonly: true, fileMustExist: true })
  db.pragma('cache_size = -8192')
  return db
}

function checkMarker(db: Db, mode: 'demo' | 'live') {
  const settings = createSettings(db)
  const marked = settings.get<string>('mode')
  if (marked === undefined) settings.set('mode', mode)
  else if (marked !== mode)
    throw new Error(`This is a ${marked} database and does not open in ${mode} mode: set MODE=${marked}, or another DATA_DIR`)
}
