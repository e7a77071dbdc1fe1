import { isOpenOrder, type Order } from '../../shared/order.ts'
import { orderChange } from '../changes.ts'
import { ordersOf } from '../loop.ts'
import type { IncidentChange, OrderChange, Work } from '../work.ts'
import { acted } from './orders.ts'

/** Two incidents became one, and the same person had been sent to each: the order that nobody has accepted yet is called off. */
export function onMerged(work: Work, changes: readonly IncidentChange[]): OrderChange[] {
  return changes.filter(({ act }) => act === 'merged').flatMap(({ incident }) => spare(work, incident.merged?.into, incident.orders))
}

const ONE_MATTER = '并案，同一人已有工单'

function spare(work: Work, into: string | undefined, brought: readonly string[]): OrderChange[] {
  const incident = into === undefined ? undefined : work.incidents.get(into)
  const open = incident ? ordersOf(work, incident).filter(isOpenOrder) : []
  const own = open.filter(({ id }) => !brought.includes(id))
  return open.flatMap((order) => {
    const isTwice = brought.includes(order.id) && order.state === 'dispatched' && own.some((other) => goesToSame(other, order))
    const off = isTwice ? acted(work.world, order, 'cancel', { at: work.now, by: 'system', why: ONE_MATTER }) : undefined
    if (!off) return []
    work.orders.put(off)
    return [orderChange(order, off)]
  })
}

const goesToSame = (a: Order, b: Order) => a.assignee === b.assignee && a.teamId === b.teamId && a.pool === b.pool
