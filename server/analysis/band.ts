/** How much is usual: a decayed mean and mean deviation. Plain JSON. */
export interface Band {
  /** what it has learned from */
  n: number
  mean: number
  dev: number
}

export const newBand = (): Band => ({ n: 0, mean: 0, dev: 0 })

/** An average day counts for about a fortnight. */
const MEMORY = 14
/** Deviations beyond which it is unusual; one far out teaches no more than this. */
const WIDE = 4
const KNOWN = 7

export const isKnown = ({ n }: Band): boolean => n >= KNOWN
/** Up to here it is usual. */
export const upper = ({ mean, dev }: Band): number => mean + WIDE * dev

export function learn(band: Band, value: number) {
  const taken = isKnown(band) ? Math.min(value, upper(band) + band.mean) : value
  const weight = 1 / Math.min(band.n + 1, MEMORY)
  const far = Math.abs(taken - band.mean)
  band.mean = round(band.mean + (taken - band.mean) * weight)
  if (band.n > 0) band.dev = round(band.dev + (far - band.dev) * weight)
  band.n += 1
}
const round = (value: number) => Math.round(value * 1000) / 1000
