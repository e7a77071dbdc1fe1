import type { Alert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Work } from '../work.ts'
import { isSameMatter, matterOf } from './families.ts'

/** Put aside by people or by design: it asks for nobody until it comes back. */
const ASIDE: readonly Alert['state'][] = ['shelved', 'suppressed', 'out-of-service', 'normal']

/** Priority 1 and 2, and a welfare check, which is an order though no emergency (A2). */
export const needsPeople = (alert: Alert) =>
  alert.active && !ASIDE.includes(alert.state) && (alert.priority <= 2 || alert.kind === 'welfare-check' || alert.kind === 'not-returned')

/** The open incident that this alert belongs to (A4). An exercise never joins what is actual, nor the other way round (X1). */
export function incidentFor(work: Work, alert: Alert): Incident | undefined {
  const { places } = work.world
  const matter = matterOf(places, alert.kind, alert.placeId)
  for (const incident of work.incidents.open()) {
    if (incident.status === alert.status && isSameMatter(matter, matterOf(places, incident.kind, incident.placeId))) return incident
  }
  return undefined
}
