import type { HomeData } from '../bench/care/data.ts'

const MINUTE = 60_000
const DAY = 86_400_000
/** China keeps one time all year, ms */
export const EAST = 8 * 3_600_000

/** One stop of a replay: the clock is moved to `at`, then its signs are told. */
export interface Stop {
  /** ms, server time */
  at: number
  /** numbers of the signs of life since the stop before, by the home's own list */
  signs: readonly number[]
  /** nobody has stirred for so long that a call may have come, or may just have been forestalled */
  isLong: boolean
}

/** What is added to a home's clock so that its first day is the next one from `now` on; whole weeks, ms. */
export function shiftTo(home: Pick<HomeData, 'at'>, now: number): number {
  const week = 7 * DAY
  return Math.ceil((now + MINUTE - (home.at[0]! * 1000 - EAST)) / week) * week
}

/** No line is shorter than an hour: up to here no call can come, ms */
const LONG = 50 * MINUTE
/** What comes close together is told together, before it counts as late, ms */
const TOGETHER = 4 * MINUTE
/** While the safe rules of four hours hold nobody is called within these, ms */
const TOGETHER_WHILE_LEARNING = 45 * MINUTE

/**
 * The way through a home's days. The sign that ends a long silence is told at its own moment, the others minutes later at most.
 * @param heartbeats min without a stop after which there is one for the sensors alone
 * @param coarseUntil s of the home's own clock: before it busy hours are told together, and no sensor speaks of itself
 */
export function* stopsOf(
  home: Pick<HomeData, 'at'>,
  shift: number,
  heartbeats = Number.POSITIVE_INFINITY,
  coarseUntil = Number.NEGATIVE_INFINITY,
): Generator<Stop> {
  const timeOf = (n: number) => home.at[n]! * 1000 - EAST + shift
  let last = wholeMinute(timeOf(0)) - MINUTE
  for (let n = 0; n < home.at.length; ) {
    const isCoarse = home.at[n]! < coarseUntil
    const every = isCoarse ? Number.POSITIVE_INFINITY : heartbeats * MINUTE
    const before = n === 0 ? last : timeOf(n - 1)
    const isLong = timeOf(n) - before > LONG
    const at = isLong ? Math.ceil(timeOf(n)) : wholeMinute(timeOf(n)) + (isCoarse ? TOGETHER_WHILE_LEARNING : TOGETHER)
    for (let beat = last + every; beat < Math.min(at, timeOf(n)); beat = last + every) {
      last = wholeMinute(beat)
      yield { at: last, signs: [], isLong: last - before > LONG }
    }
    const signs = [n++]
    while (n < home.at.length && timeOf(n) <= at) signs.push(n++)
    last = at
    yield { at, signs, isLong }
  }
}
const wholeMinute = (time: number) => Math.floor(time / MINUTE) * MINUTE
