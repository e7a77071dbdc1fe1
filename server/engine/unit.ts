import type { Receipt } from '../../shared/arrival.ts'
import type { Millis } from '../../shared/status.ts'
import type { Answer } from './commands.ts'
import type { Committed } from './protocol.ts'

/** What one commit came to. */
export interface Written {
  receipts: Receipt[]
  answers: Answer[]
  committed?: Committed
}

/** A commit in the making. */
export interface Unit extends Written {
  /** domain time, ms */
  now: Millis
  /** what the machine's clock shows, ms */
  wall: number
  /** a real second has gone by, or the clock was moved: the slow numbers may be looked at, the clock is saved */
  second: boolean
  /** the clock was stepped by hand: whoever did it looks at the slow numbers at once */
  stepped?: true
  /** the registers are new */
  registers: boolean
  /** the register of devices is new, the others are not */
  devices: boolean
}

export const newUnit = (now: Millis, wall: number): Unit => ({
  receipts: [],
  answers: [],
  now,
  wall,
  second: false,
  registers: false,
  devices: false,
})
