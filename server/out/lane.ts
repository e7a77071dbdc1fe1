import { FAULT_AFTER } from '../store/out-records.ts'
import { retryIn } from './backoff.ts'

export interface LaneLimits {
  concurrency: number
  perMinute?: number | undefined
}

/** What one receiver can bear just now. Nothing in it concerns any other lane. Times are real, ms. */
export interface Lane {
  /** messages that may begin now */
  room(limits: LaneLimits, now: number): number
  /** when there may be room again though nothing ends; undefined: now, or when something ends */
  opensAt(limits: LaneLimits, now: number): number | undefined
  began(now: number): void
  worked(): void
  /** no answer, or a bad one: after some in a row one at a time is tried, less and less often */
  failed(now: number, random: number): void
  /** it asked for patience */
  wait(until: number): void
  /** over, neither well nor badly */
  ended(): void
  readonly failures: number
}

const MINUTE = 60_000
const FIRST_PROBE = 2_000
const LONGEST_PROBE = 5 * MINUTE

/** @param failures in a row before this process */
export function createLane(failures = 0, firstProbe = FIRST_PROBE): Lane {
  let busy = 0
  let closedUntil = 0
  let recent: number[] = []
  const isFault = () => failures >= FAULT_AFTER
  const perMinuteLeft = ({ perMinute }: LaneLimits, now: number) => {
    if (perMinute === undefined) return Number.POSITIVE_INFINITY
    recent = recent.filter((at) => at > now - MINUTE)
    return perMinute - recent.length
  }
  return {
    room(limits, now) {
      if (now < closedUntil) return 0
      return Math.max(0, Math.min((isFault() ? 1 : limits.concurrency) - busy, perMinuteLeft(limits, now)))
    },
    opensAt(limits, now) {
      if (now < closedUntil) return closedUntil
      return perMinuteLeft(limits, now) <= 0 ? recent[0]! + MINUTE : undefined
    },
    began(now) {
      busy++
      recent.push(now)
      if (recent.length > 100_000) recent = recent.slice(-50_000)
    },
    worked() {
      busy--
      failures = 0
      closedUntil = 0
    },
    failed(now, random) {
      busy--
      failures++
      if (isFault()) closedUntil = now + Math.min(LONGEST_PROBE, retryIn(failures - FAULT_AFTER + 1, random, firstProbe))
    },
    wait(until) {
      closedUntil = Math.max(closedUntil, until)
    },
    ended() {
      busy--
    },
    get failures() {
      return failures
    },
  }
}
