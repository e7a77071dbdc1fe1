import type { Random } from '../../../shared/random.ts'
import type { Millis } from '../../../shared/status.ts'
import { dayOf, MINUTE, minuteOf } from '../day.ts'

/** When people of the town report the next thing: calm by day, seldom by night. */
export interface Rhythm {
  /** how many were said before, when the next one is due; undefined: not yet */
  due(now: Millis, real: number): number | undefined
}

export interface RhythmPace {
  /** real ms from the start to the first report */
  first: number
  /** real ms between two, however fast the clock runs */
  gap: number
}

/** Domain ms from one report to the next. */
const OPENING = [50_000, 80_000] as const
const DAY = [4 * MINUTE, 8 * MINUTE] as const
const NIGHT = [20 * MINUTE, 45 * MINUTE] as const
/** So many come close together, so that a guest who has just come in sees something begin. */
const OPENERS = 3
/** local minutes of the day */
const [MORNING, EVENING] = [7 * 60, 22 * 60]

export function createRhythm(random: Random, pace: RhythmPace, utcOffset: number, startedReal: number): Rhythm {
  let count = 0
  let nextAt = 0
  let nextReal = startedReal + pace.first
  return {
    due(now, real) {
      if (now < nextAt || real < nextReal) return undefined
      const [from, to] = count + 1 < OPENERS ? OPENING : isDay(now, utcOffset) ? DAY : NIGHT
      nextAt = now + from + random.next() * (to - from)
      nextReal = real + pace.gap
      return count++
    },
  }
}

function isDay(now: Millis, utcOffset: number): boolean {
  const minute = minuteOf(dayOf(now, utcOffset), now)
  return minute >= MORNING && minute < EVENING
}
