import type { Millis } from '../../shared/status.ts'

export const MINUTE = 60_000
export const DAY = 24 * 60 * MINUTE

/** One day at the community. */
export interface Day {
  /** local midnight, ms */
  start: Millis
  /** days since 1970, local */
  n: number
  /** 1 Monday … 7 Sunday */
  weekday: number
}

export function dayOf(at: Millis, utcOffset: number): Day {
  const n = Math.floor((at + utcOffset * MINUTE) / DAY)
  return { n, start: n * DAY - utcOffset * MINUTE, weekday: ((((n + 3) % 7) + 7) % 7) + 1 }
}
export const nextDay = ({ n, start, weekday }: Day): Day => ({ n: n + 1, start: start + DAY, weekday: (weekday % 7) + 1 })
export const minuteOf = (day: Day, at: Millis) => (at - day.start) / MINUTE
export const isWeekend = ({ weekday }: Day) => weekday > 5
