import { hash32 } from '../../shared/random.ts'
import { DAY } from './day.ts'

/** Share of a day's water that has run by each full hour (local): morning, noon, evening. */
const BY_HOUR = [
  0, 0.01, 0.015, 0.02, 0.025, 0.035, 0.07, 0.17, 0.27, 0.33, 0.37, 0.42, 0.5, 0.56, 0.59, 0.62, 0.66, 0.71, 0.79, 0.87, 0.93, 0.97, 0.99,
  0.997, 1,
]
const LOCAL = 480 * 60_000

/** Cubic metres that a meter shows; goes up with time alone, so that it never runs backwards after a restart. */
export function waterReading(deviceId: string, at: number): number {
  const hash = hash32(deviceId)
  const perDay = 0.12 + (hash % 300) / 1000
  const local = at + LOCAL
  const day = Math.floor(local / DAY)
  const hours = (local - day * DAY) / 3_600_000
  const hour = Math.floor(hours)
  const share = BY_HOUR[hour]! + (BY_HOUR[hour + 1]! - BY_HOUR[hour]!) * (hours - hour)
  return Math.round(((hash % 900) + (day - 19_000) * perDay + share * perDay) * 1000) / 1000
}
