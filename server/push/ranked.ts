/** Things in the order of a comparator, kept sorted while they come and go: a window is a slice. */
export interface Ranked<T extends { id: string }> {
  /** the item that was there before */
  replace(id: string, item: T | undefined): T | undefined
  get(id: string): T | undefined
  first(count: number): T[]
  readonly size: number
}

export function createRanked<T extends { id: string }>(compare: (a: T, b: T) => number): Ranked<T> {
  const byId = new Map<string, T>()
  const sorted: T[] = []
  return {
    get size() {
      return sorted.length
    },
    get: (id) => byId.get(id),
    first: (count) => sorted.slice(0, count),
    replace(id, item) {
      const before = byId.get(id)
      if (before) sorted.splice(placeOf(sorted, before, compare), 1)
      if (item) {
        sorted.splice(placeOf(sorted, item, compare), 0, item)
        byId.set(id, item)
      } else byId.delete(id)
      return before
    },
  }
}

/** Index of the first thing that does not come before `item`: its own when it is there, since the order is total. */
function placeOf<T>(sorted: readonly T[], item: T, compare: (a: T, b: T) => number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(sorted[middle]!, item) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Counts by key of what is in: each thing says under which keys it counts. */
export interface Tally<T> {
  swap(before: T | undefined, after: T | undefined): void
  of(key: string): number
}

export function createTally<T>(keysOf: (thing: T) => string[]): Tally<T> {
  const counts = new Map<string, number>()
  const add = (thing: T, by: number) => {
    for (const key of keysOf(thing)) {
      const sum = (counts.get(key) ?? 0) + by
      if (sum === 0) counts.delete(key)
      else counts.set(key, sum)
    }
  }
  return {
    swap(before, after) {
      if (before) add(before, -1)
      if (after) add(after, 1)
    },
    of: (key) => counts.get(key) ?? 0,
  }
}
