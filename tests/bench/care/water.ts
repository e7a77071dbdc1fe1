import { readAt } from '../../../server/analysis/quiet/cadence.ts'
import type { HomeData, MeterData } from './data.ts'
import type { Alarms } from './score.ts'

/** An hour in which so much was drawn ends a silence for good; a drip does not, l. */
const ENDS_IT = 10

/** A tap that ran is the sign of life: each reading that is higher than the one before. */
export function signsOfWater({ name, readings }: MeterData): HomeData {
  const at: number[] = []
  const gap: number[] = []
  const unheard: number[] = []
  let gaps = 0
  let isUnheard = 0
  const cadence = { at: readings[0]?.at ?? 0, every: 0 }
  for (let n = 1; n < readings.length; n++) {
    if (readAt(cadence, readings[n]!.at)) isUnheard = 1
    const drawn = readings[n]!.litres - readings[n - 1]!.litres
    if (drawn <= 0) continue
    if (drawn >= ENDS_IT) gaps += 1
    at.push(readings[n]!.at)
    gap.push(gaps)
    unheard.push(isUnheard)
    isUnheard = 0
  }
  return {
    name,
    at: Float64Array.from(at),
    door: new Uint8Array(at.length),
    away: [],
    gap: Int32Array.from(gap),
    unheard: Uint8Array.from(unheard),
  }
}

/** When calls come that wait for a reading. */
export interface Called {
  /** if nothing follows the sign: the readings go on by the hour */
  alone: Alarms
  /** in the stream as it was, with its holes */
  inStream: Alarms
}

/**
 * The municipal rule: under so many litres within so many hours. It looks at each reading, and back to the last one that is at least so
 * many hours older. The alarm if nothing flows after a sign; at the sign itself where too little had flowed by then.
 */
export function waterRule(meter: MeterData, { at }: HomeData, hours: number, litres: number): Called {
  const { readings } = meter
  let low = 0
  let n = 0
  const due = at.map((sign) => {
    while (n + 1 < readings.length && readings[n + 1]!.at <= sign) n += 1
    const end = readings[n]!.litres
    // the first reading from which on too little was used
    while (low < n && end - readings[low]!.litres >= litres) low += 1
    return Math.max(sign, readings[low]!.at + hours * 3_600)
  })
  return onceRead(meter, at, due, 0)
}

/** How long before the line a reading may have come to show that nothing was drawn (`server/analysis/proof.ts`), s */
const FRESH = 900

/** Blind is not quiet: the call waits for a reading that shows that still nothing was drawn, as the server does. */
export function onceRead({ readings }: MeterData, at: Float64Array, due: Alarms, fresh = FRESH): Called {
  return {
    alone: due.map((time, n) => Math.max(time, at[n]! + Math.ceil((time - fresh - at[n]!) / HOUR) * HOUR)),
    inStream: due.map((time) => Math.max(time, readingFrom(readings, time - fresh))),
  }
}
const HOUR = 3_600

/** The first reading at that time or after it. */
function readingFrom(readings: MeterData['readings'], time: number): number {
  let low = 0
  let high = readings.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (readings[middle]!.at >= time) high = middle
    else low = middle + 1
  }
  return readings[low]?.at ?? Number.POSITIVE_INFINITY
}
