/** RFC 3339 times, with the offset that the sender gave. */

const two = (text: string, at: number) => {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}
const isDigit = (code: number) => code >= 48 && code <= 57
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export interface ZonedTime {
  /** since 1970 */
  ms: number
  /** minutes east of UTC */
  offset: number
}

/** Strict RFC 3339 date-time; undefined for anything else, a time without zone included. A leap second counts as the second before. */
export function parseRfc3339(text: string): ZonedTime | undefined {
  if (text.length < 20 || text.length > 64) return undefined
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  const hour = two(text, 11)
  const minute = two(text, 14)
  const second = two(text, 17)
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':' || !'Tt'.includes(text[10]!)) return undefined
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1]! && hour <= 23 && minute <= 59 && second <= 60)) return undefined
  if (month === 2 && day === 29 && !(year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))) return undefined
  const [fraction, zoneAt] = fractionOf(text)
  const offset = offsetOf(text, zoneAt)
  if (offset === undefined || Number.isNaN(year)) return undefined
  const ms = Date.UTC(year < 100 ? 1900 : year, month - 1, day, hour, minute, Math.min(second, 59), fraction)
  return year < 100 ? undefined : { ms: ms - offset * 60_000, offset }
}

/** milliseconds of the fraction, and where the zone begins (-1: bad) */
function fractionOf(text: string): [number, number] {
  if (text[19] !== '.') return [0, 19]
  let end = 20
  while (end < text.length && isDigit(text.charCodeAt(end))) end++
  if (end === 20) return [0, -1]
  return [Number(text.slice(20, Math.min(end, 23)).padEnd(3, '0')), end]
}

function offsetOf(text: string, at: number): number | undefined {
  const sign = text[at]
  if (sign === 'Z' || sign === 'z') return at + 1 === text.length ? 0 : undefined
  if ((sign !== '+' && sign !== '-') || at + 6 !== text.length || text[at + 3] !== ':') return undefined
  const hours = two(text, at + 1)
  const minutes = two(text, at + 4)
  if (!(hours <= 23 && minutes <= 59)) return undefined
  return (hours * 60 + minutes) * (sign === '-' ? -1 : 1) || 0
}

/** The same moment as the sender would write it; null: UTC. */
export function isoWithOffset(ms: number, offset: number | null): string {
  if (!offset) return new Date(ms).toISOString()
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, -1)
  const minutes = Math.abs(offset)
  const part = (n: number) => String(n).padStart(2, '0')
  return `${local}${offset < 0 ? '-' : '+'}${part(Math.floor(minutes / 60))}:${part(minutes % 60)}`
}

/** YYYY-MM-DD by the community's own calendar; `utcOffset` in minutes */
export const dateAt = (at: number, utcOffset: number): string => new Date(at + utcOffset * 60_000).toISOString().slice(0, 10)

/** ms: clocks that were never set say 1970 or 2000. */
export const CLOCK_NEVER_SET_BEFORE = Date.UTC(2001, 0, 1)
