import type { Alert } from '../../shared/alert.ts'
import { type Incident, isOpenIncident, type TimelineEntry } from '../../shared/incident.ts'
import type { Priority } from '../../shared/status.ts'
import { incidentChange } from '../changes.ts'
import { ordersOf, stageOf, standing } from '../loop.ts'
import { decided, moved, timesOf, withLine, withRepeat } from '../record.ts'
import type { AlertChange, IncidentChange, Work } from '../work.ts'
import { callAgain, firstCall, waitingFor } from './call-first.ts'
import { incidentFor, needsPeople } from './join.ts'

/** Said once however often it happens; the line carries the number. */
const REPEATED: readonly AlertChange['act'][] = ['counted', 'returned', 'reactivated']

/** Alerts become incidents or join the open one of their matter, and their history goes into its record. */
export function onAlertChanges(work: Work, changes: readonly AlertChange[]): IncidentChange[] {
  return latestCounts(changes).flatMap((change) => {
    const alert = work.alerts.get(change.alert.id) ?? change.alert
    const own = alert.incidentId === undefined ? undefined : work.incidents.get(alert.incidentId)
    if (change.act === 'judged') return own ? judged(work, own, change, alert) : []
    if (own && (isOpenIncident(own) || !startsAnew(change, alert, own))) return record(work, own, change, alert)
    return needsPeople(alert) && change.act !== 'closed' ? openOrJoin(work, change, alert) : []
  })
}

/** A device that says the same thing 10,000 times in a batch costs one line: of an alert's counts the last one stands for all. */
function latestCounts(changes: readonly AlertChange[]): AlertChange[] {
  const last = new Map<string, AlertChange>()
  for (const change of changes) if (change.act === 'counted') last.set(change.alert.id, change)
  return changes.filter((change) => change.act !== 'counted' || last.get(change.alert.id) === change)
}

const COMES_BACK: readonly AlertChange['act'][] = ['raised', 'reactivated', 'unshelved', 'restored']

/** The condition came back after its incident was closed, or grew worse: a new matter. A mere repeat of what people closed is not. */
const startsAnew = ({ act }: AlertChange, alert: Alert, closed: Incident) =>
  needsPeople(alert) && (COMES_BACK.includes(act) || alert.priority < closed.priority)

function openOrJoin(work: Work, change: AlertChange, alert: Alert): IncidentChange[] {
  const before = incidentFor(work, alert)
  const incident = before ? askAgain(work, join(before, alert, work.now), before, alert) : open(work, change, alert)
  work.incidents.put(incident)
  work.alerts.put({ ...alert, incidentId: incident.id })
  return [{ ...incidentChange(before, incident), by: change.by }]
}

/** Called about while it was an alert alone: whoever called found that somebody has to go. */
const wasCalled = ({ act, by }: AlertChange) => act === 'reactivated' && by !== 'system'

function open(work: Work, change: AlertChange, alert: Alert): Incident {
  const waiting = wasCalled(change) ? undefined : waitingFor(work, alert)
  return {
    id: work.newId('incident'),
    kind: alert.kind,
    priority: alert.priority,
    status: alert.status,
    state: 'open',
    placeId: alert.placeId,
    residentId: alert.residentId,
    openedAt: work.now,
    alerts: [alert.id],
    reports: [],
    orders: [],
    timeline: [raised(alert, work.now), ...(waiting ? [firstCall(work, waiting)] : [])],
    contactId: work.world.clusterHead(alert.placeId)?.id,
    ...waiting,
    version: 1,
  }
}

function join(incident: Incident, alert: Alert, now: number): Incident {
  const priority = Math.min(alert.priority, incident.priority) as Priority
  const residentId = incident.residentId ?? alert.residentId
  // a device found it as well: it is no longer for people to look at first
  return decided(incident, { alerts: [...incident.alerts, alert.id], priority, residentId, triageBy: undefined }, raised(alert, now))
}

const raised = (alert: Alert, at: number): TimelineEntry => ({
  at,
  by: 'system',
  what: 'alert.raised',
  ref: alert.id,
  kind: alert.kind,
})

/** A verdict moves nothing; when every alert turns out to have been an exercise, the incident counts in no figure (X1). */
function judged(work: Work, before: Incident, { by }: AlertChange, alert: Alert): IncidentChange[] {
  const { verdict, note } = alert.verdict!
  const drilled = before.alerts.every((id) => work.alerts.get(id)?.verdict?.verdict === 'exercise') || undefined
  const incident = decided(before, { drilled }, { at: work.now, by, what: 'alert.judged', ref: alert.id, to: verdict, note })
  work.incidents.put(incident)
  return [{ ...incidentChange(before, incident), by }]
}

/** What happens to an alert of an incident is a line of its record; it may also make the matter more urgent, or end a wait. */
function record(work: Work, before: Incident, change: AlertChange, alert: Alert): IncidentChange[] {
  if (change.act === 'noted' || (change.act === 'raised' && before.alerts.includes(alert.id))) return []
  const told = moreUrgent(lineOf(before, change, alert, work.now), alert, work.now)
  const incident = settle(work, spare(work, COMES_BACK.includes(change.act) ? askAgain(work, told, before, alert) : told))
  work.incidents.put(incident)
  return [{ ...incidentChange(before, incident), by: change.by }]
}

function lineOf(incident: Incident, change: AlertChange, alert: Alert, at: number): Incident {
  const what = `alert.${change.act}`
  const line: TimelineEntry = { at, by: change.by, what, ref: alert.id, note: why(change) }
  if (!REPEATED.includes(change.act)) return withLine(incident, line)
  return withRepeat(incident, line, change.act === 'counted' ? alert.count : timesOf(incident, what, alert.id) + 1)
}

const why = ({ alert, by }: AlertChange) => (by === 'system' ? undefined : alert.steps.at(-1)?.why)

function moreUrgent(incident: Incident, alert: Alert, at: number): Incident {
  if (alert.priority >= incident.priority || !isOpenIncident(incident)) return incident
  const line = { at, by: 'system', what: 'incident.priority', ref: alert.id, from: String(incident.priority), to: String(alert.priority) }
  return decided(incident, { priority: alert.priority }, line)
}

/** A conclusion that comes up (again) while all was thought to be well and nobody is under way: the telephone comes first once more. */
function askAgain(work: Work, incident: Incident, before: Incident, alert: Alert): Incident {
  const isIdle = incident.state === 'awaiting-verification' && ['none', 'dropped'].includes(stageOf(ordersOf(work, incident)))
  if (!isIdle || !needsPeople(alert) || alert.priority < before.priority) return incident
  const waiting = waitingFor(work, alert)
  return (waiting && callAgain(work, incident, waiting)) ?? incident
}

/** All is as usual again before anybody was called: nobody is sent for nothing, and the officer has the last word. */
function spare(work: Work, incident: Incident): Incident {
  const holds = incident.alerts.some((id) => needsPeople(work.alerts.get(id)!))
  if (incident.callBy === undefined || holds) return incident
  return moved(incident, 'await', { at: work.now, by: 'system', what: 'call.spared' }) ?? incident
}

/** All work was verified and only the condition kept the matter open: now that it has gone, the verification closes it. */
function settle(work: Work, incident: Incident): Incident {
  const waits = incident.state === 'awaiting-verification' && stageOf(ordersOf(work, incident)) === 'verified'
  if (!waits || standing(work, incident).length > 0) return incident
  return moved(incident, 'close', { at: work.now, by: 'system', what: 'incident.closed' }) ?? incident
}
