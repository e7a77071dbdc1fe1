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
  buckets: Map<number, number>
}

const GROWTH = 1.05
const LOG = Math.log(GROWTH)

export const newSketch = (): Sketch => ({ count: 0, within: 0, targets: 0, buckets: new Map() })

/** Under a second is bucket 0. */
const bucketOf = (seconds: number) => (seconds <= 1 ? 0 : Math.ceil(Math.log(seconds) / LOG - 1e-9))
const middleOf = (bucket: number) => (bucket === 0 ? 1 : (2 * GROWTH ** bucket) / (GROWTH + 1))

export function add(sketch: Sketch, { seconds, target, within }: Took, times: 1 | -1): void {
  const bucket = bucketOf(seconds)
  sketch.count += times
  sketch.within += within ? times : 0
  sketch.targets += times * Math.round(target)
  put(sketch.buckets, bucket, times)
}

export function merge(into: Sketch, from: Sketch): void {
  into.count += from.count
  into.within += from.within
  into.targets += from.targets
  for (const [bucket, n] of from.buckets) put(into.buckets, bucket, n)
}

function put(buckets: Map<number, number>, bucket: number, n: number) {
  const sum = (buckets.get(bucket) ?? 0) + n
  if (sum === 0) buckets.delete(bucket)
  else buckets.set(bucket, sum)
}

/** The value below which a share of them lies, s; null of none. */
export function quantile({ count, buckets }: Sketch, share: number): number | null {
  if (count <= 0) return null
  let left = Math.ceil(share * count)
  for (const bucket of [...buckets.keys()].sort((a, b) => a - b)) {
    left -= buckets.get(bucket)!
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

export function mergeCells(into: Cell, from: Cell): void {
  for (const [i, n] of from.counts.entries()) into.counts[i] = (into.counts[i] ?? 0) + n
  for (const [i, sketch] of from.sketches.entries()) merge(into.sketches[i]!, sketch)
}

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
    ;[count, within, targets, buckets.size].forEach(write)
    let last = 0
    for (const bucket of [...buckets.keys()].sort((a, b) => a - b)) {
      write(bucket - last)
      write(buckets.get(bucket)!)
      last = bucket
    }
  }
  return Uint8Array.from(bytes)
}

export function decodeCell(bytes: Uint8Array): Cell {
  let at = 0
  const read = () => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!
      value += (byte % 128) * scale
      if (byte < 128) return value
    }
  }
  const cell = newCell()
  const size = read()
  for (let i = 0; i < size; i++) cell.counts[i] = read()
  for (const sketch of cell.sketches) {
    sketch.count = read()
    sketch.within = read()
    sketch.targets = read()
    let bucket = 0
    for (let left = read(); left > 0; left--) {
      bucket += read()
      sketch.buckets.set(bucket, read())
    }
  }
  return cell
}
