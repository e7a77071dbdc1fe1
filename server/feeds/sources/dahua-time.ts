import { CLOCK_NEVER_SET_BEFORE } from '../../../shared/time.ts'
import { parseDeviceTime } from './device-time.ts'
import { NEAR, zoneBetween, zoneOfFalseUtc } from './utc-clock.ts'

type Assumed = 'utc-is-local' | 'utc-may-be-local' | 'clock-unset'

/** When it happened, as far as a Dahua device can be believed. */
export interface DahuaTime {
  time: number
  offset: number | null
  timeAssumed?: true
  /** what the device said, when we do not go by it or doubt it */
  said?: string
  assumed?: Assumed
}
interface Setting {
  /** domain time of receipt, ms */
  now: number
  /** minutes east of UTC where the device stands */
  zone: number
  strict: boolean
}

const MINUTE = 60_000

/**
 * Dahua gives `UTC` (seconds, with `UTCMS`), `LocaleTime` without zone, and on newer firmware `RealUTC`. The two together give the zone. Many
 * devices put local time into `UTC`: then it agrees with `LocaleTime`, or lies whole quarters of an hour after the receipt, and is mended
 * unless the feed is strict.
 */
export function dahuaTime(data: Readonly<Record<string, unknown>>, setting: Setting): DahuaTime {
  const locale = typeof data.LocaleTime === 'string' ? data.LocaleTime : undefined
  const wall = locale === undefined ? undefined : wallTime(locale)
  const utc = epoch(data.UTC, data.UTCMS)
  const real = epoch(data.RealUTC, undefined)
  if (real !== undefined && real >= CLOCK_NEVER_SET_BEFORE) return { time: real, offset: zoneBetween(wall ?? utc, real) ?? 0 }
  if (utc === undefined) return wall === undefined ? atReceipt(setting) : byWall(wall, locale!, setting)
  if (utc < CLOCK_NEVER_SET_BEFORE) return { time: utc, offset: null, timeAssumed: true, ...said(data, locale, 'clock-unset') }
  const zone = zoneBetween(wall, utc)
  if (zone || setting.strict) return { time: utc, offset: zone ?? 0 }
  const local = zoneOfFalseUtc(utc, setting) ?? (zone === 0 ? localByAgreement(utc, setting) : undefined)
  if (local !== undefined) return { time: utc - local * MINUTE, offset: local, ...said(data, locale, 'utc-is-local') }
  const doubtful = zone === 0 && setting.zone !== 0 && Math.abs(utc - setting.now) > NEAR
  return { time: utc, offset: 0, ...(doubtful && said(data, locale, 'utc-may-be-local')) }
}

/** A "UTC" that agrees with the local time and is nearer to the receipt when read in the zone of the place. */
function localByAgreement(utc: number, { now, zone }: Setting): number | undefined {
  const ahead = utc - now
  return ahead > NEAR && Math.abs(ahead - zone * MINUTE) < ahead ? zone : undefined
}

const atReceipt = ({ now }: Setting): DahuaTime => ({ time: now, offset: null, timeAssumed: true })

function byWall(wall: number, locale: string, { zone }: Setting): DahuaTime {
  const time = wall - zone * MINUTE
  if (wall >= CLOCK_NEVER_SET_BEFORE) return { time, offset: null }
  return { time, offset: null, timeAssumed: true, said: locale.slice(0, 40), assumed: 'clock-unset' }
}

const said = (data: Readonly<Record<string, unknown>>, locale: string | undefined, assumed: Assumed) => ({
  said: `UTC ${String(data.UTC).slice(0, 20)}${locale === undefined ? '' : `, ${locale.slice(0, 40)}`}`,
  assumed,
})

/** seconds since 1970 → ms */
function epoch(seconds: unknown, ms: unknown): number | undefined {
  const value = typeof seconds === 'string' && /^\d{1,11}(\.\d+)?$/.test(seconds) ? Number(seconds) : seconds
  if (typeof value !== 'number' || !(value >= 0 && value < 1e11)) return undefined
  return Math.round(value) * 1000 + (typeof ms === 'number' && ms >= 0 && ms < 1000 ? Math.round(ms) : 0)
}

/** `2019-07-30 15:43:21` read as if it were UTC, ms. */
function wallTime(text: string): number | undefined {
  const time = parseDeviceTime(text, { zone: 0 })
  return time && time.ms + (time.offset ?? 0) * MINUTE
}
