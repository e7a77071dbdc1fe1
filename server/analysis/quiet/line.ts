import { unpack } from './cells.ts'
import { BAND_COUNT, bandOf, FLOOR, HALF_HOURS, STARTS, STEP, STEPS } from './grid.ts'
import { hazardOf, OVER_HOURS } from './hazard.ts'
import type { Tally } from './tally.ts'

/** min after which nine of ten silences that begin in that ten minutes of the day, and reach half an hour, have ended */
export function usualLength(tally: Tally, start: number): number {
  const hazard = hazardOf(unpack(tally.cells))
  let left = 1
  let step = FLOOR / STEP
  for (; step < STEPS && left > 0.1; step++)
    left *= Math.exp(-STEP * hazard[SLOT_OF[(start + step) % STARTS]! * BAND_COUNT + BAND_OF[step]!]!)
  return step * STEP
}

/** For a silence that begins in each ten minutes of the day, after how many steps of ten minutes it is too long. */
export type Line = readonly number[]

/** No silence is too long before this, steps */
const EARLIEST = 6

/** What each length of silence costs, for each start: the share of silences that last so long, and the delay of who needs help meanwhile. */
interface Outlook {
  /** by start and step: a silence of over half an hour lasts at least so long */
  lasts: Float64Array
  /** by start and step: h of delay, summed over all who could have fallen in the silence or just before it */
  delay: Float64Array
  /** silences of over half an hour that begin there in a week */
  weekly: Float64Array
}

/** One line for each wanted rate of false alarms a week: of all lines that are expected to give that rate the one that comes soonest. */
export const linesFor = (tally: Tally, rates: readonly number[]): Line[] => linesIn(lookOut(tally), rates)

function linesIn(outlook: Outlook, rates: readonly number[]): Line[] {
  const tried = new Map<number, { line: number[]; rate: number }>()
  const tryAt = (n: number) => {
    const known = tried.get(n) ?? drawn(outlook, PRICES[n]!)
    tried.set(n, known)
    return known
  }
  return rates.map((rate) => {
    let low = 0
    let high = PRICES.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (tryAt(middle).rate <= rate) high = middle
      else low = middle + 1
    }
    return tryAt(low).line
  })
}

/** What a line may be shortened to: all but one in fifty of the silences that begin there, and reach half an hour, have ended by then. */
function soonestIn({ lasts }: Outlook): Line {
  return Array.from({ length: STARTS }, (_, start) => {
    let step = EARLIEST
    while (step < STEPS && lasts[start * STEPS + step]! > ONE_IN_FIFTY) step++
    return step
  })
}
const ONE_IN_FIFTY = 0.02

export const lineFor = (tally: Tally, rate: number): Line => linesFor(tally, [rate])[0]!

/** The line for that rate, and what heat and cold may shorten it to. */
export function lineAndSoonest(tally: Tally, rate: number): { line: Line; soonest: Line } {
  const outlook = lookOut(tally)
  return { line: linesIn(outlook, [rate])[0]!, soonest: soonestIn(outlook) }
}

/** What a false alarm may cost, in hours of delay: from one to a third of a million. */
const PRICES = Array.from({ length: 64 }, (_, n) => Math.exp((n / 63) * Math.log(3e5)))

function drawn({ lasts, delay, weekly }: Outlook, price: number) {
  const line = new Array<number>(STARTS)
  let rate = 0
  for (let start = 0; start < STARTS; start++) {
    const row = start * STEPS
    let best = EARLIEST
    let least = Number.POSITIVE_INFINITY
    for (let step = EARLIEST; step < STEPS; step++) {
      const cost = price * lasts[row + step]! + delay[row + step]!
      if (cost >= least) continue
      least = cost
      best = step
    }
    line[start] = best
    rate += weekly[start]! * lasts[row + best]!
  }
  return { line, rate }
}

function lookOut(tally: Tally): Outlook {
  const hazard = hazardOf(unpack(tally.cells))
  const lasts = new Float64Array(STARTS * STEPS)
  const delay = new Float64Array(STARTS * STEPS)
  const busy = busyHours(tally)
  for (let start = 0; start < STARTS; start++) {
    let left = 1
    let stay = 0
    let sum = 0
    for (let step = 0; step < STEPS; step++) {
      const at = start * STEPS + step
      lasts[at] = left
      stay += left * HOURS
      sum += stay * HOURS
      delay[at] = sum + busy[Math.floor(start / 3)]! * step * HOURS
      if (step * STEP >= FLOOR) left *= Math.exp(-STEP * hazard[SLOT_OF[(start + step) % STARTS]! * BAND_COUNT + BAND_OF[step]!]!)
    }
  }
  const weekly = Float64Array.from(
    { length: STARTS },
    (_, start) => (7 * tally.starts[Math.floor(start / 3)]!) / 3 / Math.max(1, tally.weight),
  )
  return { lasts, delay, weekly }
}
const HOURS = STEP / 60
const SLOT_OF = Array.from({ length: STARTS }, (_, start) => Math.floor(start / 3))
const BAND_OF = Array.from({ length: STEPS }, (_, step) => Math.max(0, bandOf(step * STEP)))

/**
 * h spent among signs close to each other, for each longer silence that begins there: most who fall do so in the midst of a busy hour, and
 * they wait for the line of that hour.
 */
function busyHours({ busy, starts }: Tally): Float64Array {
  const all = busy.reduce((sum, minutes) => sum + minutes, 0) / 60
  const silences = starts.reduce((sum, count) => sum + count, 0)
  return Float64Array.from({ length: HALF_HOURS }, (_, slot) => {
    let hours = silences > 0 ? all / silences : 0
    let count = 1
    for (let other = 0; other < HALF_HOURS; other++) {
      const weight = OVER_HOURS[slot]![other]!
      hours += (weight * busy[other]!) / 60
      count += weight * starts[other]!
    }
    return Math.min(20, hours / count)
  })
}
