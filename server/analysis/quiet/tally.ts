import type { Millis } from '../../../shared/status.ts'
import { localDay, minuteOfDay } from '../local-time.ts'
import { type Cells, halve, pack, UNIT, unpack } from './cells.ts'
import { bandOf, cellOf, FLOOR, HALF_HOURS, STEP } from './grid.ts'

const MINUTE: Millis = 60_000

/** What one kind of silence of one home has taught. Plain JSON, about 3 kB. */
export interface Tally {
  /** packed `Cells` */
  cells: string
  /** days that it has learned from, and the last of them (local) */
  days: number
  day: number
  /** days since old ones were halved */
  fresh: number
  /** by half hour, decayed over about two months: silences of over half an hour that began there, and minutes spent between signs closer than that */
  starts: number[]
  busy: number[]
  /** days of the same decay */
  weight: number
}

export const newTally = (): Tally => ({
  cells: '',
  days: 0,
  day: -1,
  fresh: 0,
  starts: new Array<number>(HALF_HOURS).fill(0),
  busy: new Array<number>(HALF_HOURS).fill(0),
  weight: 0,
})

/** A year and a half of days at most fit the cells. */
const HALVE_AFTER = 250
/** days */
const MEMORY = 60
/** A silence beyond the grid teaches as far as the grid goes. */
const LONGEST = 48 * 60

/** Another day begins: the last two months weigh most. */
export function turnTally(tally: Tally, day: number) {
  if (day <= tally.day) return
  const fade = 1 - 1 / MEMORY
  for (const list of [tally.starts, tally.busy]) for (let slot = 0; slot < HALF_HOURS; slot++) list[slot] = round(list[slot]! * fade)
  tally.weight = round(tally.weight * fade + 1)
  tally.days += 1
  tally.fresh += 1
  tally.day = day
  if (tally.fresh <= HALVE_AFTER) return
  const cells = unpack(tally.cells)
  halve(cells)
  tally.cells = pack(cells)
  tally.fresh = HALVE_AFTER / 2
}
const round = (value: number) => Math.round(value * 100) / 100

/** One silence, from one sign of life to the next: everybody was listening all the while. */
export function teach(tally: Tally, from: Millis, to: Millis, utcOffset: number) {
  turnTally(tally, localDay(to, utcOffset))
  const minutes = (to - from) / MINUTE
  const begin = minuteOfDay(from, utcOffset)
  const slot = Math.floor(begin / 30)
  if (minutes < FLOOR) {
    tally.busy[slot] = round(tally.busy[slot]! + minutes)
    return
  }
  tally.starts[slot]! += 1
  const cells = unpack(tally.cells)
  addSilence(cells, begin, minutes)
  tally.cells = pack(cells)
}

/** Takes back what one silence has taught: it was no ordinary one. What has faded since is left. */
export function forget(tally: Tally, from: Millis, to: Millis, utcOffset: number) {
  const minutes = (to - from) / MINUTE
  const begin = minuteOfDay(from, utcOffset)
  const slot = Math.floor(begin / 30)
  const list = minutes < FLOOR ? tally.busy : tally.starts
  list[slot] = Math.max(0, round(list[slot]! - (minutes < FLOOR ? minutes : 1)))
  if (minutes < FLOOR) return
  const cells = unpack(tally.cells)
  addSilence(cells, begin, minutes, -1)
  tally.cells = pack(cells)
}

function addSilence({ ends, stays }: Cells, begin: number, minutes: number, sign: 1 | -1 = 1) {
  const last = Math.min(minutes, LONGEST)
  for (let silent = FLOOR; silent < last; silent += STEP) {
    const cell = cellOf(slotAt(begin + silent), bandOf(silent))
    stays[cell] = clamp(stays[cell]! + sign * Math.round(Math.min(STEP, last - silent) / UNIT), 0xffff)
  }
  if (minutes > LONGEST) return
  const end = cellOf(slotAt(begin + minutes), bandOf(minutes))
  ends[end] = clamp(ends[end]! + sign, 0xff)
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value))

const slotAt = (minute: number) => Math.floor(minute / 30) % HALF_HOURS
