import type { AlertView } from '../../shared/wall.ts'
import type { Gazetteer, Spot } from './plan.ts'

/** One marker: the alerts of one building or outdoor device, named by the worst of them. */
export interface Pin {
  id: string
  alertId: string
  priority: AlertView['priority']
  count: number
  unacknowledged: boolean
  exercise: boolean
  spot: Spot
  /** the building, when there is one: it takes the colour too */
  buildingId?: string
}

const isUnacknowledged = (alert: AlertView) => alert.state === 'active-unacknowledged' || alert.state === 'returned-unacknowledged'

/** Where an alert stands on the plan: a device out of doors where it hangs, all else on its building's roof. */
function standing(alert: AlertView, gazetteer: Gazetteer): { id: string; spot: Spot } | undefined {
  const outdoors = alert.deviceId && gazetteer.has(alert.deviceId) ? alert.deviceId : undefined
  for (const id of [alert.buildingId, outdoors, alert.deviceId, alert.placeId]) {
    const spot = id && gazetteer.find(id)
    if (id && spot) return { id, spot }
  }
  return undefined
}

/** The alerts given are the ones that call somebody, worst first. */
export function pinsOf(alerts: readonly AlertView[], gazetteer: Gazetteer): Pin[] {
  const pins = new Map<string, Pin>()
  for (const alert of alerts) {
    const place = standing(alert, gazetteer)
    if (!place) continue
    const pin = pins.get(place.id)
    if (pin) {
      pins.set(place.id, { ...pin, count: pin.count + 1, unacknowledged: pin.unacknowledged || isUnacknowledged(alert) })
    } else {
      pins.set(place.id, {
        id: place.id,
        alertId: alert.id,
        priority: alert.priority,
        count: 1,
        unacknowledged: isUnacknowledged(alert),
        exercise: alert.status !== 'actual',
        spot: place.spot,
        ...(alert.buildingId === place.id ? { buildingId: place.id } : {}),
      })
    }
  }
  return [...pins.values()]
}
