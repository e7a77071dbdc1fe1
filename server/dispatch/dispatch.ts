import type { Incident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import { orderChange } from '../changes.ts'
import { ordersOf } from '../loop.ts'
import type { IncidentChange, OrderChange, Work } from '../work.ts'
import { dueAt } from './deadlines.ts'
import { findOwner } from './ladder.ts'
import { newOrder, tellEveryRung, withStep } from './orders.ts'

/** An incident gets its order at once; one that grows more urgent hurries its orders; one that is reopened gets a new one. */
export function onIncidentChanges(work: Work, changes: readonly IncidentChange[]): OrderChange[] {
  return changes.flatMap((change) => (wantsOrder(work, change) ? [dispatch(work, change.incident)] : hurry(work, change)))
}

/** Opened or reopened; or a further alert came in after all that had been sent had said that they were done. */
function wantsOrder(work: Work, { before, incident }: IncidentChange): boolean {
  if (incident.state === 'closed' || incident.state === 'merged') return false
  if (!before || before.state === 'closed') return true
  const grew = incident.alerts.length > before.alerts.length
  return grew && !ordersOf(work, incident).some((order) => isOpenOrder(order) && order.state !== 'handled')
}

function dispatch(work: Work, incident: Incident): OrderChange {
  const owner = findOwner(work.world, incident.kind, incident.placeId, work.now)
  return put(work, undefined, newOrder(work, incident, owner, 'system'))
}

/** A deadline only ever comes nearer by this. */
function hurry(work: Work, { before, incident }: IncidentChange): OrderChange[] {
  if (!before || incident.priority >= before.priority) return []
  const slower = ordersOf(work, incident).filter((order) => isOpenOrder(order) && order.priority > incident.priority)
  return slower.map((order) => put(work, order, hurried(work, order, incident.priority)))
}

function hurried(work: Work, order: Order, priority: Order['priority']): Order {
  const { now, world } = work
  const due =
    order.next && order.dueAt !== null ? Math.min(order.dueAt, dueAt(world, priority, order.next, order.placeId, now)) : order.dueAt
  const step = { at: now, act: 'priority', by: 'system', from: String(order.priority), to: String(priority) }
  const hurrying = withStep({ ...order, priority, dueAt: due, version: order.version + 1 }, step)
  return priority === 1 ? tellEveryRung(work, hurrying) : hurrying
}

function put(work: Work, before: Order | undefined, order: Order): OrderChange {
  work.orders.put(order)
  return orderChange(before, order)
}
