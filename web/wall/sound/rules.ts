import type { Priority, Status } from '../../../shared/status.ts'
import type { AlertView } from '../../../shared/wall.ts'
import { isCalling, isEquipment } from '../../ui/alerts.ts'

type Heard = Pick<AlertView, 'id' | 'kind' | 'state' | 'priority'> & { status?: Status }

/** The most urgent of those that were not there before: many at once make one sound. */
export function callFor(before: ReadonlySet<string>, alerts: readonly Heard[]): Priority | null {
  const fresh = alerts.filter((alert) => !before.has(alert.id) && isCalling(alert) && !(isEquipment(alert) && alert.priority > 2))
  return fresh.length ? (Math.min(...fresh.map((alert) => alert.priority)) as Priority) : null
}

/** A matter of life calls again until somebody says that they heard it. */
export const repeats = (alerts: readonly Heard[]) => alerts.some((alert) => alert.priority === 1 && alert.state === 'active-unacknowledged')

/** A shift is known by its officer and the day on which it began. */
export const shiftKey = (shift: { officerId: string; name: string; from: string } | null, day: string) =>
  shift ? `${day}/${shift.name}/${shift.officerId}` : ''
