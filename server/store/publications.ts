import type { Database } from 'better-sqlite3'
import type { Publication } from '../../shared/publication.ts'
import { numberOf } from './id-number.ts'

/** One document each; the columns are what lists ask for. */
export const PUBLICATION_TABLES = `
CREATE TABLE IF NOT EXISTS publications (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  place TEXT NOT NULL,
  until INTEGER,
  doc TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS publications_state ON publications (state, n);
`

export interface PublicationStore {
  get(id: string): Publication | undefined
  put(publication: Publication): void
}

export function createPublicationStore(db: Database): PublicationStore {
  const write = db.prepare('INSERT OR REPLACE INTO publications (n, id, state, kind, place, until, doc) VALUES (?, ?, ?, ?, ?, ?, ?)')
  return {
    get: (id) => readPublication(db, id),
    put(publication) {
      const { id, state, kind, placeId, until } = publication
      write.run(numberOf(id), id, state, kind, placeId, until, JSON.stringify(publication))
    },
  }
}

const parse = (doc: unknown) => JSON.parse(doc as string) as Publication

export function readPublication(db: Database, id: string): Publication | undefined {
  const doc = db.prepare<[string], string>('SELECT doc FROM publications WHERE id = ?').pluck().get(id)
  return doc === undefined ? undefined : parse(doc)
}

/** Newest first. A community publishes a few a day, so whoever reads them filters what concerns them. */
export const readPublications = (db: Database, state: Publication['state'] | undefined, most: number): Publication[] =>
  db
    .prepare('SELECT doc FROM publications WHERE ? IS NULL OR state = ? ORDER BY n DESC LIMIT ?')
    .pluck()
    .all(state ?? null, state ?? null, most)
    .map(parse)
