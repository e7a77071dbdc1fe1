import type { Finding } from '../../shared/finding.ts'
import type { SignalOf } from '../../shared/signal.ts'
import type { World } from '../../shared/world.ts'
import type { Ear } from './ears.ts'

/** Percent above the mark at which a battery counts as changed. */
const FRESH = 10

/** Once when a battery runs low, once when it was changed; the engineer's. */
export function checkBattery(ear: Ear, signal: SignalOf<'linwang.heartbeat'>, world: World): Finding | undefined {
  const { battery } = signal.data
  if (battery === undefined) return undefined
  const mark = world.threshold('battery.low', signal.deviceId)
  const key = `device-battery/${signal.deviceId}`
  if (ear.low === undefined && battery <= mark) {
    ear.low = signal.at
    const { placeId, deviceId, at } = signal
    return { act: 'raise', key, kind: 'device-battery', priority: 4, status: 'actual', placeId, deviceId, at, evidence: { battery } }
  }
  if (ear.low === undefined || battery <= mark + FRESH) return undefined
  delete ear.low
  return { act: 'clear', key, at: signal.at, evidence: { battery } }
}
