import type { Database } from 'better-sqlite3'
import type { Millis } from '../../shared/status.ts'
import type { Audit } from './audit.ts'
import type { Idempotency } from './idempotency.ts'
import type { Journal } from './journal.ts'
import { pruneLoop } from './loop.ts'
import { purgeOutbox } from './outbox.ts'
import type { Ticks } from './ticks.ts'

/** Days that each sort of record is kept (S2). */
export interface Retention {
  passages: number
  signals: number
  quarantine: number
  incidents: number
  audit: number
  /** patches of the wall, to go back in time */
  journal: number
  idempotency: number
  photos: number
}
export const RETENTION: Retention = {
  passages: 30,
  signals: 90,
  quarantine: 30,
  incidents: 1096,
  audit: 1096,
  journal: 2,
  idempotency: 7,
  photos: 30,
}
export const DAY = 86_400_000

/** One thing that ages. It deletes at most about `rows` and says how many; each call is a transaction of its own. */
export interface Broom {
  name: string
  sweep(now: Millis, wall: Millis, rows: number): number
}

export interface Ageing {
  audit: Audit
  journal: Journal
  ticks: Ticks
  idempotency: Idempotency
}

/** Matters and records of this file; other stores bring brooms of their own. */
export function createBrooms(db: Database, keep: Retention, stores: Ageing): Broom[] {
  return [
    { name: 'journal', sweep: (_now, wall, rows) => stores.journal.prune(wall - keep.journal * DAY, rows) },
    { name: 'idempotency', sweep: (_now, wall, rows) => stores.idempotency.prune(wall - keep.idempotency * DAY, rows) },
    { name: 'ticks', sweep: (now, _wall, rows) => stores.ticks.prune(now - keep.signals * DAY, rows) },
    { name: 'outbox', sweep: (now, _wall, rows) => purgeOutbox(db, now, rows) },
    { name: 'matters', sweep: (now, _wall, rows) => purgeMatters(db, now - keep.incidents * DAY, rows) },
    { name: 'loop', sweep: (now, _wall, rows) => pruneLoop(db, now - keep.incidents * DAY, rows) },
    { name: 'audit', sweep: (now) => stores.audit.purgeBefore(now - keep.audit * DAY) },
  ]
}

function purgeMatters(db: Database, before: Millis, rows: number): number {
  const drop = (name: string) =>
    db
      .prepare(`DELETE FROM ${name} WHERE n IN (SELECT n FROM ${name} WHERE open = 0 AND ended_at < ? LIMIT ?)`)
      .run(Math.trunc(before), rows).changes
  return drop('orders') + drop('alerts') + drop('reports') + drop('incidents')
}

/** Rows that one slice deletes: some 5 ms. */
const SLICE = 500

export interface Sweeper {
  /** one slice of whatever is next; true while there is more to do */
  step(now: Millis, wall: Millis): boolean
}

/** Takes the brooms in turn, slice by slice, and rests when each found nothing. A broom that fails is left for the next round. */
export function createSweeper(db: Database, brooms: readonly Broom[], onFault: (name: string, error: unknown) => void): Sweeper {
  let turn = 0
  return {
    step(now, wall) {
      const broom = brooms[turn]!
      try {
        const gone = db.transaction(() => broom.sweep(now, wall, SLICE))()
        if (gone > 0) return true
      } catch (error) {
        onFault(`retention.${broom.name}`, error)
      }
      turn = (turn + 1) % brooms.length
      return turn !== 0
    },
  }
}
