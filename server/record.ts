import type { Incident, TimelineEntry } from '../shared/incident.ts'
import { type IncidentAct, incidentAfter } from '../shared/transitions.ts'

/** One more line of the record. The version goes up with it (D2). */
export const withLine = (incident: Incident, line: TimelineEntry): Incident => ({
  ...incident,
  timeline: [...incident.timeline, line],
  version: incident.version + 1,
})

/**
 * Repeats of one thing are one line: the old one goes, the new one stands at the end with the number of times in its note. The version
 * stays then, so that a chattering sensor never turns an officer's click into a conflict.
 */
export function withRepeat(incident: Incident, line: TimelineEntry, times: number): Incident {
  const others = incident.timeline.filter(({ what, ref }) => what !== line.what || ref !== line.ref)
  const counted = times > 1 ? { ...line, note: `×${times}` } : line
  return others.length === incident.timeline.length ? withLine(incident, counted) : { ...incident, timeline: [...others, counted] }
}

/** How often the repeated thing is on record so far. */
export function timesOf(incident: Incident, what: string, ref: string): number {
  const line = incident.timeline.findLast((entry) => entry.what === what && entry.ref === ref)
  return line ? Number(line.note?.slice(1) ?? 1) : 0
}

export const decided = (incident: Incident, patch: Partial<Incident>, line: TimelineEntry): Incident =>
  withLine({ ...incident, ...patch }, line)

/** The only way to another state (D1); undefined when the table does not allow it. */
export function moved(incident: Incident, act: IncidentAct, line: Omit<TimelineEntry, 'from' | 'to'>): Incident | undefined {
  const state = incidentAfter(act, incident.state)
  if (!state) return undefined
  const closedAt = act === 'close' ? line.at : act === 'reopen' ? undefined : incident.closedAt
  // a call is waited for while nobody does anything else
  const callBy = state === 'open' ? incident.callBy : undefined
  const triageBy = state === 'closed' ? undefined : incident.triageBy
  return decided(incident, { state, closedAt, callBy, triageBy }, { ...line, from: incident.state, to: state })
}
