import type { QuietHours } from '../../shared/care.ts'
import type { Millis } from '../../shared/status.ts'

const DAY = 86_400_000
const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

/**
 * When the quiet hours that hold at `at` end, domain ms; undefined: they do not hold.
 * @param utcOffset minutes east of UTC of the community's clocks
 */
export function quietUntil(quiet: QuietHours | null, at: Millis, utcOffset: number): Millis | undefined {
  if (!quiet) return undefined
  const [from, to] = [minuteOf(quiet.from) * 60_000, minuteOf(quiet.to) * 60_000]
  const local = at + utcOffset * 60_000
  const midnight = Math.floor(local / DAY) * DAY
  const since = local - midnight
  const holds = from < to ? since >= from && since < to : from > to && (since >= from || since < to)
  if (!holds) return undefined
  const end = since < to ? midnight + to : midnight + DAY + to
  return end - utcOffset * 60_000
}
