import type { Order } from '../../../shared/order.ts'
import { hash32, seededRandom } from '../../../shared/random.ts'
import type { Millis } from '../../../shared/status.ts'
import { type Span, within } from '../span.ts'

/** How somebody goes about one order, drawn by its id: the same order is always gone about in the same way. */
export interface Script {
  /** ms from the step before to this one */
  accept: number
  arrive: number
  handle: number
  verify: number
  /** waits for a part before going there */
  pauses: boolean
  helps: boolean
  /** takes a picture of the finished work */
  photo: boolean
  /** the verifier's first call reaches nobody */
  misses: boolean
  /** the verifier is not content the first time */
  refuses: boolean
}

/** Seconds from one step to the next. */
const USUAL = { accept: [20, 80], arrive: [60, 180], handle: [100, 240], verify: [45, 130] } as const
/** What is urgent is begun sooner; by priority */
const HASTE = { 1: 0.5, 2: 0.7, 3: 1, 4: 1 } as const
/** Share of orders that nobody takes up in time, by priority: the ladder is seen now and then. */
const LATE = { 1: 0, 2: 0.2, 3: 0.06, 4: 0 } as const
/** Seconds after the deadline: the next rung of an order of priority 2 hears of it after ten minutes. */
const LATE_BY: Span = [40, 700]
/** what has until tomorrow morning is begun all the same */
const LONGEST: Millis = 40 * 60_000

type Known = Pick<Order, 'id' | 'priority' | 'state' | 'since' | 'dueAt' | 'replaces'>

export function scriptOf(order: Known, seed: number): Script {
  const random = seededRandom(hash32(order.id, seed))
  const of = (step: keyof typeof USUAL) => within(random, USUAL[step])
  const accept = of('accept') * HASTE[order.priority]
  const late = random.chance(LATE[order.priority]) ? within(random, LATE_BY) : undefined
  const clock = Math.max(0, (order.dueAt ?? order.since) - order.since)
  const again = order.replaces !== undefined
  return {
    accept: late !== undefined && !again && clock <= LONGEST ? clock + late : accept,
    arrive: of('arrive') * HASTE[order.priority],
    handle: of('handle'),
    verify: of('verify'),
    pauses: random.chance(0.07) && !again,
    helps: random.chance(0.08) && !again,
    photo: random.chance(0.55),
    misses: random.chance(0.15),
    refuses: random.chance(0.12) && !again,
  }
}
