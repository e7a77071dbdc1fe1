import type { Millis } from '../../shared/status.ts'

/** What a cumulative meter showed: litres or kilowatt hours. */
export interface Reading {
  at: Millis
  value: number
}

/** What ran within one hour or one day of the community's clock, as far as readings cover it. */
export interface Slot {
  /** hours or days since 1970, local */
  n: number
  amount: number
  covered: Millis
}

export interface Unit {
  length: Millis
  /** readings further apart than this do not tell when within it ran */
  gap: Millis
}
export const HOURS: Unit = { length: 3_600_000, gap: 2 * 3_600_000 }
export const DAYS: Unit = { length: 86_400_000, gap: 26 * 3_600_000 }

/** Spreads what ran between two readings evenly over the clock; answers the slots that are full now, and the one that is filling. */
export function pour(open: Slot | undefined, from: Reading, to: Reading, unit: Unit, utcOffset: number): { full: Slot[]; open?: Slot } {
  const span = to.at - from.at
  if (span > unit.gap) return { full: [] }
  const local = (at: Millis) => at + utcOffset * 60_000
  const full: Slot[] = []
  let slot = open
  for (let at = local(from.at); at < local(to.at); ) {
    const n = Math.floor(at / unit.length)
    const until = Math.min(local(to.at), (n + 1) * unit.length)
    if (slot?.n !== n) {
      if (slot) full.push(slot)
      slot = { n, amount: 0, covered: 0 }
    }
    slot = { n, amount: slot.amount + ((to.value - from.value) * (until - at)) / span, covered: slot.covered + until - at }
    at = until
  }
  if (slot && local(to.at) >= (slot.n + 1) * unit.length) return { full: [...full, slot].filter(isWhole(unit)) }
  return { full: full.filter(isWhole(unit)), open: slot && { ...slot, amount: Math.round(slot.amount * 1000) / 1000 } }
}

const isWhole = (unit: Unit) => (slot: Slot) => slot.covered >= unit.length * 0.98

/** Litres or kilowatt hours; undefined: a unit that is not known. */
export function inBase(quantity: 'water' | 'power', reading: number, unit: string): number | undefined {
  const factor = FACTORS[quantity][unit.trim().toLowerCase()]
  return factor === undefined ? undefined : reading * factor
}
const FACTORS: Record<'water' | 'power', Record<string, number | undefined>> = {
  water: { l: 1, 升: 1, litre: 1, liter: 1, 'm³': 1000, m3: 1000, 立方米: 1000, 吨: 1000, t: 1000 },
  power: { kwh: 1, 度: 1, wh: 0.001, mwh: 1000 },
}
