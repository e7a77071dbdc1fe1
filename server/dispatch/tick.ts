import type { Order } from '../../shared/order.ts'
import { orderChange } from '../changes.ts'
import type { OrderChange, Work } from '../work.ts'
import { findOwner, rungAbove } from './ladder.ts'
import { acted, newOrder, withStep } from './orders.ts'

/** Ends of pauses, missed deadlines, and calls that nobody answered. A pause that ended while the server was down ended when it was said to, and its clock ran on. */
export function onTick(work: Work): OrderChange[] {
  return [...pressing(work), ...unanswered(work)]
}

/** Call first: the time is over and nobody was reached, so somebody goes. It is the incident's own state, so a restart forgets no call. */
function unanswered(work: Work): OrderChange[] {
  const due = [...work.incidents.open()].filter(({ callBy }) => callBy !== undefined && callBy <= work.now)
  return due.map((incident) => {
    const order = newOrder(work, incident, findOwner(work.world, incident.kind, incident.placeId, work.now), 'system', NOT_IN_TIME)
    work.orders.put(order)
    return orderChange(undefined, order)
  })
}
const NOT_IN_TIME = '限时内电话未接通'

function pressing(work: Work): OrderChange[] {
  return [...work.orders.open()].flatMap((before) => {
    const order = missed(work, woken(work, before))
    if (order === before) return []
    work.orders.put(order)
    return [orderChange(before, order)]
  })
}

function woken(work: Work, order: Order): Order {
  if (order.state !== 'paused' || order.pausedUntil === undefined || order.pausedUntil > work.now) return order
  return acted(work.world, order, 'resume', { at: work.now, by: 'system' }, order.pausedUntil) ?? order
}

/** Said once a step: the owner and the next rung that has somebody are told; a drill pages nobody (X1). */
function missed(work: Work, order: Order): Order {
  if (order.overdue || order.dueAt === null || order.dueAt > work.now) return order
  const above = order.status !== 'actual' ? undefined : rungAbove(work.world, order.placeId, order.assignee, work.now)
  const step = { at: work.now, act: 'deadline.missed', by: 'system', from: order.next ?? undefined, to: above?.staffId, why: above?.rung }
  return withStep({ ...order, overdue: true }, step)
}
