import type { Alert } from '../../shared/alert.ts'
import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import { REPORT_KIND } from '../../shared/matter-kind.ts'
import type { Report } from '../../shared/report.ts'
import type { Status } from '../../shared/status.ts'
import type { Work } from '../work.ts'
import { isSameMatter, matterOf, sameKeys } from './families.ts'

/** Put aside by people or by design: it asks for nobody until it comes back. */
const ASIDE: readonly Alert['state'][] = ['shelved', 'suppressed', 'out-of-service', 'normal']

/** Priority 1 and 2, and a welfare check, which is an order though no emergency (A2). */
export const needsPeople = (alert: Alert) =>
  alert.active && !ASIDE.includes(alert.state) && (alert.priority <= 2 || alert.kind === 'welfare-check' || alert.kind === 'not-returned')

/** The open incident that this alert belongs to (A4). */
export const incidentFor = (work: Work, alert: Alert): Incident | undefined => sameMatters(work, alert)[0]

/** The open incident that this report belongs to: the same family, as far as it reaches, and something was heard of it within 24 hours. */
export function incidentForReport(work: Work, report: Report): Incident | undefined {
  const { kind, placeId, status } = report
  const since = work.now - work.world.threshold('report.join-hours', placeId) * 3_600_000
  return sameMatters(work, { kind: REPORT_KIND + kind, placeId, status }).find((incident) => heardAt(incident) >= since)
}

/** An exercise never joins what is actual, nor the other way round (X1). */
function sameMatters(work: Work, about: { kind: string; placeId: string; status: Status }): Incident[] {
  const matter = matterOf(work.world, about.kind, about.placeId)
  const candidates = work.incidents.about?.(sameKeys(matter)) ?? [...work.incidents.open()]
  return candidates.filter(
    (incident) =>
      incident.status === about.status &&
      isOpenIncident(incident) &&
      isSameMatter(matter, matterOf(work.world, incident.kind, incident.placeId)),
  )
}

/** When somebody or something last said something about it. */
function heardAt({ openedAt, timeline }: Incident): number {
  const last = timeline.findLast(({ what }) => what.startsWith('alert.') || what.startsWith('report.'))
  return Math.max(openedAt, last?.at ?? 0)
}
