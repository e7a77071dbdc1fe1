import type { Device, DeviceKind } from '../../shared/device.ts'
import { hash32 } from '../../shared/random.ts'
import type { Millis } from '../../shared/status.ts'
import { MINUTE } from './day.ts'
import type { Happening } from './happening.ts'

/** Minutes between two signs of life of a device that has nothing to say; Frigate's statistics tell of all cameras at once. */
export const EVERY: Record<DeviceKind, number> = {
  camera: 1,
  gate: 5,
  speaker: 5,
  'door-contact': 50,
  motion: 50,
  leak: 240,
  gas: 60,
  'help-button': 480,
  smoke: 360,
  'water-meter': 60,
  'power-meter': 60,
  'alarm-panel': 1,
}

export interface Rounds {
  /** the reports that fall into (from, to] */
  due(from: Millis, to: Millis): Happening[]
}

/** Every device has its own minute of the round, so that they come spread out. */
export function createRounds(devices: readonly Device[]): Rounds {
  const groups = [...Map.groupBy(devices, ({ kind }) => kind)].map(([kind, own]) => {
    const period = EVERY[kind] * MINUTE
    const phased = own.map(({ id }) => ({ id, phase: kind === 'camera' ? 0 : hash32(id) % period }))
    return { period, phased: phased.sort((a, b) => a.phase - b.phase) }
  })
  return { due: (from, to) => groups.flatMap(({ period, phased }) => dueOf(phased, period, from, to)) }
}

function dueOf(phased: readonly { id: string; phase: number }[], period: number, from: Millis, to: Millis): Happening[] {
  const found: Happening[] = []
  for (let round = Math.floor(from / period) * period; round <= to; round += period) {
    for (let i = firstAfter(phased, from - round); i < phased.length && round + phased[i]!.phase <= to; i++)
      found.push({ at: round + phased[i]!.phase, what: 'report', deviceId: phased[i]!.id })
  }
  return found
}

/** Binary search: a step of a second looks at one or two devices, not at thousands. */
function firstAfter(phased: readonly { phase: number }[], offset: number): number {
  let [low, high] = [0, phased.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (phased[middle]!.phase > offset) high = middle
    else low = middle + 1
  }
  return low
}
