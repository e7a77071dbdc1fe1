import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import { conflict } from '../../shared/problem.ts'
import { actorId, checkVersion, fieldWrong, findIncident, onlyLeaders, requiredText } from '../command.ts'
import { decided } from '../record.ts'
import type { Command, Work } from '../work.ts'
import { last, put } from './ready.ts'

/** Two matters, as somebody who looked at both says: neither is proposed for the other again. */
export function apart(work: Work, command: Command): Incident {
  const incident = findIncident(work, command.target)
  onlyLeaders(command.actor, 'tell incidents apart')
  checkVersion(incident, command, last(incident))
  if (!isOpenIncident(incident)) throw conflict(`${incident.id} is ${incident.state}.`, { current: incident })
  const other = work.incidents.get(requiredText(command, 'from'))
  if (!other || other.id === incident.id) throw fieldWrong('from', 'the id of another incident')
  const line = { at: work.now, by: actorId(command.actor), what: 'incident.apart' }
  const parted = (one: Incident, from: string) =>
    decided(
      one,
      { apart: [...(one.apart ?? []), from], proposals: one.proposals?.filter(({ incidentId }) => incidentId !== from) },
      { ...line, ref: from },
    )
  if (isOpenIncident(other)) work.incidents.put(parted(other, incident.id))
  return put(work, command, parted(incident, other.id), other.id)
}
