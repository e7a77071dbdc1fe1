import { LOOP_COUNTS, LOOP_STEPS, type Took } from '../../shared/loop.ts'

/**
 * How long something took, as counts in buckets that grow by 5 %: a quantile is right to 2.5 %, and sketches add up and can be taken
 * from again (DDSketch: Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees",
 * PVLDB 12, 2019).
 */
export interface Sketch {
  count: number
  within: number
  /** of the targets, s */
  targets: number
  buckets: Int32Array
}

const GROWTH = 1.05
const LOG = Math.log(GROWTH)
/** the last one holds whatever took longer than a thousand years */
const BUCKETS = 512

export const newSketch = (): Sketch => ({ count: 0, within: 0, targets: 0, buckets: new Int32Array(BUCKETS) })

/** Under a second is bucket 0. */
const bucketOf = (seconds: number) => (seconds <= 1 ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(seconds) / LOG - 1e-9)))
const middleOf = (bucket: number) => (bucket === 0 ? 1 : (2 * GROWTH ** bucket) / (GROWTH + 1))

export function add(sketch: Sketch, { seconds, target, within }: Took, times: 1 | -1): void {
  sketch.count += times
  sketch.within += within ? times : 0
  sketch.targets += times * Math.round(target)
  sketch.buckets[bucketOf(seconds)]! += times
}

/** The value below which a share of them lies, s; null of none. */
export function quantile({ count, buckets }: Sketch, share: number): number | null {
  if (count <= 0) return null
  let left = Math.ceil(share * count)
  for (const [bucket, n] of buckets.entries()) {
    left -= n
    if (left <= 0) return middleOf(bucket)
  }
  return null
}

/** Counts and sketches of one cell: a day or month of one kind, team or place. */
export interface Cell {
  counts: number[]
  sketches: Sketch[]
}

export const newCell = (): Cell => ({ counts: LOOP_COUNTS.map(() => 0), sketches: LOOP_STEPS.map(newSketch) })

export const isEmpty = ({ counts, sketches }: Cell) => counts.every((n) => n === 0) && sketches.every(({ count }) => count === 0)

/** Variable-length whole numbers, seven bits a byte: a month of a kind in some hundred bytes. */
export function encodeCell({ counts, sketches }: Cell): Uint8Array {
  const bytes: number[] = []
  const write = (value: number) => {
    let rest = value
    while (rest >= 128) {
      bytes.push((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    bytes.push(rest)
  }
  write(counts.length)
  counts.forEach(write)
  for (const { count, within, targets, buckets } of sketches) {
    const filled = [...buckets.keys()].filter((bucket) => buckets[bucket] !== 0)
    ;[count, within, targets, filled.length].forEach(write)
    for (const [i, bucket] of filled.entries()) {
      write(bucket - (filled[i - 1] ?? 0))
      write(buckets[bucket]!)
    }
  }
  return Uint8Array.from(bytes)
}

/** Adds what the bytes hold to a cell; years are summed up in this way, so nothing is made on it. */
export function addBytes(cell: Cell, bytes: Uint8Array): Cell {
  let at = 0
  const read = () => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!
      if (byte < 128) return value + byte * scale
      value += (byte - 128) * scale
    }
  }
  const size = read()
  for (let i = 0; i < size; i++) cell.counts[i] = (cell.counts[i] ?? 0) + read()
  for (const sketch of cell.sketches) {
    sketch.count += read()
    sketch.within += read()
    sketch.targets += read()
    let bucket = 0
    for (let left = read(); left > 0; left--) {
      bucket += read()
      sketch.buckets[bucket]! += read()
    }
  }
  return cell
}
