import type { Millis } from '../../../shared/status.ts'
import { localDay, minuteOfDay } from '../local-time.ts'
import { STARTS, STEP } from './grid.ts'
import { type Line, lineAndSoonest, lineFor } from './line.ts'
import { forget, newTally, type Tally, teach } from './tally.ts'

/** After a sign of life the person is where it shows, or may have left: the door was last. */
export type After = 'home' | 'door'

/** A sign of life. */
export interface Sign {
  at: Millis
  after: After
}

/** What one home has taught of its silences, and the lines drawn from it. Plain JSON, under 10 kB. */
export interface Quiet {
  /** silences after a sign inside, and after the door */
  home: Tally
  door: Tally
  /** the last live sign */
  last: Sign | null
  /** the first live one: what is older teaches as history does */
  live: Millis | null
  /** the last of a history that is coming in */
  past: Sign | null
  /** by kind, from enough days on */
  lines: Partial<Record<After, Line>>
  /** what heat and cold may shorten the line at home to */
  soonest?: Line
  /** day on which the lines were drawn */
  drawn: number
}

/** no day yet on which lines were drawn, or not since people's word changed what they rest on */
export const NEVER = -1

export const newQuiet = (): Quiet => ({ home: newTally(), door: newTally(), last: null, live: null, past: null, lines: {}, drawn: NEVER })

/** What else is known of the silence that a sign ends. */
export interface Circumstances {
  utcOffset: number
  /** since when every sensor of the home has been heard without a break; null: they are not */
  heardSince: Millis | null
  /** the person was known to be away in between */
  away?: boolean
  /** people found that it was no ordinary silence */
  isSpecial?: boolean
}

/** From one sign of life to the next. */
export interface Silence {
  from: Millis
  to: Millis
  after: After
}

/**
 * A live sign of life: the silence before it is learned, unless somebody was away, the home deaf, or people found that it was no ordinary
 * one. Says which silence it ended, when that could be learned. O(1).
 */
export function hearSign(quiet: Quiet, sign: Sign, { utcOffset, heardSince, away, isSpecial }: Circumstances): Silence | undefined {
  const { last } = quiet
  quiet.live ??= sign.at
  if (last !== null && sign.at <= last.at) return undefined
  quiet.last = sign
  if (last === null || away || heardSince === null || heardSince > last.at) return undefined
  if (!isSpecial) teach(quiet[last.after], last.at, sign.at, utcOffset)
  return { from: last.at, to: sign.at, after: last.after }
}

/** People found out later what the silence had been: it is learned now, or forgotten. The lines are drawn anew. */
export function judgeSilence(quiet: Quiet, { from, to, after }: Silence, isOrdinary: boolean, utcOffset: number) {
  if (isOrdinary) teach(quiet[after], from, to, utcOffset)
  else forget(quiet[after], from, to, utcOffset)
  quiet.drawn = NEVER
}

/** A silence in a history may be a hole in it. */
const LONGEST_OF_HISTORY: Millis = 36 * 3_600_000

/** A sign of days ago: it teaches once, in its order, and no more once the home is heard live (I4). */
export function hearPast(quiet: Quiet, sign: Sign, utcOffset: number) {
  const { past } = quiet
  if (quiet.live !== null && sign.at >= quiet.live) return
  if (past !== null && sign.at <= past.at) return
  quiet.past = sign
  if (past !== null && sign.at - past.at <= LONGEST_OF_HISTORY) teach(quiet[past.after], past.at, sign.at, utcOffset)
}

/** Days before the learned line is trusted. */
export const DAYS_TO_LEARN = 28
/** Silences after the door before a usual return is known. */
export const RETURNS_TO_KNOW = 10

/** Draws the lines, once a day at most. `rate`: false alarms a week; `spread`: when the day begins, ms after midnight */
export function drawLines(quiet: Quiet, now: Millis, utcOffset: number, rate: number, spread = 0) {
  const day = localDay(now - spread, utcOffset)
  if (day <= quiet.drawn) return
  quiet.drawn = day
  quiet.lines = {}
  delete quiet.soonest
  if (learnedDays(quiet) < DAYS_TO_LEARN) return
  if (sum(quiet.home.starts) >= 1) {
    const { line, soonest } = lineAndSoonest(quiet.home, rate)
    quiet.lines.home = line
    quiet.soonest = soonest
  }
  if (sum(quiet.door.starts) >= RETURNS_TO_KNOW) quiet.lines.door = lineFor(quiet.door, rate)
}
const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0)

export const learnedDays = ({ home, door }: Quiet): number => Math.max(home.days, door.days)

/** How much the lines rest on: 0 nothing yet, near 1 a quarter of a year of silences. It is no probability. */
export function confidenceOf(quiet: Quiet): number {
  const silences = sum(quiet.home.starts) + sum(quiet.door.starts)
  return Math.round(100 * 0.95 * Math.sqrt(Math.min(1, learnedDays(quiet) / DAYS_TO_BE_SURE)) * (silences / (silences + 20))) / 100
}
const DAYS_TO_BE_SURE = 84

/** When a silence that began then is too long; undefined: not known. */
export const tooLongAt = (line: Line | undefined, from: Millis, utcOffset: number): Millis | undefined =>
  line && from + line[Math.floor(minuteOfDay(from, utcOffset) / STEP) % STARTS]! * STEP * 60_000

/** The same for somebody whom heat or cold wears down: sooner by the factor, but not so soon that an ordinary silence is called. */
export function tooLongUnder(factor: number, quiet: Quiet, from: Millis, utcOffset: number): Millis | undefined {
  const usual = tooLongAt(quiet.lines.home, from, utcOffset)
  if (usual === undefined || factor === 1) return usual
  const soonest = tooLongAt(quiet.soonest, from, utcOffset) ?? usual
  return Math.min(usual, Math.max(soonest, from + factor * (usual - from)))
}

/** Nobody is looked for later than this, however long the outings usually are: a fall behind the door looks like an outing. */
const LONGEST_OUTING: Millis = 24 * 3_600_000

/** When somebody who went out then should have come back; undefined: not known. */
export const backBy = (line: Line | undefined, since: Millis, utcOffset: number): Millis | undefined => {
  const due = tooLongAt(line, since, utcOffset)
  return due && Math.min(due, since + LONGEST_OUTING)
}
