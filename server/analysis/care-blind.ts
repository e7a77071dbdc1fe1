import type { Millis } from '../../shared/status.ts'
import type { BlindReason, CareView } from '../../shared/wall.ts'
import type { Ear } from './ears.ts'
import { type Home, sensorsOf } from './homes.ts'
import type { InactivityState } from './inactivity-state.ts'

/** How the sensors of a home are heard. */
export interface Hearer {
  isHeard(deviceId: string, now: Millis): boolean
  earOf(deviceId: string): Ear | undefined
  isFeedOut(deviceId: string): boolean
}

/** A device that spoke so lately, of whatever time, is alive. */
const LATELY: Millis = 2 * 3_600_000

/** A2: since when a home cannot be relied on, and the likeliest reason; undefined: it is heard. */
export function blindnessOf(home: Home, state: InactivityState, hearer: Hearer, now: Millis): CareView['blind'] {
  const known = sensorsOf(home, state.sparse).filter((id) => hearer.earOf(id) !== undefined)
  if (known.length === 0) return { since: null, reason: 'never' }
  const mute = known.filter((id) => !hearer.isHeard(id, now))
  if (mute.length === 0 && state.blindSince === null) return undefined
  const since = state.blindSince ?? Math.min(...mute.map((id) => hearer.earOf(id)!.at))
  return { since, reason: reasonOf(mute, known, hearer, now) }
}

function reasonOf(mute: readonly string[], known: readonly string[], { earOf, isFeedOut }: Hearer, now: Millis): BlindReason {
  if (mute.some(isFeedOut)) return 'gateway'
  if (mute.some((id) => now - (earOf(id)?.spoke ?? 0) < LATELY)) return 'clock'
  if (mute.some((id) => earOf(id)?.low !== undefined)) return 'battery'
  return mute.length > 1 && mute.length === known.length ? 'gateway' : 'sensor'
}
