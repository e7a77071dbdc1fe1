import type { Database } from 'better-sqlite3'

export const SETTINGS_TABLES = `
CREATE TABLE IF NOT EXISTS settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`

export interface Settings {
  /** JSON of whatever was set, undefined when nothing was */
  get<T>(name: string): T | undefined
  set(name: string, value: unknown): void
}

export const readSetting = <T>(db: Database, name: string): T | undefined => {
  const value = db.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck().get(name)
  return value === undefined ? undefined : (JSON.parse(value as string) as T)
}

/** Small facts of the installation: its marker, the clock, counters, cursors. */
export function createSettings(db: Database): Settings {
  const read = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE name = ?')
  const write = db.prepare('INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
  return {
    get<T>(name: string) {
      const row = read.get(name)
      return row && (JSON.parse(row.value) as T)
    },
    set: (name, value) => void write.run(name, JSON.stringify(value)),
  }
}
