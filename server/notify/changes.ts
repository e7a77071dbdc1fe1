import type { Incident } from '../../shared/incident.ts'
import type { MessageParams } from '../../shared/message.ts'
import type { Order } from '../../shared/order.ts'
import type { IncidentChange, OrderChange } from '../work.ts'
import type { News } from './endpoints.ts'

/** Every change of what is public of an incident, for the city's own platform. People's words and persons are not part of it. */
export function changeOfIncident({ before, incident, act, by }: IncidentChange): News[] {
  const now = publicIncident(incident)
  if (before && JSON.stringify(publicIncident(before)) === JSON.stringify(now)) return []
  const { id, priority, status, placeId } = incident
  return [{ kind: 'change.incident', priority, status, incidentId: id, placeId, params: { ...now, act, by, from: before?.state ?? null } }]
}

export function changeOfOrder({ before, order, act, by }: OrderChange): News[] {
  const now = publicOrder(order)
  if (before && JSON.stringify(publicOrder(before)) === JSON.stringify(now)) return []
  const { id, priority, status, placeId, incidentId } = order
  const params = { ...now, act, by, from: before?.state ?? null }
  return [{ kind: 'change.order', priority, status, incidentId, orderId: id, placeId, params }]
}

const publicIncident = (incident: Incident): MessageParams => ({
  kind: incident.kind,
  priority: incident.priority,
  state: incident.state,
  openedAt: incident.openedAt,
  closedAt: incident.closedAt ?? null,
  orders: incident.orders,
  alerts: incident.alerts,
  reports: incident.reports,
  version: incident.version,
})

const publicOrder = (order: Order): MessageParams => ({
  kind: order.kind,
  priority: order.priority,
  state: order.state,
  assignee: order.assignee,
  next: order.next,
  dueAt: order.dueAt,
  overdue: order.overdue,
  incidentId: order.incidentId,
  dispatchedAt: order.dispatchedAt,
  handledAt: order.handledAt ?? null,
  verifiedAt: order.verifiedAt ?? null,
  version: order.version,
})
