import type { Arrival, Receipt } from '../../shared/arrival.ts'
import type { Op } from '../../shared/patch.ts'
import type { Problem } from '../../shared/problem.ts'
import type { Millis } from '../../shared/status.ts'
import type { PublicState } from '../../shared/wall.ts'
import type { Retention } from '../store/retention.ts'
import type { Command } from '../work.ts'

export type ClockMode = 'real' | 'manual'

export interface EngineOptions {
  dataDir: string
  /** marks a new database; a database marked otherwise does not open (S1) */
  mode: 'demo' | 'live'
  simulate: boolean
  /** `rate`: domain seconds a real second, 1 unless demo; `start`: domain time of a new database, ms (manual clock; default: now) */
  clock: { mode: ClockMode; rate?: number; start?: Millis }
  /** days */
  retention?: Partial<Retention>
  /** folder of register CSV files that are imported when the store has no places */
  registers?: string
  /** key of the audit chain, kept outside the database */
  auditKey?: Uint8Array
  /** bounds of what waits for a commit (I5) */
  queue?: Partial<QueueBounds>
}
export interface QueueBounds {
  arrivals: number
  bytes: number
}
/** A second or two of work at full speed: who waits longer is better told to come again. */
export const QUEUE: QueueBounds = { arrivals: 10_000, bytes: 16 * 1024 * 1024 }

/** The main thread's view of the one writer. */
export interface Engine {
  /**
   * Resolves after the commit that holds the arrival, with what was judged of it. Rejects with a ProblemError of status 5xx when nothing
   * was kept: the bounded queue is full (I5) or the commit failed; send it again. The bytes must not change before the answer.
   */
  receive(arrival: Arrival): Promise<Receipt>
  /** 0 idle … 1 full: transports that can pause do so above 0.5 */
  readonly pressure: number
  /** Rejects with ProblemError. The same key of the same actor gets the first answer again (D2). */
  command<T = unknown>(command: Command, key?: string): Promise<T>
  /** Called once for each commit that changed what screens show, or the registers; in order. Returns the unsubscriber. */
  onCommit(listener: (committed: Committed) => void): () => void
  /** Called once when the engine thread dies unasked: the process must end. */
  onFailure(listener: (error: Error) => void): () => void
  /** The snapshot at the last commit that was told: already folded, treat as read-only. */
  state(): PublicState
  clock(): ClockView
  /** as of the last real second */
  health(): EngineHealth
  close(): Promise<void>
}

export interface ClockView {
  /** domain time now, ms */
  now: Millis
  rate: number
  mode: ClockMode
}

export interface Committed {
  from: number
  revision: number
  at: Millis
  ops: Op[]
  /** ids of the things that the commit changed */
  changed: { alerts: string[]; incidents: string[]; orders: string[] }
  /** the registers changed: load World anew from the store */
  registers?: true
  /** the register of devices changed, and no other: see `withDevices` */
  devices?: true
  /** the records of the feeds changed: read them anew */
  feeds?: true
  /** the outbox changed; `notices`: ids of the messages that are new in somebody's list */
  out?: { notices: string[] }
}

export interface EngineHealth {
  /** signals stored since the start */
  accepted: number
  duplicates: number
  quarantined: number
  commits: number
  /** commits that failed and were rolled back */
  failed: number
  /** ms, of the last real second: slowest commit, and all of them */
  slowest: number
  busy: number
  /** by detector: how often it threw since the start, and the last message */
  faults: Record<string, { count: number; last: string }>
  /** bytes of the write-ahead log */
  wal: number
  heap: number
  /** ms from the start of the thread to its readiness */
  readyIn: number
}

export type ToEngine =
  | { kind: 'work'; arrivals?: PackedArrivals; commands?: { n: number; command: Command; key?: string }[] }
  | { kind: 'close' }

/** Everything that came in one turn of the main loop: the bytes in one slab, one after another. */
export interface PackedArrivals {
  slab: Uint8Array
  heads: { length: number; rest: Omit<Arrival, 'bytes'> }[]
}

export type FromEngine =
  | { kind: 'ready'; state: PublicState; clock: ClockAnchor; health: EngineHealth }
  | { kind: 'refused'; message: string }
  | {
      kind: 'done'
      /** in the order of the arrivals */
      receipts: Receipt[]
      answers: { n: number; value?: unknown; problem?: Problem }[]
      committed?: Committed
      clock?: ClockAnchor
    }
  | { kind: 'health'; health: EngineHealth; clock: ClockAnchor }
  | { kind: 'closed' }

/** Domain time `at` when the system clock showed `wall`. */
export interface ClockAnchor {
  at: Millis
  wall: number
  rate: number
  mode: ClockMode
}
