import { parseRfc3339 } from '../../../shared/time.ts'

/** What a device's clock said. */
export interface DeviceTime {
  /** since 1970 */
  ms: number
  /** minutes east of UTC as the device gave them; null: it gave none */
  offset: number | null
  /** no zone was given: read in the zone of the feed */
  assumed?: true
  /** not ISO 8601 as it stands ("-8:00", no seconds, digits alone): read nevertheless */
  mended?: true
}

const FORM =
  /^(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})(T|\s+|)(\d{1,2})(:?)(\d{2})(?:\7(\d{2})(?:[.,](\d{1,9}))?)?\s*(?:(Z|UTC|GMT)|([+-])(\d{1,2})(?::?(\d{2}))?)?$/i
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** minutes from UTC, either way */
const WIDEST_ZONE = 14 * 60
const DAY_MS = 86_400_000

/**
 * ISO 8601 with or without its zone, and what devices make of it: a space for the T, "+0800", "-8:00", no seconds, `yyyyMMddHHmmss`.
 * `zone`: minutes east of UTC where the text gives none. Undefined when it is no time.
 */
export function parseDeviceTime(text: string | undefined, { zone }: { zone: number }): DeviceTime | undefined {
  const said = text?.trim() ?? ''
  const sound = parseRfc3339(said)
  if (sound) return Math.abs(sound.offset) > WIDEST_ZONE ? undefined : sound
  const found = said.length > 48 ? null : FORM.exec(said)
  if (!found) return undefined
  const local = localMs(found)
  const offset = offsetOf(found)
  if (local === undefined || offset === undefined) return undefined
  if (offset !== null) return { ms: local - offset * 60_000, offset, mended: true }
  const sloppy = found[2] !== '-' || found[7] !== ':' || found[9] === undefined
  return { ms: local - zone * 60_000, offset: null, assumed: true, ...(sloppy && { mended: true as const }) }
}

/** The first of several that can be read; a device may tell its time twice. */
export const firstTime = (texts: readonly (string | undefined)[], setting: { zone: number }): DeviceTime | undefined => {
  for (const text of texts) {
    const time = parseDeviceTime(text, setting)
    if (time) return time
  }
  return undefined
}

/** as if the clock stood in UTC */
function localMs(found: RegExpExecArray): number | undefined {
  const [year, month, day, hour, minute] = [1, 3, 4, 6, 8].map((group) => Number(found[group])) as [number, number, number, number, number]
  const second = Number(found[9] ?? 0)
  // digits without any mark between them are a time only when none is missing
  if (found[2] === '' && (found[3]!.length !== 2 || found[4]!.length !== 2 || found[6]!.length !== 2)) return undefined
  if (year < 1900 || month < 1 || month > 12 || day < 1 || day > DAYS[month - 1]! || minute > 59 || second > 60) return undefined
  const midnight = hour === 24 && minute === 0 && second === 0
  if (hour > 23 && !midnight) return undefined
  const start = Date.UTC(year, month - 1, day)
  if (new Date(start).getUTCDate() !== day) return undefined
  const fraction = Number((found[10] ?? '').slice(0, 3).padEnd(3, '0'))
  const inDay = midnight ? DAY_MS : hour * 3_600_000 + minute * 60_000 + Math.min(second, 59) * 1000 + fraction
  return start + inDay
}

/** null: none given; undefined: none that exists */
function offsetOf(found: RegExpExecArray): number | null | undefined {
  if (found[11]) return 0
  if (!found[12]) return null
  const minutes = Number(found[13]) * 60 + Number(found[14] ?? 0)
  return minutes > WIDEST_ZONE || Number(found[14] ?? 0) > 59 ? undefined : minutes * (found[12] === '-' ? -1 : 1) || 0
}
