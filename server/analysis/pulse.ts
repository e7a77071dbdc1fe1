import type { Millis } from '../../shared/status.ts'

/**
 * How often somebody speaks, learned from every pause: a mean that an outlier hardly moves, the unbroken run of pauses that are like it,
 * and the longest pause of the last days. Three whole numbers: there are thousands of them in a checkpoint.
 */
export type Pulse = readonly [mean: Millis, run: number, longest: Millis]

/** Messages of one waking, ms. */
const SAME_WAKING: Millis = 2_000
/** The mean follows over so many pauses. */
const MEMORY = 16
/** A pause of so many means is still like the others: one message may be lost. */
const LIKE = 2.2
/** So many pauses alike are a clock: with those of people and weather it happens once in a hundred. */
const CLOCKWORK = 40
/** What keeps a clock is missed after so many means, what does not after so many of its longest pauses. */
const MISSED_MEANS = 4
const MISSED_LONGEST = 3
/** The longest pause fades over these days. */
const FADES: Millis = 3 * 86_400_000
const LONGEST_WAIT: Millis = 8 * 86_400_000

/** After a pause of so many ms. A breakdown of clockwork counts as a long pause, not as its whole length. */
export function beat(pulse: Pulse | undefined, pause: Millis): Pulse | undefined {
  if (pause < SAME_WAKING) return pulse
  if (pulse === undefined) return [Math.round(pause), 1, Math.round(pause)]
  const [mean, run, longest] = pulse
  const alike = pause <= LIKE * mean
  const told = isClockwork(pulse) ? Math.min(pause, 2 * MISSED_MEANS * mean) : pause
  return [
    Math.round(mean + (Math.min(pause, MISSED_MEANS * mean) - mean) / MEMORY),
    alike ? Math.min(run + 1, CLOCKWORK) : 0,
    Math.round(Math.max(told, longest * Math.exp(-pause / FADES))),
  ]
}

export const isClockwork = ([, run]: Pulse) => run >= CLOCKWORK

/** ms of silence that mean something; `floor` for clockwork, `usual` of its kind for the rest: that one is waited for at least. */
export function patience(pulse: Pulse | undefined, { floor, usual }: { floor: Millis; usual: Millis }): Millis {
  if (pulse === undefined) return usual
  const [mean, , longest] = pulse
  const learned = isClockwork(pulse) ? Math.max(floor, MISSED_MEANS * mean) : Math.max(usual, MISSED_LONGEST * longest)
  return Math.min(Math.max(learned, 0), Math.max(LONGEST_WAIT, usual))
}
