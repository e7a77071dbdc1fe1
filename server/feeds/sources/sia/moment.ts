import type { Millis } from '../../../../shared/status.ts'
import { CLOCK_NEVER_SET_BEFORE } from '../../../../shared/time.ts'

/** When it happened, and how we know. */
export interface Moment {
  time: Millis
  offset: number | null
  timeAssumed?: true
  /** what the panel's clock said, where we did not take it as it is */
  said?: string
}
export interface Clock {
  /** domain time of receipt, ms */
  now: Millis
  /** minutes east of UTC at the community */
  utcOffset: number
  /** of the panels' clocks, where people said so; DC-09 itself wants UTC */
  zone?: number | undefined
  strict: boolean
}

const MINUTE = 60_000
const TOLERATED = 2 * MINUTE
/** The stamp is that of sending, so one that is further off is a clock that was never set, not an old event. */
const BELIEVED = 24 * 60 * MINUTE
/** Clocks that were never set are known as such everywhere; whatever else is longer ago than signals are kept is refused. */
const RECENT = 28 * 24 * 60 * MINUTE

/** The stamp of a frame, `HH:MM:SS,MM-DD-YYYY`. Panels that were set to local time in spite of the standard are understood, unless strict. */
export function momentOf(stamp: string | undefined, clock: Clock): Moment {
  const said = stamp === undefined ? undefined : parseStamp(stamp)
  if (said === undefined) return { time: clock.now, offset: null, timeAssumed: true, ...(stamp !== undefined && { said: stamp }) }
  const zone = clock.zone ?? 0
  const time = said - zone * MINUTE
  const off = Math.abs(time - clock.now)
  if (clock.strict || off <= TOLERATED) return { time, offset: zone }
  const local = said - clock.utcOffset * MINUTE
  if (Math.abs(local - clock.now) <= TOLERATED) return { time: local, offset: clock.utcOffset, said: stamp! }
  if (off <= BELIEVED) return { time, offset: zone }
  // told as it was, so that the clock shows in the health of its feed; years behind would be refused as too old
  const told = time < CLOCK_NEVER_SET_BEFORE || clock.now - time < RECENT ? { time, offset: zone } : { time: clock.now, offset: null }
  return { ...told, timeAssumed: true, said: stamp! }
}

/** ms as if the text were UTC; undefined when no calendar has it */
export function parseStamp(stamp: string): Millis | undefined {
  const found = /^(\d{2}):(\d{2}):(\d{2}),(\d{2})-(\d{2})-(\d{4})$/.exec(stamp)
  if (!found) return undefined
  const [hour, minute, second, month, day, year] = found.slice(1).map(Number) as [number, number, number, number, number, number]
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const back = new Date(ms)
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 61 ? ms : undefined
}

/** `HH:MM:SS,MM-DD-YYYY` in UTC, as replies carry it. */
export function stampOf(ms: Millis): string {
  const [date, time] = new Date(ms).toISOString().split('T') as [string, string]
  const [year, month, day] = date.split('-')
  return `${time.slice(0, 8)},${month}-${day}-${year}`
}
