import type { Order } from '../../shared/order.ts'
import type { StaffRole } from '../../shared/person.ts'
import type { Work } from '../work.ts'
import { withStep } from './orders.ts'

const VERIFIERS: readonly StaffRole[] = ['officer', 'community-staff', 'supervisor']

/** Somebody on duty who did not do the work (D3). */
function verifierFor({ world, now }: Work, { placeId, handledBy, assignee }: Order): string | undefined {
  const candidates = VERIFIERS.flatMap((role) => world.onDutyAll(role, placeId, now))
  return candidates.find(({ id }) => id !== handledBy && id !== assignee)?.id
}

/** Done work has somebody who can verify it; with nobody else on duty it says so and waits for the next shift. */
export function withVerifier(work: Work, order: Order): Order {
  if (order.state !== 'handled') return order
  if (order.verifier !== undefined && work.world.isOnDuty(order.verifier, work.now)) return order
  const verifier = verifierFor(work, order)
  if (verifier === order.verifier) return verifier === undefined && !waits(order) ? nobody(work, order) : order
  const found = { ...order, verifier }
  if (verifier === undefined) return nobody(work, found)
  return waits(order) ? withStep(found, { at: work.now, act: 'verifier.on-duty', by: 'system', to: verifier }) : found
}

const LINES = ['verifier.none', 'verifier.on-duty']
const waits = ({ steps }: Order) => steps.findLast(({ act }) => LINES.includes(act) || act === 'handled')?.act === 'verifier.none'
const nobody = (work: Work, order: Order) => withStep(order, { at: work.now, act: 'verifier.none', by: 'system', to: order.assignee })
