import type { HomeData, MeterData } from './data.ts'
import type { Alarms } from './score.ts'

/** A tap that ran is the sign of life: each reading that is higher than the one before. */
export function signsOfWater({ name, readings }: MeterData): HomeData {
  const at: number[] = []
  for (let n = 1; n < readings.length; n++) if (readings[n]!.litres > readings[n - 1]!.litres) at.push(readings[n]!.at)
  return { name, at: Float64Array.from(at), door: new Uint8Array(at.length), away: [] }
}

/**
 * The municipal rule: under so many litres within so many hours. The alarm if nothing flows after a sign: when the window has left enough
 * of the past behind.
 */
export function waterRule({ readings }: MeterData, { at }: HomeData, hours: number, litres: number): Alarms {
  const window = hours * 3_600
  let low = 0
  let n = 0
  return at.map((sign) => {
    while (n + 1 < readings.length && readings[n + 1]!.at <= sign) n += 1
    const end = readings[n]!.litres
    // the first reading from which on too little was used
    while (low < n && end - readings[low]!.litres >= litres) low += 1
    const at = readings[low]!.at + window
    return at > sign ? at : sign
  })
}
