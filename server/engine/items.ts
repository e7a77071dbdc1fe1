import type { Arrival } from '../../shared/arrival.ts'
import type { Asked } from './commands.ts'

/** What waits for a commit, in the order of its coming. */
export type Item =
  /** `plain`: analysis failed on it before; store it and do no more */
  | { kind: 'arrivals'; arrivals: Arrival[]; bytes: number; plain?: true }
  | { kind: 'command'; asked: Asked }
  /** a real second has gone by: ticks of the clock, slow numbers, housekeeping */
  | { kind: 'second' }

/** A commit of this size takes some 40 ms: what waits behind it is never far off. Bytes as they came, some 250 a signal. */
export const GROUP_BYTES = 512 * 1024
export const GROUP_ITEMS = 2_000

/** The front of the queue that one commit takes, and what stays. A single arrival always fits. */
export function firstGroup(items: Item[]): { group: Item[]; rest: Item[] } {
  let bytes = 0
  for (const [n, item] of items.entries()) {
    if (n > 0 && (bytes >= GROUP_BYTES || n >= GROUP_ITEMS)) return { group: items.slice(0, n), rest: items.slice(n) }
    if (item.kind !== 'arrivals') continue
    const fitting = countWithin(item, GROUP_BYTES - bytes)
    if (fitting < item.arrivals.length) {
      const [head, tail] = splitArrivals(item, Math.max(fitting, n === 0 ? 1 : 0))
      return { group: [...items.slice(0, n), ...head], rest: [...tail, ...items.slice(n + 1)] }
    }
    bytes += item.bytes
  }
  return { group: items, rest: [] }
}

/** how many of the arrivals lie within the bytes */
function countWithin({ arrivals, bytes }: { arrivals: Arrival[]; bytes: number }, room: number): number {
  if (bytes <= room) return arrivals.length
  let sum = 0
  return arrivals.findIndex((arrival) => {
    sum += arrival.bytes.byteLength
    return sum > room
  })
}

type Arrivals = Extract<Item, { kind: 'arrivals' }>

function splitArrivals(item: Arrivals, at: number): [Item[], Item[]] {
  return [part(item, 0, at), part(item, at, item.arrivals.length)]
}

function part(item: Arrivals, from: number, to: number): Item[] {
  if (from >= to) return []
  const arrivals = item.arrivals.slice(from, to)
  return [{ kind: 'arrivals', arrivals, bytes: bytesOf(arrivals) }]
}

export const bytesOf = (arrivals: readonly Arrival[]) => arrivals.reduce((sum, { bytes }) => sum + bytes.byteLength, 0)

/** The pieces of a group that failed as a whole, each to be tried alone. */
export const singles = (group: Item[]): Item[] =>
  group.flatMap((item) => (item.kind === 'arrivals' ? item.arrivals.flatMap((_, n) => part(item, n, n + 1)) : [item]))
