import { type Incident, isOpenIncident, type TimelineEntry } from '../../shared/incident.ts'
import { REPORT_KIND } from '../../shared/matter-kind.ts'
import { isOpenOrder } from '../../shared/order.ts'
import type { Report } from '../../shared/report.ts'
import type { Priority } from '../../shared/status.ts'
import { incidentChange } from '../changes.ts'
import { ordersOf } from '../loop.ts'
import { decided, moved, withLine, withRepeat } from '../record.ts'
import type { IncidentChange, ReportChange, Work } from '../work.ts'
import { matterOf } from './families.ts'
import { incidentForReport } from './join.ts'
import { proposalsFor } from './propose.ts'
import { type Urgency, urgencyOf } from './urgency.ts'
import { awaitsTriage } from './waiting-triage.ts'

/** Reports become incidents or join the open one of their matter, and what their reporters say later goes into its record. */
export function onReportChanges(work: Work, changes: readonly ReportChange[]): IncidentChange[] {
  return changes.flatMap((change) => {
    const report = work.reports.get(change.report.id) ?? change.report
    const own = report.incidentId === undefined ? undefined : work.incidents.get(report.incidentId)
    const before = own ?? incidentForReport(work, report)
    const after = own ? recorded(work, own, change, report) : before ? join(work, before, report) : open(work, report)
    if (after === before) return []
    work.incidents.put(after)
    if (!own) work.reports.put({ ...report, incidentId: after.id })
    return [{ ...incidentChange(before, after), by: change.by }]
  })
}

function open(work: Work, report: Report): Incident {
  const { placeId, status } = report
  const kind = work.world.matterKind(report.kind)
  const urgency: Urgency = kind ? urgencyOf(work.world, kind, placeId) : { priority: 3, because: [] }
  const incident: Incident = {
    id: work.newId('incident'),
    kind: REPORT_KIND + report.kind,
    priority: urgency.priority,
    status,
    state: 'open',
    placeId,
    residentId: personOf(work, report),
    openedAt: work.now,
    alerts: [],
    reports: [report.id],
    orders: [],
    timeline: [lineOf(report, work.now, 'report.received'), ...atRisk(kind?.priority, urgency, work.now)],
    contactId: work.world.clusterHead(placeId)?.id,
    channels: [report.channel],
    ...awaitsTriage(work, kind, urgency.priority, placeId),
    version: 1,
  }
  const proposals = proposalsFor(work, incident)
  return proposals.length > 0 ? { ...incident, proposals } : incident
}

/** Whom the matter is about: who asks for help at home. A resident who reports a wild parker is nobody to look after. */
function personOf({ world }: Work, { reporter, kind, placeId }: Report): string | undefined {
  const resident = reporter.kind === 'resident' && reporter.id ? world.resident(reporter.id) : undefined
  return resident?.placeId === placeId && matterOf(world, REPORT_KIND + kind, placeId).family === 'person' ? resident.id : undefined
}

const atRisk = (priority: Priority | undefined, { priority: to, because }: Urgency, at: number): TimelineEntry[] =>
  because.length === 0
    ? []
    : [{ at, by: 'system', what: 'incident.people-at-risk', from: String(priority), to: String(to), note: because.join(' ') }]

function join(work: Work, incident: Incident, report: Report): Incident {
  const kind = work.world.matterKind(report.kind)
  const urgency: Urgency = kind ? urgencyOf(work.world, kind, report.placeId) : { priority: incident.priority, because: [] }
  const channels = [...new Set([...(incident.channels ?? []), report.channel])]
  const residentId = incident.residentId ?? personOf(work, report)
  const line = lineOf(report, work.now, 'report.joined')
  const joined = decided(incident, { reports: [...incident.reports, report.id], channels, residentId }, line)
  return moreUrgent(work, joined, urgency, report)
}

/** One more reason to hurry. What cannot wait is not kept waiting for triage. */
function moreUrgent(work: Work, incident: Incident, { priority }: Urgency, report: Report): Incident {
  if (priority >= incident.priority) return incident
  const line = {
    at: work.now,
    by: 'system',
    what: 'incident.priority',
    ref: report.id,
    from: String(incident.priority),
    to: String(priority),
  }
  const waits = incident.triageBy !== undefined && priority > 2
  return decided(incident, { priority, triageBy: waits ? incident.triageBy : undefined }, line)
}

/** Residents and callers by what they are, never by who: the record is read by more people than may know. */
export const saidBy = ({ reporter }: Report): string => (reporter.kind === 'staff' ? (reporter.id ?? 'staff') : reporter.kind)

function lineOf(report: Report, at: number, what: string): TimelineEntry {
  const note = [report.spot, report.text].filter(Boolean).join(' ')
  return { at, by: saidBy(report), what, ref: report.id, kind: report.kind, from: report.channel, ...(note !== '' && { note }) }
}

function recorded(work: Work, incident: Incident, change: ReportChange, report: Report): Incident {
  const step = report.steps.at(-1)
  const line: TimelineEntry = {
    at: work.now,
    by: saidBy(report),
    what: `report.${change.act}`,
    ref: report.id,
    to: step?.to,
    note: step?.why,
  }
  if (change.act === 'repeated') return repeated(incident, change, report, line)
  if (change.act === 'withdrawn') return afterWithdrawal(work, withLine(incident, line))
  return withLine(incident, line)
}

/** The same once more is one line with the number; other words are a line of their own, so that nothing that was said is lost. */
function repeated(incident: Incident, { before }: ReportChange, report: Report, line: TimelineEntry): Incident {
  const isNew = line.note !== undefined && report.steps.length > (before?.steps.length ?? 0)
  if (isNew) return withLine(incident, { ...line, what: 'report.added' })
  return withRepeat(incident, { ...line, note: undefined }, report.repeats ?? 1)
}

/** Nobody says any more that there is something, and nobody is on the way: closed. Otherwise people decide. */
function afterWithdrawal(work: Work, incident: Incident): Incident {
  const isOver = incident.alerts.length === 0 && incident.reports.every((id) => work.reports.get(id)?.withdrawnAt !== undefined)
  if (!isOver || !isOpenIncident(incident) || ordersOf(work, incident).some(isOpenOrder)) return incident
  return moved(incident, 'close', { at: work.now, by: 'system', what: 'incident.withdrawn' }) ?? incident
}
