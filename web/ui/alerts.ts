import { EQUIPMENT_KINDS } from '../../shared/equipment.ts'
import type { AlertView, CareView, IncidentView } from '../../shared/wall.ts'

/** Matters of the equipment, not of people: for the engineer, so they stand last. */
export const isEquipment = (alert: Pick<AlertView, 'kind'>) => EQUIPMENT_KINDS.has(alert.kind)

const HIDDEN = new Set(['normal', 'shelved', 'suppressed', 'out-of-service'])
/** Shelved and suppressed matters are counted, but call nobody. */
export const isCalling = (alert: Pick<AlertView, 'state'>) => !HIDDEN.has(alert.state)
export const isUnacknowledged = (alert: Pick<AlertView, 'state'>) =>
  alert.state === 'active-unacknowledged' || alert.state === 'returned-unacknowledged'

/** The most urgent first; among equals people living alone, then the newest, so that a new matter is never below the edge. */
export function bySeverity(a: AlertView, b: AlertView): number {
  return (
    Number(isEquipment(a)) - Number(isEquipment(b)) ||
    Number(a.status !== 'actual') - Number(b.status !== 'actual') ||
    a.priority - b.priority ||
    Number(b.livingAlone ?? false) - Number(a.livingAlone ?? false) ||
    b.raisedAt - a.raisedAt ||
    (a.id < b.id ? 1 : -1)
  )
}

export function needs(alerts: readonly AlertView[]) {
  const calling = alerts.filter(isCalling).sort(bySeverity)
  const people = calling.filter((alert) => !isEquipment(alert))
  return { people, equipment: calling.slice(people.length) }
}

/** The one matter that the sentence at the top is about. */
export const worst = (alerts: readonly AlertView[]) => needs(alerts).people[0]

/** The most urgent reported matter of priority 1 and 2, when no alert is at least as urgent. */
export function worstReport(incidents: readonly IncidentView[], alert: AlertView | undefined): IncidentView | undefined {
  const urgent = incidents.filter(({ kind, priority, status }) => kind.startsWith('report.') && priority <= 2 && status === 'actual')
  const [first] = urgent.sort((a, b) => a.priority - b.priority || b.openedAt - a.openedAt)
  return first && (!alert || first.priority < alert.priority) ? first : undefined
}

/** Matters that hold the view: priority 1 and 2 that really happen. */
export const holdsView = (alert: AlertView) => isCalling(alert) && alert.priority <= 2 && !isEquipment(alert)

/** Silence and blindness began before anybody noticed: the time that runs is theirs, not the alert's. */
const BEGAN_EARLIER = new Set([
  'inactivity',
  'welfare-check',
  'not-returned',
  'device-silent',
  'feed-silent',
  'night-out',
  'room-stay',
  'child-alone',
  'water-flow',
])
export function beganAt(alert: Pick<AlertView, 'kind' | 'raisedAt' | 'evidence'>): number {
  const { since } = alert.evidence
  return BEGAN_EARLIER.has(alert.kind) && typeof since === 'number' ? Math.min(since, alert.raisedAt) : alert.raisedAt
}

export type CareIndex = ReadonlyMap<string, CareView>
/** The rows of people alone by their alert and by themselves: one walk for all alerts. */
export function careIndex(care: readonly CareView[]): CareIndex {
  const index = new Map(care.map((row) => [row.residentId, row]))
  for (const row of care) if (row.alertId) index.set(row.alertId, row)
  return index
}
export const careOf = (alert: AlertView, index: CareIndex) =>
  index.get(alert.id) ?? (alert.residentId ? index.get(alert.residentId) : undefined)
