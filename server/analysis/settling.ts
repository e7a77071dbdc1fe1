import type { Signal } from '../../shared/signal.ts'
import type { Millis, Status } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { isHistory, isLate } from './lateness.ts'

/** A backlog that brings nothing for so long is over; until then nothing is concluded from it. */
const SETTLES: Millis = 10 * 60_000

export interface Settling {
  /** receipt of the last signal that came late, ms */
  backlog?: Millis
}

export function noteLateness(state: Settling, signal: Signal) {
  if (isLate(signal)) state.backlog = signal.receivedAt
}
export const isSettled = ({ backlog }: Settling, now: Millis): boolean => backlog === undefined || now - backlog >= SETTLES

/** X1, I4: a drill and a state told again say nothing of people. */
export const tellsOfPeople = (signal: { status: Status; replay?: boolean }): boolean => signal.status === 'actual' && !signal.replay
/** What has just happened, or not so long ago that it only teaches (I4). */
export const isRecent = (signal: Signal, world: World): boolean => !isHistory(signal, world)
