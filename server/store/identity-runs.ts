import type { Database } from 'better-sqlite3'
import type { Millis } from '../../shared/status.ts'
import { type BloomGroup, bloomBits, buildBloom, createBloomGroup, RUNS_PER_GROUP } from './identity-bloom.ts'

/** 504 hashes are 4032 bytes: a block fits one page of 4096 bytes without overflow. */
const BLOCK = 504
const BLOCKS_PER_RUN = 1 << 16

interface Run {
  n: number
  /** newest receipt in it, domain ms */
  lastAt: Millis
  /** first hash of each block, low and high words in turn */
  fences: Uint32Array
  group: number
  slot: number
}

/** The older identities: sorted runs in blocks; in memory only a filter and the fence keys of each. */
export interface Runs {
  has(high: number, low: number): boolean
  /** writes a run; inside the transaction */
  add(sorted: BigUint64Array, now: Millis): void
  /** takes back the run that a failed transaction added */
  dropLast(): void
  /** drops runs whose newest hash is older; inside a transaction of its own that is not expected to fail */
  forget(before: Millis): number
  count(): number
}

export const RUN_TABLES = `
CREATE TABLE IF NOT EXISTS identity_run (
  n INTEGER PRIMARY KEY, last_at INTEGER NOT NULL, count INTEGER NOT NULL, fences BLOB NOT NULL, bloom BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS identity_block (n INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
`

const wordsOf = (bytes: Uint8Array) => new Uint32Array(bytes.slice().buffer)
const bytesOf = (words: Uint32Array) => new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
const notAfter = (h: number, l: number, high: number, low: number) => h < high || (h === high && l <= low)

/** the last block whose first hash is not after the wanted one */
function blockOf(fences: Uint32Array, high: number, low: number): number {
  let from = 0
  let to = fences.length / 2
  while (from < to) {
    const middle = (from + to) >>> 1
    if (notAfter(fences[middle * 2 + 1]!, fences[middle * 2]!, high, low)) from = middle + 1
    else to = middle
  }
  return from - 1
}

function inBlock(block: Buffer, high: number, low: number): boolean {
  let from = 0
  let to = block.length / 8
  while (from < to) {
    const middle = (from + to) >>> 1
    const l = block.readUInt32LE(middle * 8)
    const h = block.readUInt32LE(middle * 8 + 4)
    if (l === low && h === high) return true
    if (notAfter(h, l, high, low)) from = middle + 1
    else to = middle
  }
  return false
}

export function openRuns(db: Database, hashesPerRun: number): Runs {
  const bits = bloomBits(hashesPerRun)
  const groups: BloomGroup[] = []
  const slots: (Run | undefined)[] = []
  const runs: Run[] = []
  const readBlock = db.prepare('SELECT hashes FROM identity_block WHERE n = ?').pluck()
  const putBlock = db.prepare('INSERT INTO identity_block (n, hashes) VALUES (?, ?)')
  const putRun = db.prepare('INSERT INTO identity_run (n, last_at, count, fences, bloom) VALUES (?, ?, ?, ?, ?)')
  const dropRun = db.prepare('DELETE FROM identity_run WHERE n = ?')
  const dropBlocks = db.prepare('DELETE FROM identity_block WHERE n >= ? AND n < ?')

  function hold(n: number, lastAt: Millis, fences: Uint32Array, bloom: Uint8Array) {
    let place = slots.indexOf(undefined)
    if (place < 0) place = slots.length
    const group = Math.floor(place / RUNS_PER_GROUP)
    const run = { n, lastAt, fences, group, slot: place % RUNS_PER_GROUP }
    groups[group] ??= createBloomGroup(bits)
    groups[group].put(run.slot, bloom)
    slots[place] = run
    runs.push(run)
  }
  function release(run: Run) {
    groups[run.group]!.clear(run.slot)
    slots[run.group * RUNS_PER_GROUP + run.slot] = undefined
    runs.splice(runs.indexOf(run), 1)
  }
  const stored = db.prepare('SELECT n, last_at, fences, bloom FROM identity_run ORDER BY n')
  for (const row of stored.iterate() as IterableIterator<{ n: number; last_at: number; fences: Buffer; bloom: Buffer }>)
    hold(row.n, row.last_at, wordsOf(row.fences), row.bloom)

  function runHas(run: Run, high: number, low: number): boolean {
    const block = blockOf(run.fences, high, low)
    if (block < 0) return false
    const bytes = readBlock.get(run.n * BLOCKS_PER_RUN + block) as Buffer | undefined
    return bytes !== undefined && inBlock(bytes, high, low)
  }
  function groupHas(group: number, high: number, low: number): boolean {
    let left = groups[group]!.candidates(high, low)
    while (left !== 0) {
      const slot = 31 - Math.clz32(left & -left)
      const run = slots[group * RUNS_PER_GROUP + slot]
      if (run && runHas(run, high, low)) return true
      left &= left - 1
    }
    return false
  }

  return {
    has(high, low) {
      for (let group = groups.length - 1; group >= 0; group--) if (groupHas(group, high, low)) return true
      return false
    },
    add(sorted, now) {
      const n = (runs.at(-1)?.n ?? 0) + 1
      const words = new Uint32Array(sorted.buffer, 0, sorted.length * 2)
      const fences = new Uint32Array(Math.ceil(sorted.length / BLOCK) * 2)
      for (let block = 0; block * BLOCK < sorted.length; block++) {
        fences[block * 2] = words[block * BLOCK * 2]!
        fences[block * 2 + 1] = words[block * BLOCK * 2 + 1]!
        putBlock.run(n * BLOCKS_PER_RUN + block, bytesOf(words.subarray(block * BLOCK * 2, (block + 1) * BLOCK * 2)))
      }
      const bloom = buildBloom(words, bits)
      putRun.run(n, now, sorted.length, bytesOf(fences), bloom)
      hold(n, now, fences, bloom)
    },
    dropLast() {
      const last = runs.at(-1)
      if (last) release(last)
    },
    forget(before) {
      const old = runs.filter((run) => run.lastAt < before)
      for (const run of old) {
        dropRun.run(run.n)
        dropBlocks.run(run.n * BLOCKS_PER_RUN, (run.n + 1) * BLOCKS_PER_RUN)
        release(run)
      }
      return old.length
    },
    count: () => runs.length,
  }
}
