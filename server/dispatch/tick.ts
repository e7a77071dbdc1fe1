import type { Order } from '../../shared/order.ts'
import { orderChange } from '../changes.ts'
import type { OrderChange, Work } from '../work.ts'
import { findOwner } from './ladder.ts'
import { acted, newOrder } from './orders.ts'
import { told } from './telling.ts'
import { withVerifier } from './verifier.ts'

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
    const order = told(work, withVerifier(work, woken(work, before)))
    if (order === before) return []
    work.orders.put(order)
    return [orderChange(before, order)]
  })
}

function woken(work: Work, order: Order): Order {
  if (order.state !== 'paused' || order.pausedUntil === undefined || order.pausedUntil > work.now) return order
  return acted(work.world, order, 'resume', { at: order.pausedUntil, by: 'system' }) ?? order
}
