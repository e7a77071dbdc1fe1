import { DESK, type Incident } from '../../shared/incident.ts'
import { incidentChange } from '../changes.ts'
import { decided } from '../record.ts'
import type { IncidentChange, Work } from '../work.ts'
import { tellingAt } from './deadlines.ts'
import { rungAbove } from './ladder.ts'
import { matterOf } from './matter.ts'

/**
 * Reported, and nobody looked at it in time: told rung by rung like a missed deadline of an order, and when the top has been told it goes
 * out by rule. It is the incident's own state, so a server that was down tells each rung it missed, once and in order.
 */
export function onTriageDue(work: Work): IncidentChange[] {
  const due = [...work.incidents.open()].filter(({ triageBy }) => triageBy !== undefined && triageBy <= work.now)
  return due.map((before) => {
    let incident = before
    while (incident.triageBy !== undefined && incident.triageBy <= work.now) incident = missed(work, incident, incident.triageBy)
    work.incidents.put(incident)
    return incidentChange(before, incident)
  })
}

function missed(work: Work, incident: Incident, at: number): Incident {
  const { world } = work
  const { placeId, owner = DESK, triageRung, status } = incident
  const above = status === 'actual' ? rungAbove(world, placeId, owner, at, triageRung?.level) : undefined
  const what = triageRung ? 'deadline.escalated' : 'deadline.missed'
  const to = [...(triageRung ? [] : [owner]), above?.staffId].filter((id) => id !== undefined).join(' ')
  const line = { at, by: 'system', what, from: 'triage', to, note: above?.rung }
  if (!above) return decided(incident, { triageBy: undefined, triageLate: true }, { ...line, what: 'incident.sent-by-rule' })
  const rung = { level: above.level, of: above.of, name: above.rung }
  return decided(incident, { triageBy: nextTelling(work, incident, at), triageLate: true, triageRung: rung }, line)
}

function nextTelling({ world }: Work, { kind, priority, placeId }: Incident, at: number): number {
  const clock = matterOf(world, kind)?.clock ?? 'calendar'
  return tellingAt(world, { priority, placeId, clock }, at, 1)
}
