import type { Notice } from './message.ts'
import type { Patch } from './patch.ts'
import type { Problem } from './problem.ts'
import type { Millis } from './status.ts'
import type { WallState } from './wall.ts'

/** The live protocol, Socket.IO namespace `/live`. */
export interface ClientToServer {
  /** `basis` is the word of the last snapshot: what its revision counts (database, role, scope); another one gets a snapshot. */
  watch(request: { scope?: string; revision?: number; basis?: string }): void
}
export interface ServerToClient {
  snapshot(message: Snapshot): void
  patch(message: Patch): void
  /** every second; `at` is domain time now, ms; `sent` is real time, ms */
  beat(message: Beat): void
  /** for the person who is signed in; what was missed is at GET /api/notifications */
  notice(notice: Notice): void
  /** said before the server hangs up */
  problem(problem: Problem): void
}
export interface Snapshot {
  revision: number
  at: Millis
  state: WallState
  basis?: string
}
export interface Beat {
  revision: number
  at: Millis
  sent: number
  /** domain seconds that pass in one real second; 0: the clock is stepped by hand */
  rate?: number
}
export type { Patch }

/** Real milliseconds. */
export const BEAT_EVERY = 1_000
export const STALE_AFTER = 3_000
export const RETRY_WITHIN = 500
export const PATCHES_PER_SECOND = 20
export const KEEP_PATCHES_FOR = 10 * 60_000
export const KEYFRAME_EVERY = 5 * 60_000
export const WINDOW = 200
