import type { Millis } from '../../shared/status.ts'

/** Something that a device of the invented town notices. `home` and `who` let a story keep it from happening. */
export type Happening = { at: Millis; deviceId: string; home?: string; who?: string } & (
  | { what: 'passage'; direction: 'in' | 'out'; credential?: 'card' | 'face' | 'code'; residentId?: string }
  | { what: 'contact'; open: boolean }
  | { what: 'motion'; occupied: boolean }
  | { what: 'water'; reading: number }
  | { what: 'press' }
  | { what: 'hazard'; hazard: 'smoke' | 'gas' | 'leak'; active: boolean }
  | { what: 'sighting'; label: string; zone: string; phase: 'new' | 'update' | 'end'; since: Millis; score: number }
  /** the device's own sign of life */
  | { what: 'report' }
)
export type HappeningOf<W extends Happening['what']> = Extract<Happening, { what: W }>
