/** Seconds over which a rate is an average: a recorder that reports all its channels at once is no flood. */
export const SPAN = 10

/** Tokens come back at a steady rate up to the store of ten seconds; times are monotonic ms. */
export interface Bucket {
  /** ms until the next token is there; 0: there is one */
  wait(now: number): number
  /** takes so many, into debt if need be: a message that is there already is taken, and its sender waits before the next */
  take(now: number, tokens?: number): void
}

export function createBucket(rate: number, span = SPAN): Bucket {
  const full = rate * span
  let tokens = full
  let at = Number.NEGATIVE_INFINITY
  const refill = (now: number) => {
    if (now > at) tokens = at === Number.NEGATIVE_INFINITY ? full : Math.min(full, tokens + ((now - at) / 1_000) * rate)
    at = Math.max(at, now)
  }
  return {
    wait(now) {
      refill(now)
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / rate) * 1_000)
    },
    take(now, count = 1) {
      refill(now)
      tokens -= count
    },
  }
}
