/**
 * The recent identities: an open-addressing table of 64-bit hashes as pairs of 32-bit words in one typed array.
 * What a transaction added can be taken back, newest first, which keeps linear probing sound.
 */
export interface HotTable {
  readonly size: number
  /** false when it is there already */
  add(high: number, low: number): boolean
  has(high: number, low: number): boolean
  /** marks the point to which `undo` goes back */
  settle(): void
  undo(): void
  /** every hash, ascending */
  sorted(): BigUint64Array
  /** what was added since the last `settle`, in order: low and high word of each */
  added(): Uint32Array
}

const slotOf = (high: number, low: number, mask: number) => (low ^ (high << 7)) & mask

export function createHotTable(capacity = 1 << 19): HotTable {
  let mask = capacity - 1
  let words = new Uint32Array(capacity * 2)
  let size = 0
  let fresh: number[] = []

  /** the slot of the hash, or of the gap where it would go */
  function find(high: number, low: number): number {
    let slot = slotOf(high, low, mask)
    while (true) {
      const l = words[slot * 2]!
      const h = words[slot * 2 + 1]!
      if ((l === low && h === high) || (l === 0 && h === 0)) return slot
      slot = (slot + 1) & mask
    }
  }
  const taken = (slot: number) => words[slot * 2] !== 0 || words[slot * 2 + 1] !== 0
  const write = (slot: number, high: number, low: number) => {
    words[slot * 2] = low
    words[slot * 2 + 1] = high
  }
  function* pairs(from: Uint32Array) {
    for (let i = 0; i < from.length; i += 2) if (from[i] !== 0 || from[i + 1] !== 0) yield [from[i + 1]!, from[i]!] as const
  }
  /** slots move, so what is fresh is put in last again and stays the first to be taken back */
  function grow() {
    const old = words
    const late = added()
    const lateSet = new Set<string>()
    for (const [high, low] of pairs(late)) lateSet.add(`${high}:${low}`)
    mask = mask * 2 + 1
    words = new Uint32Array((mask + 1) * 2)
    for (const [high, low] of pairs(old)) if (!lateSet.has(`${high}:${low}`)) write(find(high, low), high, low)
    fresh = []
    for (const [high, low] of pairs(late)) {
      const slot = find(high, low)
      write(slot, high, low)
      fresh.push(slot)
    }
  }
  function added(): Uint32Array {
    const out = new Uint32Array(fresh.length * 2)
    for (let i = 0; i < fresh.length; i++) {
      out[i * 2] = words[fresh[i]! * 2]!
      out[i * 2 + 1] = words[fresh[i]! * 2 + 1]!
    }
    return out
  }

  return {
    get size() {
      return size
    },
    has: (high, low) => taken(find(high, low)),
    add(high, low) {
      const slot = find(high, low)
      if (taken(slot)) return false
      write(slot, high, low)
      fresh.push(slot)
      size++
      if (size > mask * 0.7) grow()
      return true
    },
    settle() {
      fresh = []
    },
    undo() {
      for (let i = fresh.length - 1; i >= 0; i--) write(fresh[i]!, 0, 0)
      size -= fresh.length
      fresh = []
    },
    sorted() {
      const out = new BigUint64Array(size)
      const halves = new Uint32Array(out.buffer)
      let i = 0
      for (let s = 0; s < words.length; s += 2) {
        if (words[s] === 0 && words[s + 1] === 0) continue
        halves[i++] = words[s]!
        halves[i++] = words[s + 1]!
      }
      return out.sort()
    },
    added,
  }
}
