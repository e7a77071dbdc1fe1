import { hazardOfSense } from './dahua-codes.ts'
import type { Reading } from './wired-input.ts'

/** A sensor behind an indoor unit. */
export function indoorReading(sense: unknown, action: string): Reading | 'unknown' | undefined {
  const hazard = typeof sense === 'string' ? hazardOfSense(sense) : undefined
  if (hazard === undefined) return 'unknown'
  if (hazard === 'help') return action === 'Stop' ? undefined : { type: 'linwang.help', data: {} }
  return { type: 'linwang.hazard', data: { hazard, active: action !== 'Stop' } }
}
