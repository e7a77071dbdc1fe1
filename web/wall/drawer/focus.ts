import type { WallState } from '../../../shared/wall.ts'
import type { MapFocus } from '../../map/slot.ts'
import type { Target } from '../../ui/pick.ts'
import { focusOnAlert } from '../cycle/views.ts'

type Things = Pick<WallState, 'alerts' | 'orders' | 'incidents' | 'care' | 'clusters'>

/** Where the map looks when somebody points at something; null when that has no place of its own. */
export function mapFocus(target: Target, state: Things): MapFocus | null {
  const alert = target.kind === 'alert' ? state.alerts.find(({ id }) => id === target.id) : undefined
  if (alert) return focusOnAlert(alert)
  const order = target.kind === 'order' ? state.orders.find(({ id }) => id === target.id) : undefined
  if (order) return { placeId: order.buildingId ?? order.placeId }
  const incident = target.kind === 'incident' ? state.incidents.find(({ id }) => id === target.id) : undefined
  if (incident) return { placeId: incident.placeId }
  const person = target.kind === 'person' ? state.care.find(({ id }) => id === target.id) : undefined
  if (person) return { placeId: person.buildingId ?? person.placeId }
  const cluster = target.kind === 'cluster' ? state.clusters.find(({ id }) => id === target.id) : undefined
  // a cluster is a set of flats and has no outline of its own
  if (cluster) return { placeId: cluster.gridId }
  return target.kind === 'alert' || target.kind === 'order' || target.kind === 'incident' || target.kind === 'person'
    ? null
    : { placeId: target.id }
}
