import type { Database } from 'better-sqlite3'
import type { Photo, PhotoBook } from '../../shared/photo.ts'
import { unprocessable } from '../../shared/problem.ts'
import { numberOf } from './id-number.ts'
import type { Broom } from './retention.ts'

/** Rows of the pictures; `place` is the place of the subject, for whoever asks to see one. `stored`: the file is on the disk. */
export const PHOTO_TABLES = `
CREATE TABLE IF NOT EXISTS photos (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  subject TEXT,
  place TEXT,
  incident TEXT,
  gone_at INTEGER,
  stored INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX IF NOT EXISTS photos_hash ON photos (hash) WHERE stored = 1;
CREATE INDEX IF NOT EXISTS photos_at ON photos (at) WHERE gone_at IS NULL;
`

interface PhotoRow {
  id: string
  hash: string
  bytes: number
  width: number
  height: number
  at: number
  by: string
  subject: string | null
  place: string | null
  gone_at: number | null
}

export interface PhotoStore extends PhotoBook {
  add(photo: Photo): void
}

export function createPhotoStore(db: Database): PhotoStore {
  const add = db.prepare('INSERT INTO photos (n, id, hash, bytes, width, height, at, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const attach = db.prepare('UPDATE photos SET subject = ?, place = ?, incident = ? WHERE id = ?')
  return {
    add: ({ id, hash, bytes, width, height, at, by }) => void add.run(numberOf(id), id, hash, bytes, width, height, Math.trunc(at), by),
    attach(ids, subject, by) {
      for (const [n, id] of ids.entries()) {
        const row = find(db, id)
        const wrong = !row || row.by !== by ? 'is not a picture of yours' : row.gone_at !== null ? 'is gone' : takenBy(row, subject.id)
        if (wrong)
          throw unprocessable(`${id} ${wrong}.`, { errors: [{ field: `photos.${n}`, detail: wrong, fix: 'send the picture again' }] })
        attach.run(subject.id, subject.placeId, subject.incidentId ?? null, id)
      }
    },
  }
}

const takenBy = ({ subject }: PhotoRow, id: string) => (subject !== null && subject !== id ? `belongs to ${subject} already` : undefined)

const find = (db: Database, id: string) => db.prepare<[string], PhotoRow>('SELECT * FROM photos WHERE id = ?').get(id)

export type StoredPhoto = Photo & { placeId?: string }

export function readPhoto(db: Database, id: string): StoredPhoto | undefined {
  const row = find(db, id)
  if (!row) return undefined
  const { hash, bytes, width, height, at, by, subject, place, gone_at: goneAt } = row
  return {
    ...{ id, hash, bytes, width, height, at, by },
    ...(subject !== null && { subject }),
    ...(place !== null && { placeId: place }),
    ...(goneAt !== null && { goneAt }),
  }
}

const DAY = 86_400_000

/** What nobody took up within a day, and what is older than its days and of no open incident. The file goes with the next round, after the commit. */
export function photoBroom(db: Database, days: number, remove: (hash: string) => void): Broom {
  const expire = db.prepare(`UPDATE photos SET gone_at = ? WHERE n IN (
    SELECT n FROM photos WHERE gone_at IS NULL AND (
      (subject IS NULL AND at < ?) OR
      (at < ? AND NOT EXISTS (SELECT 1 FROM incidents WHERE incidents.id = photos.incident AND incidents.open = 1))) LIMIT ?)`)
  const gone = db.prepare<
    [number],
    { hash: string }
  >(`SELECT DISTINCT hash FROM photos WHERE stored = 1 AND gone_at IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM photos other WHERE other.hash = photos.hash AND other.gone_at IS NULL) LIMIT ?`)
  const forget = db.prepare('UPDATE photos SET stored = 0 WHERE hash = ? AND gone_at IS NOT NULL')
  return {
    name: 'photos',
    sweep(now, _wall, rows) {
      const files = gone.all(rows)
      for (const { hash } of files) {
        remove(hash)
        forget.run(hash)
      }
      const at = Math.trunc(now)
      return files.length + expire.run(at, at - DAY, at - days * DAY, rows).changes
    },
  }
}
