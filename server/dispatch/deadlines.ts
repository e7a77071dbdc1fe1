import type { Order, OrderStep } from '../../shared/order.ts'
import type { Millis } from '../../shared/status.ts'
import { addWorking, workingBetween } from '../../shared/working-time.ts'
import type { World } from '../../shared/world.ts'

const MINUTE: Millis = 60_000

/** What a clock goes by. */
export type Timed = Pick<Order, 'priority' | 'placeId' | 'clock'>

/** The deadline of a step whose clock starts at `from`: `deadline.p<N>.<step>` minutes of the register, which a place may have its own of. */
export const dueAt = (world: World, order: Timed, step: OrderStep, from: Millis): Millis =>
  later(world, order, from, world.threshold(`deadline.p${order.priority}.${step}`, order.placeId) * MINUTE)

/** The nth telling after the one at the deadline, `escalate.p<N>` minutes apart. */
export const tellingAt = (world: World, order: Timed, due: Millis, n: number): Millis =>
  later(world, order, due, n * Math.max(1, world.threshold(`escalate.p${order.priority}`, order.placeId)) * MINUTE)

/** In the order's own time: all of it, or working hours alone. */
export const later = (world: World, { placeId, clock }: Timed, from: Millis, ms: Millis): Millis =>
  clock === 'working' ? addWorking(world.workingTime(placeId), from, ms) : from + ms

/** What is left until then, of the order's own time. */
export const left = (world: World, { placeId, clock }: Timed, now: Millis, due: Millis): Millis =>
  clock === 'working' ? workingBetween(world.workingTime(placeId), now, due) : due - now
