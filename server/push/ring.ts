import { KEEP_PATCHES_FOR } from '../../shared/live.ts'
import { type Op, opKey } from '../../shared/patch.ts'

/** What changed lately, by key: values are absolute, so what a client missed is the present value of the keys touched since. */
export interface Ring {
  add(revision: number, ops: readonly Op[]): void
  /** keys touched after a revision, perhaps a few more; undefined when memory does not reach back that far */
  keysSince(revision: number): Set<string> | undefined
}

interface Segment {
  /** revision before the first of it */
  from: number
  to: number
  /** real time of the first and the last of it */
  began: number
  ended: number
  keys: Set<string>
}

/** Real ms that share one segment: a resume may carry that much too much. */
const SEGMENT = 5_000
/** Keys kept at most, of about 100 bytes each. */
const KEYS = 200_000

export function createRing(revision: number, now: () => number, keepFor = KEEP_PATCHES_FOR + 60_000): Ring {
  const segments: Segment[] = []
  let last = revision
  let size = 0

  const open = (): Segment => {
    const current = segments.at(-1)
    if (current && now() - current.began < SEGMENT) return current
    const fresh = { from: last, to: last, began: now(), ended: now(), keys: new Set<string>() }
    segments.push(fresh)
    return fresh
  }
  const forget = () => {
    while (segments.length > 1 && (size > KEYS || segments[0]!.ended < now() - keepFor)) size -= segments.shift()!.keys.size
  }
  return {
    add(revision, ops) {
      const segment = open()
      size -= segment.keys.size
      for (const op of ops) segment.keys.add(opKey(op))
      size += segment.keys.size
      segment.to = last = revision
      segment.ended = now()
      forget()
    },
    keysSince(since) {
      if (since === last) return new Set()
      if (since > last || since < (segments[0]?.from ?? last)) return undefined
      const keys = new Set<string>()
      for (const segment of segments) if (segment.to > since) for (const key of segment.keys) keys.add(key)
      return keys
    },
  }
}
