import type { FeedRow } from './feed.ts'

/** How many of the last rounds are kept, and so how wide the picture is. */
export const ROUNDS = 45
interface Pulse {
  total: number
  bars: readonly number[]
}
export type Pulses = ReadonlyMap<string, Pulse>

const total = ({ accepted, duplicates, quarantined, repeats = 0 }: FeedRow) => accepted + duplicates + quarantined + repeats

/** What each feed brought since the round before: messages, the newest last. A counter that began anew brings nothing. */
export function nextPulses(before: Pulses, feeds: readonly FeedRow[]): Pulses {
  return new Map(
    feeds.map((feed) => {
      const known = before.get(feed.id)
      const now = total(feed)
      const came = known ? Math.max(0, now - known.total) : 0
      return [feed.id, { total: now, bars: [...(known?.bars ?? []), came].slice(-ROUNDS) }]
    }),
  )
}
