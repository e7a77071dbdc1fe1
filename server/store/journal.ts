import type { Database } from 'better-sqlite3'
import type { Patch } from '../../shared/patch.ts'
import { applyPatch, emptyState } from '../../shared/patch.ts'
import type { PublicState } from '../../shared/wall.ts'

/** `at` is domain time, `wall` real time: patches are kept by real age. Ids and public fields only (P1). */
export const JOURNAL_TABLES = `
CREATE TABLE IF NOT EXISTS journal (
  revision INTEGER PRIMARY KEY,
  before INTEGER NOT NULL,
  at INTEGER NOT NULL,
  wall INTEGER NOT NULL,
  ops TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS keyframes (
  revision INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  wall INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;
`

interface Row {
  revision: number
  before: number
  at: number
  ops: string
}
const toPatch = (row: Row): Patch => ({ from: row.before, to: row.revision, at: row.at, ops: JSON.parse(row.ops) })

export interface Journal {
  append(patch: Patch, wall: number): void
  keyframe(state: PublicState, wall: number): void
  /** real time of the last keyframe, ms */
  keyframeAt(): number
  /** drops patches older than `wall` but never the last keyframe or what follows it; at most `limit` rows, says how many went */
  prune(wall: number, limit: number): number
}

export function createJournal(db: Database): Journal {
  const insert = db.prepare('INSERT INTO journal (revision, before, at, wall, ops) VALUES (?, ?, ?, ?, ?)')
  const frame = db.prepare('INSERT OR REPLACE INTO keyframes (revision, at, wall, state) VALUES (?, ?, ?, ?)')
  const lastFrame = db.prepare<[], { revision: number; wall: number }>(
    'SELECT revision, wall FROM keyframes ORDER BY revision DESC LIMIT 1',
  )
  const base = db.prepare<[number], { revision: number }>('SELECT revision FROM keyframes WHERE wall <= ? ORDER BY revision DESC LIMIT 1')
  const dropPatches = db.prepare('DELETE FROM journal WHERE revision IN (SELECT revision FROM journal WHERE revision <= ? LIMIT ?)')
  const dropFrames = db.prepare('DELETE FROM keyframes WHERE revision < ?')
  return {
    append: (patch, wall) => void insert.run(patch.to, patch.from, Math.trunc(patch.at), wall, JSON.stringify(patch.ops)),
    keyframe: (state, wall) => void frame.run(state.revision, Math.trunc(state.at), wall, JSON.stringify(state)),
    keyframeAt: () => lastFrame.get()?.wall ?? 0,
    prune(wall, limit) {
      const oldest = base.get(wall)
      if (!oldest) return 0
      const gone = dropPatches.run(oldest.revision, limit).changes
      if (gone < limit) dropFrames.run(oldest.revision)
      return gone
    },
  }
}

/**
 * What a client at that revision missed, oldest first; undefined when it is no longer kept or never was: send a snapshot (P2).
 * A revision inside a patch is served from that patch on: values are absolute.
 */
export function patchesSince(db: Database, revision: number, limit = 10_000): Patch[] | undefined {
  const last = lastRevision(db)
  if (revision === last) return []
  if (revision > last) return undefined
  const rows = db
    .prepare<[number, number], Row>('SELECT * FROM journal WHERE revision > ? ORDER BY revision LIMIT ?')
    .all(revision, limit + 1)
  if (rows.length === 0 || rows.length > limit || rows[0]!.before > revision) return undefined
  return rows.map(toPatch)
}

export const lastRevision = (db: Database): number =>
  db
    .prepare<[], { revision: number | null }>(
      'SELECT max(coalesce((SELECT max(revision) FROM journal), 0), coalesce((SELECT max(revision) FROM keyframes), 0)) AS revision',
    )
    .get()!.revision ?? 0

/** The state at a revision (default: the last), folded from the keyframe before it; undefined when the journal does not reach back. */
export function stateAt(db: Database, revision = Number.MAX_SAFE_INTEGER): PublicState | undefined {
  const key = db
    .prepare<[number], { revision: number; state: string }>('SELECT * FROM keyframes WHERE revision <= ? ORDER BY revision DESC LIMIT 1')
    .get(revision)
  const from = key?.revision ?? 0
  const rows = db
    .prepare<[number, number], Row>('SELECT * FROM journal WHERE revision > ? AND revision <= ? ORDER BY revision')
    .all(from, revision)
  if (!key && rows[0]?.before !== 0) return undefined
  return rows.map(toPatch).reduce(applyPatch, key ? (JSON.parse(key.state) as PublicState) : emptyState())
}
