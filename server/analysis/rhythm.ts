import type { Millis } from '../../shared/status.ts'
import { clockOf, DAY, HALF_HOURS, halfHour, localDay } from './local-time.ts'

/** Today, half hour by half hour: signs of life, or one of these. */
export const NOT_YET = -1
export const BLIND = -2

/** How lively a home is by half hours, and how it usually is: a decayed average over days. Plain JSON. */
export interface Rhythm {
  /** local day of `today` */
  day: number
  today: number[]
  usual: number[]
  /** days that `usual` has learned from */
  days: number
  /** a day before today whose old signals are coming in, until the next such day begins or no more have come */
  past?: { day: number; counts: number[]; heard: Millis }
}

/** An average day counts for about a fortnight. */
const MEMORY_DAYS = 14
/** Before so many days nothing is said to be usual. */
export const DAYS_TO_KNOW = 3

export const newRhythm = (): Rhythm => ({ day: -1, today: [], usual: new Array<number>(HALF_HOURS).fill(0), days: 0 })

/** Turns the page at local midnight; call before looking at `today`. A clock that jumps over days leaves those days unlearned. */
export function turnTo(rhythm: Rhythm, now: Millis, utcOffset: number) {
  const day = localDay(now, utcOffset)
  if (day <= rhythm.day) return
  if (rhythm.day >= 0) learn(rhythm, rhythm.today)
  rhythm.day = day
  rhythm.today = new Array<number>(HALF_HOURS).fill(NOT_YET)
}

/** One sign of life; one of an earlier day teaches what is usual (I4). */
export function beat(rhythm: Rhythm, at: Millis, now: Millis, utcOffset: number) {
  const day = localDay(at, utcOffset)
  if (day < rhythm.day) remember(rhythm, day, at, now, utcOffset)
  if (day !== rhythm.day) return
  const slot = halfHour(at, utcOffset)
  rhythm.today[slot] = Math.max(0, rhythm.today[slot]!) + 1
}

/** A backlog that has paused for so long is over. */
const BACKLOG_ENDS: Millis = 10 * 60_000

function remember(rhythm: Rhythm, day: number, at: Millis, now: Millis, utcOffset: number) {
  if (rhythm.past?.day !== day) closePast(rhythm)
  rhythm.past ??= { day, counts: new Array<number>(HALF_HOURS).fill(0), heard: now }
  rhythm.past.counts[halfHour(at, utcOffset)]! += 1
  rhythm.past.heard = now
}

function closePast(rhythm: Rhythm) {
  if (rhythm.past) learn(rhythm, rhythm.past.counts)
  delete rhythm.past
}

/** Learns from an old day once nothing more comes of it. */
export function digest(rhythm: Rhythm, now: Millis) {
  if (rhythm.past && now - rhythm.past.heard >= BACKLOG_ENDS) closePast(rhythm)
}

/** Marks the present half hour as watched or as blind; what was seen in it stays seen. */
export function watch(rhythm: Rhythm, now: Millis, utcOffset: number, blind: boolean) {
  const slot = halfHour(now, utcOffset)
  const seen = rhythm.today[slot]!
  if (seen <= 0) rhythm.today[slot] = blind ? BLIND : 0
}

/** That a home is not heard is known hours later: what was still since then was not heard. */
export function unhear(rhythm: Rhythm, since: Millis, now: Millis, utcOffset: number) {
  const first = localDay(since, utcOffset) < rhythm.day ? 0 : halfHour(since, utcOffset) + 1
  for (let slot = first; slot <= halfHour(now, utcOffset); slot++) if (rhythm.today[slot] === 0) rhythm.today[slot] = BLIND
}

/** A day without any sign of life is an absence or an outage: it teaches nothing. */
function learn(rhythm: Rhythm, day: readonly number[]) {
  if (!day.some((count) => count > 0)) return
  const weight = 1 / Math.min(rhythm.days + 1, MEMORY_DAYS)
  for (let slot = 0; slot < HALF_HOURS; slot++) {
    const count = day[slot]!
    if (count >= 0) rhythm.usual[slot] = round(rhythm.usual[slot]! * (1 - weight) + count * weight)
  }
  rhythm.days += 1
}

const round = (value: number) => Math.round(value * 1000) / 1000

/**
 * The end of the half hour by which somebody who fell silent then has usually stirred, 'HH:MM': of today, or of the morning when it was
 * yesterday; null while that is not known.
 */
export function usualBy({ usual, days, day }: Rhythm, from: Millis, utcOffset: number): string | null {
  if (days < DAYS_TO_KNOW) return null
  const first = localDay(from, utcOffset) < day ? MORNING : Math.max(MORNING, halfHour(from, utcOffset) + 1)
  const livelyFrom = (first: number) => usual.findIndex((count, n) => n >= first && count >= LIVELY)
  const later = livelyFrom(first)
  // nothing more today: the next morning
  const slot = later < 0 ? livelyFrom(MORNING) : later
  return slot < 0 ? null : clockOf((slot + 1) * 30)
}
/** signs of life in a half hour of most days */
const LIVELY = 0.5
/** 04:00: earlier stirring belongs to the night */
const MORNING = 8

/** 0…9 for a bar: the first steps tell more than the later ones. */
export const level = (count: number): number => (count <= 0 ? count : Math.min(9, Math.ceil(2.5 * Math.log2(1 + count))))

export const startOfDay = (rhythm: Rhythm, utcOffset: number): Millis => rhythm.day * DAY - utcOffset * 60_000
