import type { SignalOf } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import { hourOfDay, localDay } from './local-time.ts'

/** Ways in and out by hour of the local day, by occurrence. Plain JSON. */
export interface Passages {
  day: number
  in: number[]
  out: number[]
}

const hours = () => new Array<number>(24).fill(0)
export const newPassages = (): Passages => ({ day: -1, in: hours(), out: hours() })

export function turnPassages(passages: Passages, now: Millis, utcOffset: number) {
  const day = localDay(now, utcOffset)
  if (day > passages.day) Object.assign(passages, { day, in: hours(), out: hours() })
}

export function countPassage(passages: Passages, { data, at, receivedAt }: SignalOf<'linwang.passage'>, utcOffset: number) {
  turnPassages(passages, receivedAt, utcOffset)
  if (!data.granted || data.direction === 'unknown' || localDay(at, utcOffset) !== passages.day) return
  passages[data.direction][hourOfDay(at, utcOffset)]! += 1
}
