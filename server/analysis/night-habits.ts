import type { Millis } from '../../shared/status.ts'
import { DAY, localDay, minuteOfDay } from './local-time.ts'

/** At which hours of the night somebody goes out. Plain JSON. */
export interface NightHabits {
  /** first passage that is known, ms */
  first?: Millis
  /** [night, minute of the day] of each way out, the youngest last */
  nights: [night: number, minute: number][]
}

const MEMORY_NIGHTS = 28
const MOST = 40
/** So many other nights at about the same hour make a habit: who works by night or walks at five is not called. */
const A_HABIT = 3
const ABOUT_THE_SAME = 60
/** Before so many days nothing is said to be usual. */
const DAYS_TO_KNOW = 7

/** An evening and the morning after are one night. */
const nightOf = (at: Millis, utcOffset: number) => localDay(at - DAY / 2, utcOffset)

export function noteNight(habits: NightHabits, at: Millis, utcOffset: number) {
  const night = nightOf(at, utcOffset)
  const minute = minuteOfDay(at, utcOffset)
  if (habits.nights.some(([other, m]) => other === night && apart(m, minute) <= ABOUT_THE_SAME)) return
  habits.nights.push([night, minute])
  habits.nights.sort(([a], [b]) => a - b)
  if (habits.nights.length > MOST) habits.nights.shift()
}

export function isUsual({ nights }: NightHabits, at: Millis, utcOffset: number): boolean {
  const tonight = nightOf(at, utcOffset)
  const minute = minuteOfDay(at, utcOffset)
  const alike = nights.filter(([night, m]) => night < tonight && tonight - night <= MEMORY_NIGHTS && apart(m, minute) <= ABOUT_THE_SAME)
  return alike.length >= A_HABIT
}

export const isKnown = ({ first }: NightHabits, now: Millis): boolean => first !== undefined && now - first >= DAYS_TO_KNOW * DAY

/** minutes between two times of day, round the clock */
const apart = (a: number, b: number) => Math.min(Math.abs(a - b), 1440 - Math.abs(a - b))
