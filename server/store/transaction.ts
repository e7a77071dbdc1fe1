import type { Database } from 'better-sqlite3'

/** Runs something as one transaction on the writing connection: commits, or rolls back and throws. */
export function transactions(db: Database): (run: () => void) => void {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  return (run) => {
    begin.run()
    try {
      run()
      commit.run()
    } catch (error) {
      if (db.inTransaction) rollback.run()
      throw error
    }
  }
}

/** A place inside the open transaction to come back to. */
export function savepoint(db: Database, name: string) {
  const begin = db.prepare(`SAVEPOINT ${name}`)
  const release = db.prepare(`RELEASE ${name}`)
  const back = db.prepare(`ROLLBACK TO ${name}`)
  return {
    begin: () => void begin.run(),
    keep: () => void release.run(),
    undo() {
      back.run()
      release.run()
    },
  }
}
