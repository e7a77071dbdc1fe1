import type { SignalDraft } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import { CLOCK_NEVER_SET_BEFORE } from '../../shared/time.ts'

const DAY = 86_400_000

export interface Keep {
  /** days */
  passages: number
  signals: number
}

/** Outside of it no calendar counts: a broken number, not a time. */
export const isTime = (time: Millis) => Number.isSafeInteger(time) && Math.abs(time) <= 8.64e15

/** Nothing is that old, so analysis goes by the receipt (an emergency is not lost for it). */
export const isClockUnset = (time: Millis) => time < CLOCK_NEVER_SET_BEFORE

/** I2: older than signals of its type are kept, so nobody could tell whether it was stored before. */
export const isTooOld = (draft: SignalDraft, now: Millis, keep: Keep) =>
  !isClockUnset(draft.time) && draft.time < now - (draft.type === 'linwang.passage' ? keep.passages : keep.signals) * DAY
