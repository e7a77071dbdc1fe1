import { CLOCK_NEVER_SET_BEFORE } from '../../../shared/time.ts'
import { parseDeviceTime } from './device-time.ts'
import { zoneOfFalseUtc } from './utc-clock.ts'

export interface OnvifTime {
  time: number
  offset: number | null
  timeAssumed?: true
  /** what the device said, when we do not go by it */
  said?: string
  assumed?: 'utc-is-local' | 'clock-unset' | 'clock-astray'
}
interface Setting {
  now: number
  zone: number
  strict: boolean
  /** what the device's clock said when it answered */
  currentTime?: string | undefined
}

const MINUTE = 60_000
/** A clock this far off is no drift: its times are taken as distances from its own present. */
const ASTRAY = 24 * 60 * MINUTE

/** `UtcTime`, UTC by its schema whatever the zone; 1970 and 2000 are clocks that nobody set. */
export function onvifTime(utcTime: string | undefined, setting: Setting): OnvifTime {
  const said = utcTime?.slice(0, 40)
  const parsed = parseDeviceTime(utcTime, { zone: 0 })
  if (!parsed) return { time: setting.now, offset: null, timeAssumed: true, ...(said !== undefined && { said, assumed: 'clock-unset' }) }
  if (parsed.ms < CLOCK_NEVER_SET_BEFORE) return { time: parsed.ms, offset: null, timeAssumed: true, said: said!, assumed: 'clock-unset' }
  const offset = parsed.offset ?? 0
  if (setting.strict) return { time: parsed.ms, offset }
  const ago = agoByOwnClock(parsed.ms, setting)
  if (ago !== undefined) return { time: setting.now - ago, offset: null, timeAssumed: true, said: said!, assumed: 'clock-astray' }
  const local = parsed.offset ? undefined : zoneOfFalseUtc(parsed.ms, setting)
  return local === undefined
    ? { time: parsed.ms, offset }
    : { time: parsed.ms - local * MINUTE, offset: local, said: said!, assumed: 'utc-is-local' }
}

/** How long ago by a clock that is plainly astray, ms; undefined when the clock is well or says nothing of itself. */
function agoByOwnClock(ms: number, { now, currentTime }: Setting): number | undefined {
  const clock = parseDeviceTime(currentTime, { zone: 0 })?.ms
  if (clock === undefined || Math.abs(clock - now) < ASTRAY) return undefined
  const ago = clock - ms
  return ago >= 0 && ago < ASTRAY ? ago : undefined
}
