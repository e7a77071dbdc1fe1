import { DAY, dayOf } from './day.ts'
import type { Happening } from './happening.ts'
import { planDay } from './plan.ts'
import type { Town } from './town.ts'

/** Days before today that the homes of those living alone tell of: three make what is usual known, and the last counts a little later. */
const DAYS = 4

/** What gateways kept of the days before: signs of life alone. Too old to act on, it teaches what is usual (I4). */
export function earlierDays(town: Town, now: number, utcOffset: number): Happening[] {
  return Array.from({ length: DAYS }, (_, n) => dayOf(now - (DAYS - n) * DAY, utcOffset)).flatMap((day) =>
    planDay(town, day, { homesOnly: true }).filter(
      (one) => (one.what === 'motion' && one.occupied) || one.what === 'contact' || one.what === 'passage',
    ),
  )
}
