import type { Millis } from '../../../shared/status.ts'

/** How often a meter is read, learned from its readings. */
export interface Cadence {
  /** the last reading */
  at: Millis
  /** the usual step from one to the next; 0: not known yet */
  every: Millis
}

/** So many usual steps without a reading are a hole: what was drawn in it has no hour, and one lost reading is none yet. */
const HOLE = 2.5
/** The usual step moves by so much with each reading, and so comes to lie in the middle of all. */
const PACE = 0.05

/** Takes a reading; says whether there was a hole before it. */
export function readAt(cadence: Cadence, at: Millis): boolean {
  const step = at - cadence.at
  if (step <= 0) return false
  cadence.at = at
  const usual = cadence.every
  cadence.every = usual === 0 ? step : Math.round(usual * (step > usual ? 1 + PACE : 1 - PACE))
  return usual > 0 && step > HOLE * usual
}
