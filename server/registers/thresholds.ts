import type { Threshold } from '../../shared/registers.ts'
import shipped from './thresholds.json' with { type: 'json' }

/** What holds where a register says nothing. Names that are not here do not exist. */
export const SHIPPED: ReadonlyMap<string, Omit<Threshold, 'scope'>> = new Map(shipped.map((threshold) => [threshold.name, threshold]))
