import type { Millis } from '../shared/status.ts'

/**
 * Domain time: the one clock that rules, deadlines and receipts go by (A1). Beats, retries and sessions do not: they run on real time.
 * Pure: what the machine's clocks show is handed in.
 */
export interface Clock {
  mode: 'real' | 'manual'
  /** domain seconds a real second */
  rate: number
  /** domain time when the machine showed `wall` */
  at: Millis
  wall: Millis
}

/** No tick covers more than this, ms of domain time. */
export const TICK_SPAN = 60_000
export const MAX_RATE = 120
/** The furthest that one advance goes: a week of ticks is some seconds of work. */
export const MAX_ADVANCE = 7 * 24 * 3_600_000

/** Domain time when the machine shows `wall`. A machine's clock that jumps back makes domain time wait, never return. */
export const readClock = (clock: Clock, wall: Millis): Millis =>
  clock.mode === 'manual' ? clock.at : clock.at + Math.max(0, wall - clock.wall) * clock.rate

/**
 * The clock of a start. Domain time never goes back; a demo that ran ahead of the real day stays as far ahead, and its rate starts anew.
 * @param saved the clock as it was kept last, undefined for a new database
 */
export function startClock(saved: Clock | undefined, wanted: { mode: Clock['mode']; rate?: number; start?: Millis }, wall: Millis): Clock {
  if (wanted.mode === 'manual') return { mode: 'manual', rate: 1, at: saved?.at ?? wanted.start ?? wall, wall }
  const ahead = saved?.mode === 'real' ? Math.max(0, saved.at - saved.wall) : 0
  return { mode: 'real', rate: wanted.rate ?? 1, at: Math.max(saved?.at ?? 0, wall + ahead), wall }
}

/** The same domain time, running on at another rate. */
export const setRate = (clock: Clock, rate: number, wall: Millis): Clock => ({ ...clock, rate, at: readClock(clock, wall), wall })

export const advanceClock = (clock: Clock, by: Millis): Clock => ({ ...clock, at: clock.at + by })

/** Where ticks fall on the way from one time to another: the end always, and no gap over TICK_SPAN. */
export function tickTimes(from: Millis, to: Millis): Millis[] {
  const steps = Math.max(1, Math.ceil((to - from) / TICK_SPAN))
  return Array.from({ length: steps }, (_, n) => (n + 1 === steps ? to : from + (n + 1) * TICK_SPAN))
}

const UNITS: Record<string, Millis> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SHORT = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** `90` (seconds), `"90m"`, `"PT1H30M"` → ms; undefined when it is none of these, or not a positive time. */
export function parseDuration(value: unknown): Millis | undefined {
  if (typeof value === 'number') return positive(value * 1000)
  if (typeof value !== 'string') return undefined
  const short = SHORT.exec(value.trim())
  if (short) return positive(Number(short[1]) * UNITS[short[2]!]!)
  const iso = ISO.exec(value.trim())
  if (!iso) return /^\d+(\.\d+)?$/.test(value.trim()) ? positive(Number(value) * 1000) : undefined
  const [days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0))
  return positive(days! * UNITS.d! + hours! * UNITS.h! + minutes! * UNITS.m! + seconds! * 1000)
}

const positive = (millis: number) => (Number.isFinite(millis) && millis > 0 ? Math.round(millis) : undefined)
