import type { Database } from 'better-sqlite3'

/** Adds what a table of an earlier version lacks; says which columns are new. Names and types are ours, never a user's. */
export function addColumns(db: Database, table: string, columns: Readonly<Record<string, string>>): string[] {
  const there = new Set((db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name))
  const missing = Object.entries(columns).filter(([name]) => !there.has(name))
  for (const [name, type] of missing) db.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`)
  return missing.map(([name]) => name)
}
