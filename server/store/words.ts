import type { Database } from 'better-sqlite3'

export const WORD_TABLES = `
CREATE TABLE IF NOT EXISTS word (n INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
`

/** Small numbers for the texts that repeat in every row: ids of feeds, devices and places, types. */
export interface Words {
  of(text: string): number
  committed(): void
  /** forgets the numbers that the failed transaction gave */
  rolledBack(): void
}

export function createWords(db: Database): Words {
  const put = db.prepare('INSERT INTO word (text) VALUES (?)')
  const known = new Map<string, number>()
  let fresh: string[] = []
  for (const row of db.prepare('SELECT n, text FROM word').all() as { n: number; text: string }[]) known.set(row.text, row.n)
  return {
    of(text) {
      const n = known.get(text)
      if (n !== undefined) return n
      const given = Number(put.run(text).lastInsertRowid)
      known.set(text, given)
      fresh.push(text)
      return given
    },
    committed() {
      fresh = []
    },
    rolledBack() {
      for (const text of fresh) known.delete(text)
      fresh = []
    },
  }
}
