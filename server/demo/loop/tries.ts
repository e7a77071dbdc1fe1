import type { Millis } from '../../../shared/status.ts'

/** One attempt for each thing and version; what was refused is tried again half a minute of domain time later. */
export type MayTry = (key: string, now: Millis) => boolean

const AGAIN: Millis = 30_000
const MOST = 5_000

export function createTries(): MayTry {
  const tried = new Map<string, Millis>()
  return (key, now) => {
    if (now < (tried.get(key) ?? 0)) return false
    if (tried.size > MOST) tried.clear()
    tried.set(key, now + AGAIN)
    return true
  }
}
