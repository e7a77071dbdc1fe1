import type { AlertView, GridView } from '../../../shared/wall.ts'
import type { MapFocus } from '../../map/slot.ts'
import { bySeverity, holdsView } from '../../ui/alerts.ts'

export type View = { name: 'estate' } | { name: 'grid'; gridId: string } | { name: 'care' } | { name: 'figures' }

/** Real seconds that a view stands when nothing is open, and that a new matter is looked at from near. */
export const VIEW_FOR = 20
export const LOOK_FOR = 15
/** … and that it keeps the view before an equally urgent one may take it. */
export const DWELL = 6

export function viewsOf(grids: readonly Pick<GridView, 'id'>[], hasCare: boolean): View[] {
  const care: View[] = hasCare ? [{ name: 'care' }] : []
  return [{ name: 'estate' }, ...grids.map((grid): View => ({ name: 'grid', gridId: grid.id })), ...care, { name: 'figures' }]
}

/** The matters that stop the round, the worst first. */
export const holding = (alerts: readonly AlertView[]) => alerts.filter(holdsView).sort(bySeverity)

export const focusOnAlert = (alert: AlertView): MapFocus => ({ placeId: alert.buildingId ?? alert.placeId, alertId: alert.id })
