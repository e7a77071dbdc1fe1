import type { Millis } from '../../shared/status.ts'

const MINUTE: Millis = 60_000
export const DAY: Millis = 86_400_000
export const HALF_HOURS = 48

/** Days since 1970 on the community's own calendar; `utcOffset` in minutes east. */
export const localDay = (at: Millis, utcOffset: number): number => Math.floor((at + utcOffset * MINUTE) / DAY)
/** ms since local midnight */
export const sinceMidnight = (at: Millis, utcOffset: number): Millis => at + utcOffset * MINUTE - localDay(at, utcOffset) * DAY
export const minuteOfDay = (at: Millis, utcOffset: number): number => Math.floor(sinceMidnight(at, utcOffset) / MINUTE)
export const hourOfDay = (at: Millis, utcOffset: number): number => Math.floor(minuteOfDay(at, utcOffset) / 60)
export const halfHour = (at: Millis, utcOffset: number): number => Math.floor(minuteOfDay(at, utcOffset) / 30)

/** 1 Monday … 7 Sunday; day 0 of 1970 was a Thursday */
export const weekday = (at: Millis, utcOffset: number): number => ((localDay(at, utcOffset) + 3) % 7) + 1

/** 490 → '08:10' */
export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
