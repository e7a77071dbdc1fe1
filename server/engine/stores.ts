import type { PublicState } from '../../shared/wall.ts'
import { loadSecrets } from '../access/secrets.ts'
import { type Audit, createAudit } from '../store/audit.ts'
import { type Checkpoint, createCheckpoint } from '../store/checkpoint.ts'
import { createIdempotency, type Idempotency } from '../store/idempotency.ts'
import { createJournal, type Journal } from '../store/journal.ts'
import type { Db } from '../store/open.ts'
import { createSettings, type Settings } from '../store/settings.ts'
import { createTicks, type Ticks } from '../store/ticks.ts'
import { transactions } from '../store/transaction.ts'

/** The engine's own tables, over the one writing connection. */
export interface Stores {
  settings: Settings
  audit: Audit
  journal: Journal
  ticks: Ticks
  checkpoint: Checkpoint
  idempotency: Idempotency
  /** commits, or rolls back and throws */
  transaction(run: () => void): void
  keyframe(state: PublicState, wall: number): void
  /** real time of the last keyframe */
  keyframeAt(): number
}

export function openStores(db: Db, dataDir: string, auditKey?: Uint8Array): Stores {
  const journal = createJournal(db)
  let keyframeAt = journal.keyframeAt()
  return {
    settings: createSettings(db),
    audit: createAudit(db, auditKey ?? loadSecrets(dataDir).auditKey),
    journal,
    ticks: createTicks(db),
    checkpoint: createCheckpoint(db),
    idempotency: createIdempotency(db),
    transaction: transactions(db),
    keyframe(state, wall) {
      journal.keyframe(state, wall)
      keyframeAt = wall
    },
    keyframeAt: () => keyframeAt,
  }
}
