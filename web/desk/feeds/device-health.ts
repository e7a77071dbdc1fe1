import type { DeviceKind } from '../../../shared/device.ts'

/** One device of a feed as GET /api/feeds/:id/devices gives it. Times ms, silences seconds. */
export interface DeviceHealth {
  id: string
  kind: DeviceKind
  name: string
  address: string
  placeId: string
  place?: string
  state: 'heard' | 'silent' | 'never' | 'fault' | 'low-battery'
  lastHeard: number | null
  /** seconds that usually pass between two messages, learned */
  usualGap?: number | null
  /** seconds of silence that are a fault */
  silentAfter?: number | null
  drift?: number | null
  accepted?: number
  duplicates?: number
  repeats?: number
  quarantined?: number
  battery?: number | null
}

export const FAULTY: ReadonlySet<string> = new Set(['silent', 'fault', 'low-battery'])
const ORDER: Record<DeviceHealth['state'], number> = { fault: 0, silent: 1, 'low-battery': 2, heard: 3, never: 4 }
export const deviceRank = (a: DeviceHealth, b: DeviceHealth) =>
  (ORDER[a.state] ?? 3) - (ORDER[b.state] ?? 3) || (b.lastHeard ?? 0) - (a.lastHeard ?? 0) || (a.id < b.id ? -1 : 1)
