import type { Op } from './patch.ts'
import type { Millis } from './status.ts'
import type { WallState } from './wall.ts'

/** The live protocol, Socket.IO namespace `/live`. */
export interface ClientToServer {
  watch(request: { scope?: string; revision?: number }): void
}
export interface ServerToClient {
  snapshot(message: { revision: number; at: Millis; state: WallState }): void
  patch(message: Patch): void
  /** every second; `at` is domain time now, ms; `sent` is real time, ms */
  beat(message: { revision: number; at: Millis; sent: number }): void
}
export interface Patch {
  from: number
  to: number
  at: Millis
  ops: Op[]
}

/** Real milliseconds. */
export const BEAT_EVERY = 1_000
export const STALE_AFTER = 3_000
export const RETRY_WITHIN = 500
export const PATCHES_PER_SECOND = 20
export const KEEP_PATCHES_FOR = 10 * 60_000
export const KEYFRAME_EVERY = 5 * 60_000
export const WINDOW = 200
