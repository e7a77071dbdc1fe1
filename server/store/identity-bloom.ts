/**
 * Bloom filters of up to 32 runs, bit-sliced: word i holds bit i of every run, so one walk of at most six words answers for all 32.
 * 12 bits and 6 probes a hash let 0.4 % of the strangers through to a read of one block.
 */
export const RUNS_PER_GROUP = 32
const PROBES = 6

export function bloomBits(hashes: number): number {
  return Math.max(1024, hashes * 12)
}

const positionAt = (high: number, low: number, probe: number, bits: number) => {
  const mixed = (low + Math.imul(probe, high | 1)) >>> 0
  return Math.floor((mixed * bits) / 4_294_967_296)
}

/** The filter of one run as it is stored. `hashes`: low and high words in turn. */
export function buildBloom(hashes: Uint32Array, bits: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(bits / 8))
  for (let i = 0; i < hashes.length; i += 2) {
    for (let probe = 0; probe < PROBES; probe++) {
      const at = positionAt(hashes[i + 1]!, hashes[i]!, probe, bits)
      out[at >>> 3]! |= 1 << (at & 7)
    }
  }
  return out
}

export interface BloomGroup {
  /** one bit for each run that may hold the hash */
  candidates(high: number, low: number): number
  put(slot: number, bloom: Uint8Array): void
  clear(slot: number): void
}

export function createBloomGroup(bits: number): BloomGroup {
  const words = new Int32Array(bits)
  return {
    candidates(high, low) {
      let left = -1
      for (let probe = 0; probe < PROBES && left !== 0; probe++) left &= words[positionAt(high, low, probe, bits)]!
      return left
    },
    put(slot, bloom) {
      const mark = 1 << slot
      for (let byte = 0; byte < bloom.length; byte++) {
        for (let rest = bloom[byte]!; rest !== 0; rest &= rest - 1) words[byte * 8 + (31 - Math.clz32(rest & -rest))]! |= mark
      }
    },
    clear(slot) {
      const keep = ~(1 << slot)
      for (let i = 0; i < words.length; i++) words[i]! &= keep
    },
  }
}
