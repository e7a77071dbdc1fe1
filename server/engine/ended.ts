import { areaIdsOf } from '../../shared/areas.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Ended } from '../../shared/loop.ts'
import { incidentEnded, orderEnded, targetsFrom } from '../../shared/loop-times.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import type { World } from '../../shared/world.ts'
import type { Shelves } from '../store/things.ts'

interface Ending {
  id: string
  /** absent: it gives nothing any more */
  ended: Ended | undefined
  areas: readonly string[]
}

/** What this commit ends, opens again, or changes of what had ended: a rating, a verdict that it was an exercise. Before the shelves are flushed. */
export function endedIn(shelves: Shelves, world: World): Ending[] {
  const { incidents, orders, reports } = shelves
  const targetOf = targetsFrom(world.threshold)
  const [ofIncidents, ofOrders] = [new Set<string>(), new Set<string>()]
  for (const incident of incidents.unwritten()) {
    const before = incidents.committed(incident.id)
    if (isClosed(incident) || isClosed(before)) ofIncidents.add(incident.id)
    if (incident.drilled !== before?.drilled) for (const id of incident.orders) ofOrders.add(id)
  }
  for (const order of orders.unwritten()) {
    const before = isOpenOrder(order) ? orders.committed(order.id) : undefined
    if (!isOpenOrder(order) || (before && !isOpenOrder(before))) ofOrders.add(order.id)
  }
  for (const { incidentId, rating } of reports.unwritten()) {
    if (rating && incidentId !== undefined && isClosed(incidents.get(incidentId))) ofIncidents.add(incidentId)
  }
  return [...present(ofIncidents, incidents.get, incidentOf), ...present(ofOrders, orders.get, orderOf)]

  function incidentOf(incident: Incident): Ended | undefined {
    return incidentEnded(incident, aroundOf(incident, shelves), targetOf)
  }
  function orderOf(order: Order): Ended | undefined {
    return incidents.get(order.incidentId)?.drilled ? undefined : orderEnded(order, targetOf)
  }
  function present<T extends { id: string; placeId: string }>(
    ids: Iterable<string>,
    get: (id: string) => T | undefined,
    endedOf: (thing: T) => Ended | undefined,
  ): Ending[] {
    const things = [...ids].flatMap((id) => get(id) ?? [])
    return things.map((thing) => ({ id: thing.id, ended: endedOf(thing), areas: areaIdsOf(world.places, thing.placeId) }))
  }
}

const isClosed = (incident: Incident | undefined) => incident?.state === 'closed'

const aroundOf = ({ alerts, orders, reports }: Incident, shelves: Shelves) => ({
  alerts: alerts.flatMap((id) => shelves.alerts.get(id) ?? []),
  orders: orders.flatMap((id) => shelves.orders.get(id) ?? []),
  reports: reports.flatMap((id) => shelves.reports.get(id) ?? []),
})
