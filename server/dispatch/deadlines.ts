import type { OrderStep } from '../../shared/order.ts'
import type { Millis, Priority } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'

/** The deadline of a step whose clock starts at `from`: `deadline.p<N>.<step>` minutes of the register, which a place may have its own of. */
export const dueAt = (world: World, priority: Priority, step: OrderStep, placeId: string, from: Millis): Millis =>
  from + world.threshold(`deadline.p${priority}.${step}`, placeId) * 60_000
