import type { Incident } from '../../shared/incident.ts'
import { REPORT_KIND } from '../../shared/matter-kind.ts'
import type { Order } from '../../shared/order.ts'
import type { Report, ReportProgress } from '../../shared/report.ts'
import type { Priority } from '../../shared/status.ts'
import { stateOf } from '../reports/progress.ts'
import type { IncidentChange, OrderChange, Work } from '../work.ts'
import { dutyOfficers } from './people.ts'
import type { Telling } from './tellings.ts'

type State = ReportProgress['state']
/** What a reporter is told of. */
export type ProgressStep = Exclude<State, 'received' | 'withdrawn'> | 'reopened' | 'merged'

interface Moved {
  incidents: readonly IncidentChange[]
  orders: readonly OrderChange[]
}

/** Whoever reported something is told each time it comes further: states alone, never who works on it nor what colleagues write. */
export function tellingsOfReporters(work: Work, moved: Moved): Telling[] {
  const ids = new Set([...moved.incidents.map(({ incident }) => incident.id), ...moved.orders.map(({ order }) => order.incidentId)])
  return [...ids].flatMap((id) => {
    const incident = work.incidents.get(id)
    const change = moved.incidents.find((one) => one.incident.id === id)
    const before = change ? change.before : incident
    // what is taken out of a merger is where it was for its reporter
    if (!incident || incident.state === 'merged' || before?.state === 'merged') return []
    return incident.reports.flatMap((reportId) => {
      const report = work.reports.get(reportId)
      const step = report && stepOf(work, moved, report, before, incident)
      return step ? tellingsOf(work, report, incident, step) : []
    })
  })
}

function stepOf(work: Work, moved: Moved, report: Report, before: Incident | undefined, incident: Incident): ProgressStep | undefined {
  const wasHere = before?.reports.includes(report.id) ?? false
  if (!wasHere && isMerged(moved, report.id, incident.id)) return 'merged'
  const was = wasHere ? stateOf(report, before, ordersBefore(work, moved, before)) : 'received'
  return progress(was, stateOf(report, incident, ordersNow(work, incident)))
}

/** Work that was done and found wanting begins anew. */
export function progress(was: State, is: State): ProgressStep | undefined {
  if (was === is || is === 'withdrawn' || was === 'withdrawn') return undefined
  if (was === 'closed') return 'reopened'
  if (is === 'received') return undefined
  if (was === 'handled' && is !== 'closed') return is === 'arrived' ? undefined : 'reopened'
  return is
}

const isMerged = ({ incidents }: Moved, reportId: string, into: string) =>
  incidents.some(({ incident }) => incident.merged?.into === into && incident.reports.includes(reportId))

const ordersNow = (work: Work, incident: Incident | undefined): Order[] =>
  (incident?.orders ?? []).flatMap((id) => work.orders.get(id) ?? [])

/** An order may move more than once in one unit of work: as it stood before the first. */
const ordersBefore = (work: Work, { orders }: Moved, before: Incident | undefined): Order[] =>
  ordersNow(work, before).flatMap((order) => {
    const first = orders.find((change) => change.order.id === order.id)
    return first ? (first.before ?? []) : order
  })

/** Help at night is news for the morning too: whoever wants quiet hours has them, however urgent the matter was for us. */
const MOST_URGENT: Priority = 2

function tellingsOf(work: Work, report: Report, incident: Incident, step: ProgressStep): Telling[] {
  const { id, no, kind, placeId, reporter } = report
  const about = {
    priority: Math.max(MOST_URGENT, incident.priority) as Priority,
    status: incident.drilled ? ('exercise' as const) : incident.status,
    incidentId: incident.id,
    placeId,
    params: { kind: REPORT_KIND + kind, step, reportId: id, no },
  }
  const to = reporterOf(work, report, incident)
  const told: Telling[] = to === undefined ? [] : [{ kind: 'report.progress', to: [to], ...about }]
  const rings = step === 'closed' && reporter.callback === true
  return rings ? [...told, { kind: 'report.call-back', to: dutyOfficers(work, placeId), ...about }] : told
}

/** A resident; of the staff who found it on their round, unless it is their own work by now. */
function reporterOf(work: Work, { reporter, channel }: Report, incident: Incident): string | undefined {
  if (reporter.kind === 'resident') return reporter.id
  const isFind = reporter.kind === 'staff' && (channel === 'field' || channel === 'shop')
  return isFind && !ordersNow(work, incident).some(({ assignee }) => assignee === reporter.id) ? reporter.id : undefined
}
