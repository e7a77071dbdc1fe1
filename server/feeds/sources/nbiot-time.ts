import type { SourceContext } from '../../../shared/arrival.ts'
import { parseDeviceTime } from './device-time.ts'
import type { Sender } from './nbiot-drafts.ts'
import { numberOf } from './nbiot-reading.ts'

/** Below it a number is seconds: as milliseconds it would be before March 1973. */
const SECONDS_BELOW = 1e11

/** Milliseconds or seconds since 1970, or a text in the feed's zone; of a platform that gives none, and of nonsense, when it came. */
export function timeOf(value: unknown, feed: string, context: SourceContext): Sender['time'] {
  const number = numberOf(value)
  if (number !== undefined && number > 0 && !isDigitsOfDate(value)) {
    const ms = Math.round(number < SECONDS_BELOW ? number * 1000 : number)
    if (Number.isSafeInteger(ms) && ms <= LATEST) return { ms, offset: 0 }
  }
  const text = typeof value === 'string' ? parseDeviceTime(value, { zone: context.feed?.(feed)?.zone ?? context.utcOffset }) : undefined
  return text ? { ms: text.ms, offset: text.offset } : { ms: context.now, offset: null, assumed: true }
}

/** the last moment that a calendar knows */
const LATEST = 8.64e15
/** 20200514161715 */
const isDigitsOfDate = (value: unknown) => typeof value === 'string' && /^20\d{12}$/.test(value)
