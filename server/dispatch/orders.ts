import type { Step } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { AWAITS, type OrderAct, orderAfter } from '../../shared/transitions.ts'
import type { World } from '../../shared/world.ts'
import type { Work } from '../work.ts'
import { dueAt } from './deadlines.ts'
import { everyRung, type Owner } from './ladder.ts'

/** A new order of the incident; of priority 1 every rung is told at once (D1), of a drill nobody beyond its owner (X1). Not yet put on its shelf. */
export function newOrder(work: Work, incident: Incident, owner: Owner, by: string, why?: string): Order {
  const { now, world } = work
  const order: Order = {
    id: work.newId('order'),
    incidentId: incident.id,
    kind: incident.kind,
    priority: incident.priority,
    status: incident.status,
    state: 'dispatched',
    placeId: incident.placeId,
    assignee: owner.staffId,
    contactId: world.clusterHead(incident.placeId)?.id ?? incident.contactId,
    dispatchedAt: now,
    since: now,
    dueAt: dueAt(world, incident.priority, 'accept', incident.placeId, now),
    next: 'accept',
    overdue: false,
    steps: [{ at: now, act: 'dispatched', by, to: owner.staffId, why: why ?? (owner.rung || undefined) }],
    version: 1,
  }
  return tellEveryRung(work, order)
}

export function tellEveryRung(work: Work, order: Order): Order {
  if (order.priority !== 1 || order.status !== 'actual') return order
  const rungs = everyRung(work.world, order.placeId, work.now)
  const why = rungs.map(({ rung }) => rung).join('、')
  return withStep(order, { at: work.now, act: 'told', by: 'system', to: rungs.map(({ staffId }) => staffId).join(' '), why })
}

/** Something happened to the order that leaves its state alone. */
export const withStep = (order: Order, step: Step): Order => ({ ...order, steps: [...order.steps, step] })

/** The state that the table gives, with its clock; undefined when the act does not fit. `at` starts the clock of the next step. */
export function acted(world: World, order: Order, act: OrderAct, step: Omit<Step, 'from' | 'to' | 'act'>, at = step.at): Order | undefined {
  const state = orderAfter(act, order)
  if (!state) return undefined
  const told = { ...step, act: PAST[act], from: order.state, to: state }
  const clock = act === 'resume' ? resumed(order, at) : clockOf(world, order, state, at)
  return { ...withStep(order, told), ...clock, state, since: step.at, version: order.version + 1 }
}

/** What the record calls the act once it is done. */
export const PAST: Record<OrderAct, string> = {
  accept: 'accepted',
  arrive: 'arrived',
  handle: 'handled',
  verify: 'verified',
  reject: 'rejected',
  pause: 'paused',
  resume: 'resumed',
  transfer: 'transferred',
  cancel: 'cancelled',
}

type Clock = Pick<Order, 'next' | 'dueAt' | 'overdue' | 'remaining' | 'pausedUntil'>

function clockOf(world: World, order: Order, state: Order['state'], at: number): Clock {
  if (state === 'paused') return { next: order.next, dueAt: null, overdue: order.overdue, remaining: (order.dueAt ?? at) - at }
  const next = state in AWAITS ? AWAITS[state as keyof typeof AWAITS] : null
  const due = next && dueAt(world, order.priority, next, order.placeId, at)
  return { next, dueAt: due, overdue: false, remaining: undefined, pausedUntil: undefined }
}

/** The clock goes on with what was left of it, even if that was less than nothing. */
const resumed = (order: Order, at: number): Clock => ({
  next: order.next,
  dueAt: at + (order.remaining ?? 0),
  overdue: order.overdue,
  remaining: undefined,
  pausedUntil: undefined,
})
