import type { Alert } from '../shared/alert.ts'
import type { Incident } from '../shared/incident.ts'
import { isOpenOrder, type Order } from '../shared/order.ts'
import type { Work } from './work.ts'

/** How far the orders of one incident have come, taken together. */
export type Stage = 'none' | 'dispatched' | 'working' | 'handled' | 'verified' | 'dropped'

export function stageOf(orders: readonly Order[]): Stage {
  if (orders.length === 0) return 'none'
  const open = orders.filter(isOpenOrder)
  if (open.length === 0) return orders.some(({ state }) => state === 'verified') ? 'verified' : 'dropped'
  if (open.every(({ state }) => state === 'handled')) return 'handled'
  return open.some(({ acceptedAt }) => acceptedAt !== undefined) ? 'working' : 'dispatched'
}

export const ordersOf = (work: Work, incident: Incident): Order[] => incident.orders.flatMap((id) => work.orders.get(id) ?? [])

const ASIDE: readonly Alert['state'][] = ['normal', 'shelved', 'suppressed', 'out-of-service']

/**
 * The alerts of the incident whose condition still holds, so that verified work alone does not close it. A latched alert has nothing that
 * could clear it, and a welfare check is fulfilled by the visit though the home stays blind: neither holds an incident open.
 */
export const standing = (work: Work, incident: Incident): Alert[] =>
  incident.alerts
    .flatMap((id) => work.alerts.get(id) ?? [])
    .filter(
      (alert) =>
        alert.active && !alert.latched && alert.kind !== 'welfare-check' && alert.kind !== 'not-returned' && !ASIDE.includes(alert.state),
    )
