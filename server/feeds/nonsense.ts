import { type Bucket, createBucket } from './bucket.ts'

/** A second, at least, over one second: what a building full of sensors that nobody bound yet has to say, with room to spare. */
const USUAL = 100
const SPAN = 1
/** Addresses that are told apart; more share one count. */
const MOST = 64

/** Of one feed, who sends what is set aside, by address: each of those costs the engine more than a signal, and helps nobody. */
export function createNonsense(rate: number) {
  const most = Math.max(USUAL, rate / 10)
  const senders = new Map<string, Bucket>()
  return {
    /** a second */
    most,
    add(remote: string | undefined, messages: number, now: number) {
      const name = remote ?? ''
      const known = senders.get(name) ?? (senders.size >= MOST ? senders.get('') : undefined)
      const bucket = known ?? createBucket(most, SPAN)
      if (!known) senders.set(senders.size >= MOST ? '' : name, bucket)
      bucket.take(now, Math.min(messages, most))
    },
    /** ms until this sender is welcome again */
    wait(remote: string | undefined, now: number): number {
      const bucket = remote === undefined ? undefined : (senders.get(remote) ?? (senders.size >= MOST ? senders.get('') : undefined))
      return bucket?.wait(now) ?? 0
    },
  }
}
