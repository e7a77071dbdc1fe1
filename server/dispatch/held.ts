import type { Order } from '../../shared/order.ts'
import { orderChange } from '../changes.ts'
import { ordersOf } from '../loop.ts'
import type { OrderChange, Work } from '../work.ts'
import { dueAt } from './deadlines.ts'
import { isUnderway, tellEveryRung, withStep } from './orders.ts'

/** Orders that come one after the other: what an earlier one held begins when that is done, or has gone over to who came in its place. */
export function onOrdersMoved(work: Work, changes: readonly OrderChange[]): OrderChange[] {
  const moved = new Set(changes.filter(({ order }) => !isUnderway(order)).map(({ order }) => order.incidentId))
  return [...moved].flatMap((id) => {
    const incident = work.incidents.get(id)
    const orders = incident ? sisters(work, changes, ordersOf(work, incident)) : []
    return orders.flatMap((order) => begin(work, order, orders) ?? [])
  })
}

/** Those of this very unit of work are not on the incident's list yet. */
const sisters = (work: Work, changes: readonly OrderChange[], known: readonly Order[]): Order[] => {
  const ids = new Set([...known.map(({ id }) => id), ...changes.map(({ order }) => order.id)])
  return [...ids].flatMap((id) => work.orders.get(id) ?? [])
}

function begin(work: Work, before: Order, orders: readonly Order[]): OrderChange | undefined {
  const earlier = before.heldBy === undefined ? undefined : work.orders.get(before.heldBy)
  if (before.heldBy === undefined || isUnderway(earlier) || earlier === undefined) return undefined
  const successor = orders.find(({ replaces, incidentId }) => replaces === earlier.id && incidentId === before.incidentId)
  const order = successor && isUnderway(successor) ? { ...before, heldBy: successor.id, after: successor.id } : released(work, before)
  work.orders.put(order)
  return orderChange(before, order)
}

function released(work: Work, order: Order): Order {
  const { now, world } = work
  const due = order.state === 'dispatched' ? dueAt(world, order, 'accept', now) : order.dueAt
  const free = { ...order, heldBy: undefined, since: now, dueAt: due }
  return tellEveryRung(work, withStep(free, { at: now, act: 'begun', by: 'system', from: order.heldBy, to: order.pool ?? order.assignee }))
}
