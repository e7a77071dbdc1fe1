import type { Alert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import { matterKindOf } from '../../shared/matter-kind.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import type { AlertView, IncidentView, OrderView } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import type { ViewWork } from './view-input.ts'

/** Alerts, incidents and orders as a screen may show them: ids and public fields. */

function whereabouts({ places }: World, placeId: string) {
  return {
    buildingId: places.nearest(placeId, 'building')?.id,
    gridId: places.nearest(placeId, 'grid')?.id,
    place: places.label(placeId),
  }
}

/** What a screen cannot know by the kind alone: reported matters are kinds of the register. */
function nameOf(world: World, kind: string): { name?: string } {
  const name = world.matterKind(matterKindOf(kind) ?? '')?.name
  return name === undefined ? {} : { name }
}

/** The order by which the matter of an alert is being seen to: the newest open one, else the newest. */
function leadingOrder(alert: Alert, work: ViewWork): Order | undefined {
  const ids = alert.incidentId === undefined ? [] : (work.incidents.get(alert.incidentId)?.orders ?? [])
  const orders = ids.map((id) => work.orders.get(id)).filter((order) => order !== undefined)
  return orders.findLast(isOpenOrder) ?? orders.at(-1)
}

export function viewAlert(alert: Alert, work: ViewWork): AlertView {
  const { id, kind, state, priority, status, placeId, deviceId, residentId, raisedAt, lastAt, count, evidence, version } = alert
  const { returnedAt, shelvedUntil, late, incidentId, acknowledgedAt, acknowledgedBy } = alert
  const order = leadingOrder(alert, work)
  const resident = residentId === undefined ? undefined : work.world.resident(residentId)
  return {
    ...{ id, kind, state, priority, placeId, ...whereabouts(work.world, placeId), deviceId, residentId },
    // found to be an exercise, it looks so and counts in no figure (X1)
    status: alert.verdict?.verdict === 'exercise' ? 'exercise' : status,
    clusterId: work.world.places.nearest(placeId, 'cluster')?.id,
    ...{ raisedAt, lastAt, returnedAt, shelvedUntil, count, late, incidentId, evidence, version, acknowledgedAt, acknowledgedBy },
    livingAlone: resident?.categories.includes('living-alone') || undefined,
    orderId: order?.id,
    callBy: incidentId === undefined ? undefined : work.incidents.get(incidentId)?.callBy,
    orderState: order?.state,
    assignee: order?.assignee,
  }
}

export function viewIncident(incident: Incident, work: ViewWork): IncidentView {
  const { id, kind, state, priority, status, placeId, openedAt, callBy, triageBy, triageLate, triageRung, alerts, orders, version } =
    incident
  const { gridId, place } = whereabouts(work.world, placeId)
  const seen = { id, kind, state, priority, placeId, gridId, place, openedAt, callBy, triageBy, triageLate, triageRung, version }
  return {
    ...seen,
    ...nameOf(work.world, kind),
    status: incident.drilled ? 'exercise' : status,
    alerts: alerts.length,
    orders: orders.length,
  }
}

export function viewOrder(order: Order, work: ViewWork): OrderView {
  const { id, incidentId, kind, state, priority, status, placeId, assignee, contactId } = order
  const { dispatchedAt, since, dueAt, next, overdue, rung, pausedUntil, version } = order
  const team = work.world.team(order.pool ?? order.teamId ?? '')?.name
  return {
    ...{ id, incidentId, kind, state, priority, status, placeId, ...whereabouts(work.world, placeId), assignee, contactId },
    ...{ dispatchedAt, since, dueAt, next, overdue, rung, version },
    ...nameOf(work.world, kind),
    ...(team !== undefined && { team }),
    ...(order.pool !== undefined && { pool: true as const }),
    ...(order.heldBy !== undefined && { held: true as const }),
    ...(order.state === 'paused' && pausedUntil !== undefined && { pausedUntil }),
  }
}
