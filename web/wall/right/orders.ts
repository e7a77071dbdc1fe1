import type { OrderView } from '../../../shared/wall.ts'

/** Overdue first, then the nearest deadline; what waits for nothing comes last. */
export function byPressing(a: OrderView, b: OrderView): number {
  return (
    Number(b.overdue) - Number(a.overdue) ||
    (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) ||
    a.dispatchedAt - b.dispatchedAt ||
    (a.id < b.id ? -1 : 1)
  )
}

/** What is left of the deadline, 1 … 0; null without one. */
export function leftOf(order: Pick<OrderView, 'since' | 'dueAt'>, now: number): number | null {
  if (order.dueAt === null) return null
  const whole = order.dueAt - order.since
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, (order.dueAt - now) / whole))
}

/** How a deadline looks: late is red, the last quarter orange. */
export const urgency = (left: number | null) => (left === null ? 'none' : left <= 0 ? 'late' : left < 0.25 ? 'soon' : 'fine')
