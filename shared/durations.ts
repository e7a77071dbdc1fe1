import type { Alert } from './alert.ts'
import type { Incident } from './incident.ts'
import type { Order } from './order.ts'

/** The steps of the loop whose time is measured; each runs from the step before it, as its deadline does. */
export const MEASURED_STEPS = ['acknowledge', 'accept', 'arrive', 'handle', 'close'] as const
export type MeasuredStep = (typeof MEASURED_STEPS)[number]

const seconds = (from: number | undefined, to: number | undefined) =>
  from === undefined || to === undefined ? undefined : Math.max(0, (to - from) / 1000)

/** Seconds from the alert's receipt (its first step; the occurrence may lie hours before) to its acknowledgement. */
export const acknowledgeSeconds = (alert: Pick<Alert, 'raisedAt' | 'acknowledgedAt' | 'steps'>) =>
  seconds(alert.steps[0]?.at ?? alert.raisedAt, alert.acknowledgedAt)

export const acceptSeconds = (order: Pick<Order, 'dispatchedAt' | 'acceptedAt'>) => seconds(order.dispatchedAt, order.acceptedAt)
export const arriveSeconds = (order: Pick<Order, 'acceptedAt' | 'arrivedAt'>) => seconds(order.acceptedAt, order.arrivedAt)
export const handleSeconds = (order: Pick<Order, 'arrivedAt' | 'handledAt'>) => seconds(order.arrivedAt, order.handledAt)
/** From discovery to verified closure. */
export const closeSeconds = (incident: Pick<Incident, 'openedAt' | 'closedAt'>) => seconds(incident.openedAt, incident.closedAt)

/** Everything that one incident's own record tells; a step not reached yet is undefined. The first order that reached a step counts. */
export function responseOf(
  incident: Incident,
  alerts: readonly Alert[],
  orders: readonly Order[],
): Record<MeasuredStep, number | undefined> {
  return {
    acknowledge: first(alerts.map(acknowledgeSeconds)),
    accept: first(orders.map(acceptSeconds)),
    arrive: first(orders.map(arriveSeconds)),
    handle: first(orders.map(handleSeconds)),
    close: closeSeconds(incident),
  }
}

const first = (values: (number | undefined)[]) => values.find((value) => value !== undefined)
