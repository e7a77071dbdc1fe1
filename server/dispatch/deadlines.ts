import type { OrderStep } from '../../shared/order.ts'
import type { Millis, Priority } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'

/** Minutes for each step when the register of thresholds says nothing. */
const DEFAULTS: Record<Priority, Record<OrderStep, number>> = {
  1: { accept: 2, arrive: 10, handle: 60, verify: 240 },
  2: { accept: 5, arrive: 20, handle: 120, verify: 720 },
  3: { accept: 30, arrive: 120, handle: 480, verify: 1440 },
  4: { accept: 120, arrive: 480, handle: 1440, verify: 2880 },
}

/** The deadline of a step whose clock starts at `from`: `deadline.p<N>.<step>` minutes, which a place may have of its own. */
export function dueAt(world: World, priority: Priority, step: OrderStep, placeId: string, from: Millis): Millis {
  const minutes = world.threshold(`deadline.p${priority}.${step}`, placeId)
  return from + (Number.isFinite(minutes) ? minutes : DEFAULTS[priority][step]) * 60_000
}
