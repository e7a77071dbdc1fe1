/** Real ms. */
export const FIRST_RETRY = 2_000
export const LONGEST_RETRY = 30 * 60_000
/** What was not delivered so long after the first attempt is given up. */
export const GIVE_UP_AFTER = 24 * 3_600_000
/** A `Retry-After` beyond this is not believed. */
const LONGEST_ASKED = 3_600_000

/**
 * Exponential with half of it left to chance, so that what failed together does not come back together.
 * @param attempts made so far, 1 after the first
 * @param random 0 … 1
 */
export function retryIn(attempts: number, random: number, first = FIRST_RETRY): number {
  const whole = Math.min(LONGEST_RETRY, first * 2 ** Math.min(attempts - 1, 30))
  return Math.round(whole / 2 + (whole / 2) * random)
}

/** `Retry-After` of RFC 9110: seconds or a date; ms from `now`, undefined when it is neither. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const wait = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), LONGEST_ASKED) : undefined
}
