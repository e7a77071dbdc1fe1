import type { Millis } from '../../shared/status.ts'

/** Signals a minute, by receipt; a backlog counts in the minutes from which it comes. Plain JSON. */
export interface Traffic {
  /** minute since 1970 that is being counted */
  minute: number
  count: number
  /** the 60 minutes before it, oldest first */
  last: number[]
  /** by minute of day, local: decayed mean over days; -1: not known yet */
  usual: number[]
}

const MINUTE: Millis = 60_000
const MINUTES = 1440
/** Weight of a new day in what is usual. */
const NEWS = 0.2

export const newTraffic = (): Traffic => ({
  minute: -1,
  count: 0,
  last: new Array<number>(60).fill(0),
  usual: new Array<number>(MINUTES).fill(-1),
})

export function countSignal(traffic: Traffic, { at, receivedAt }: { at: Millis; receivedAt: Millis }, utcOffset: number) {
  if (Math.floor(receivedAt / MINUTE) !== traffic.minute) turnTraffic(traffic, receivedAt, utcOffset)
  const age = traffic.minute - Math.floor(at / MINUTE)
  if (age <= 1 && receivedAt - at <= MINUTE) traffic.count += 1
  else if (age <= traffic.last.length) traffic.last[traffic.last.length - age]! += 1
}

/** Closes the minutes that are over; whether there were any. What lies before the first signal or tick ever is not known rather than nought. */
export function turnTraffic(traffic: Traffic, now: Millis, utcOffset: number): boolean {
  const minute = Math.floor(now / MINUTE)
  if (traffic.minute === minute) return false
  if (traffic.minute < 0) traffic.minute = minute
  if (minute - traffic.minute > MINUTES) traffic.minute = minute - MINUTES
  while (traffic.minute < minute) {
    traffic.last.push(traffic.count)
    traffic.last.shift()
    teach(traffic, utcOffset)
    traffic.count = 0
    traffic.minute += 1
  }
  return true
}

function teach(traffic: Traffic, utcOffset: number) {
  const slot = slotOf(traffic.minute, utcOffset)
  const known = traffic.usual[slot]!
  traffic.usual[slot] = known < 0 ? traffic.count : Math.round((known + (traffic.count - known) * NEWS) * 10) / 10
}

const slotOf = (minute: number, utcOffset: number) => (((minute + utcOffset) % MINUTES) + MINUTES) % MINUTES

export const recent = ({ last }: Traffic): number[] => [...last]

/** The same minutes of other days; today's own are in it already, with their small weight. Empty while no full day is known. */
export function usualRecent({ minute, usual }: Traffic, utcOffset: number): number[] {
  const slots = Array.from({ length: 60 }, (_, n) => usual[slotOf(minute - 60 + n, utcOffset)]!)
  const dayKnown = usual[slotOf(minute + 1, utcOffset)]! >= 0
  return dayKnown ? slots.map((count) => Math.max(0, Math.round(count))) : []
}

/** Over the last 60 seconds, taking the minute before for the part that is not over. */
export function perMinute({ minute, count, last }: Traffic, now: Millis): number {
  const over = Math.min(1, Math.max(0, (now - minute * MINUTE) / MINUTE))
  return Math.round(count + last[59]! * (1 - over))
}
