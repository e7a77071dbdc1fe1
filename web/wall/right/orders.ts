import type { IncidentView, OrderView } from '../../../shared/wall.ts'

/** What somebody is waited for: an order, or what was reported and nobody has looked at. */
export type Pressing = { order: OrderView; incident?: never } | { incident: IncidentView; order?: never }

/** Overdue first, then the nearest deadline, orders and triage in one list. Held orders wait for another, not for a clock. */
export function pressing(orders: readonly OrderView[], incidents: readonly IncidentView[]): Pressing[] {
  const waiting = incidents.filter(({ triageBy }) => triageBy !== undefined)
  const all = [
    ...orders.map((order) => ({ order, late: order.overdue, due: order.dueAt ?? Infinity, since: order.dispatchedAt, id: order.id })),
    ...waiting.map((incident) => ({
      ...{ incident, late: incident.triageLate === true, due: incident.triageBy!, since: incident.openedAt, id: incident.id },
    })),
  ]
  all.sort((a, b) => Number(b.late) - Number(a.late) || compare(a.due, b.due) || a.since - b.since || (a.id < b.id ? -1 : 1))
  return all
}
/** without NaN where both are infinite */
const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)

/** In rem, as the rows draw them: a second line says who has it when it is not simply somebody on the way. */
export const ROW = 0.39
export const TALL_ROW = 0.66
export const isTall = ({ order, incident }: Pressing) =>
  order ? order.rung !== undefined || order.pool === true || order.held === true : incident.triageRung !== undefined

/** What is left of the deadline, 1 … 0; null without one. */
export function leftOf(order: Pick<OrderView, 'since' | 'dueAt'>, now: number): number | null {
  if (order.dueAt === null) return null
  const whole = order.dueAt - order.since
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, (order.dueAt - now) / whole))
}

/** How a deadline looks: late is red, the last quarter orange. */
export const urgency = (left: number | null) => (left === null ? 'none' : left <= 0 ? 'late' : left < 0.25 ? 'soon' : 'fine')
