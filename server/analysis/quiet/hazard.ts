import { type Cells, UNIT } from './cells.ts'
import { BAND_COUNT, CELLS, cellOf, HALF_HOURS } from './grid.ts'

/**
 * How likely a silence ends within the next minute, by cell. First as the product of what the hour does and what the length does (a
 * two-way Poisson model fitted in turns, neighbours helping); then each cell moves from there to what was seen in and around it, as far
 * as it was seen enough.
 */
export function hazardOf({ ends, stays }: Cells): Float64Array {
  const seen = Float64Array.from(ends)
  const spent = Float64Array.from(stays, (stay) => stay * UNIT)
  return correct(product(seen, spent), seen, spent)
}

/** How far neighbours help: standard deviation of the bell in half hours, and in bands. */
const HOURS_WIDTH = 1.5
const BAND_WIDTH = 0.7
const CELL_BAND_WIDTH = 1
/** min of silence that the product counts for against what was seen around a cell */
const TRUST = 20_000 / 60
const ROUNDS = 5

const bell = (distance: number, width: number) => Math.exp(-0.5 * (distance / width) ** 2)
const round = (from: number, to: number) => Math.min(Math.abs(from - to), HALF_HOURS - Math.abs(from - to))
const kernel = (size: number, weight: (a: number, b: number) => number) =>
  Array.from({ length: size }, (_, a) => Float64Array.from({ length: size }, (_, b) => weight(a, b)))
/** What each half hour lends every other, round the clock. */
export const OVER_HOURS = kernel(HALF_HOURS, (a, b) => bell(round(a, b), HOURS_WIDTH))
const OVER_BANDS = kernel(BAND_COUNT, (a, b) => bell(a - b, BAND_WIDTH))
const OVER_CELL_BANDS = kernel(BAND_COUNT, (a, b) => bell(a - b, CELL_BAND_WIDTH))

const smooth = (values: Float64Array, over: readonly Float64Array[]) =>
  Float64Array.from(over, (weights) => weights.reduce((sum, weight, n) => sum + weight * values[n]!, 0))

/** The sum of each half hour, or of each band, of one or two grids multiplied. */
function sums(size: number, of: (hour: number, band: number) => number, isHour: boolean): Float64Array {
  const out = new Float64Array(size)
  for (let hour = 0; hour < HALF_HOURS; hour++) for (let band = 0; band < BAND_COUNT; band++) out[isHour ? hour : band]! += of(hour, band)
  return out
}

function product(seen: Float64Array, spent: Float64Array): Float64Array {
  const total = (list: Float64Array) => list.reduce((sum, one) => sum + one, 0)
  const byBand = new Float64Array(BAND_COUNT).fill((total(seen) + 0.5) / (total(spent) + 60))
  const byHour = new Float64Array(HALF_HOURS).fill(1)
  const endsByHour = smooth(
    sums(HALF_HOURS, (hour, band) => seen[cellOf(hour, band)]!, true),
    OVER_HOURS,
  )
  const endsByBand = smooth(
    sums(BAND_COUNT, (hour, band) => seen[cellOf(hour, band)]!, false),
    OVER_BANDS,
  )
  for (let n = 0; n < ROUNDS; n++) {
    const dueByHour = smooth(
      sums(HALF_HOURS, (hour, band) => spent[cellOf(hour, band)]! * byBand[band]!, true),
      OVER_HOURS,
    )
    for (let hour = 0; hour < HALF_HOURS; hour++) byHour[hour] = (endsByHour[hour]! + 2) / (dueByHour[hour]! + 2)
    const dueByBand = smooth(
      sums(BAND_COUNT, (hour, band) => spent[cellOf(hour, band)]! * byHour[hour]!, false),
      OVER_BANDS,
    )
    for (let band = 0; band < BAND_COUNT; band++) byBand[band] = (endsByBand[band]! + 1) / (dueByBand[band]! + 60)
  }
  const out = new Float64Array(CELLS)
  for (let hour = 0; hour < HALF_HOURS; hour++)
    for (let band = 0; band < BAND_COUNT; band++) out[cellOf(hour, band)] = byHour[hour]! * byBand[band]!
  return out
}

function correct(start: Float64Array, seen: Float64Array, spent: Float64Array): Float64Array {
  const near = around(seen)
  const time = around(spent)
  return start.map((rate, cell) => (near[cell]! + TRUST * rate) / (time[cell]! + TRUST))
}

/** Each cell with its neighbours of both clocks. */
function around(values: Float64Array): Float64Array {
  const rows = new Float64Array(CELLS)
  for (let hour = 0; hour < HALF_HOURS; hour++) {
    const row = values.subarray(hour * BAND_COUNT, (hour + 1) * BAND_COUNT)
    if (row.some((value) => value > 0)) rows.set(smooth(row, OVER_CELL_BANDS), hour * BAND_COUNT)
  }
  const out = new Float64Array(CELLS)
  for (let band = 0; band < BAND_COUNT; band++) {
    const column = smooth(
      Float64Array.from({ length: HALF_HOURS }, (_, hour) => rows[cellOf(hour, band)]!),
      OVER_HOURS,
    )
    for (let hour = 0; hour < HALF_HOURS; hour++) out[cellOf(hour, band)] = column[hour]!
  }
  return out
}
