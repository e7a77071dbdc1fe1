import type { Incident } from '../../shared/incident.ts'
import { conflict } from '../../shared/problem.ts'
import { type IncidentAct, possibleIncidentActs } from '../../shared/transitions.ts'
import { actorId, checkVersion, findIncident, onlyLeaders } from '../command.ts'
import { moved } from '../record.ts'
import type { Command, Work } from '../work.ts'

/** The target, when the sender may do this and has seen it as it stands. */
export function ready(work: Work, command: Command, act: IncidentAct, what: string): Incident {
  const incident = findIncident(work, command.target)
  onlyLeaders(command.actor, what)
  checkVersion(incident, command, last(incident))
  if (possibleIncidentActs(incident.state).includes(act)) return incident
  throw misfit(incident, act)
}

/** The others follow from the orders. */
const BY_PEOPLE: readonly IncidentAct[] = ['close', 'reopen', 'merge', 'unmerge']

function misfit(incident: Incident, act: IncidentAct) {
  const possible = possibleIncidentActs(incident.state).filter((name) => BY_PEOPLE.includes(name))
  const detail = `${incident.id} is ${incident.state}: ${act} does not fit. Possible now: ${possible.join(', ') || 'nothing'}.`
  return conflict(detail, { current: incident, possible })
}

export function move(incident: Incident, act: IncidentAct, line: Parameters<typeof moved>[2]): Incident {
  const after = moved(incident, act, line)
  if (!after) throw misfit(incident, act)
  return after
}

export function put(work: Work, command: Command, incident: Incident, why?: string): Incident {
  work.incidents.put(incident)
  work.audit({ by: actorId(command.actor), act: command.name, subject: incident.id, why, detail: { state: incident.state } })
  return incident
}

export const last = (incident: Incident) => {
  const line = incident.timeline.at(-1)
  return line ? `${line.what} by ${line.by}` : 'no entry'
}
