import type { Device } from '../../../shared/device.ts'

export interface Bound {
  device: Device
  replayed: { accepted: number; duplicates: number; held: number }
}
