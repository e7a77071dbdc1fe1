import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import { type MatterKind, matterKindOf, REPORT_KIND } from '../../shared/matter-kind.ts'
import { conflict } from '../../shared/problem.ts'
import type { Priority } from '../../shared/status.ts'
import { actorId, checkVersion, fieldWrong, findIncident, onlyLeaders, optionalText } from '../command.ts'
import { decided } from '../record.ts'
import type { Command, Work } from '../work.ts'
import { proposalsFor } from './propose.ts'
import { last, put } from './ready.ts'
import { urgencyOf } from './urgency.ts'
import { goesOutAtOnce, triageDue } from './waiting-triage.ts'

/** What it is, how urgent and where, as somebody who looked at it says. The reports themselves stay as they were said. */
export function triage(work: Work, command: Command): Incident {
  const incident = findIncident(work, command.target)
  onlyLeaders(command.actor, 'sort an incident')
  checkVersion(incident, command, last(incident))
  if (!isOpenIncident(incident)) throw conflict(`${incident.id} is ${incident.state}: reopen it, or add a note.`, { current: incident })
  const placeId = placeOf(work, command) ?? incident.placeId
  const row = kindOf(work, command, incident)
  const kind = row ? REPORT_KIND + row.id : incident.kind
  const priority = priorityOf(command) ?? (row ? urgencyOf(work.world, row, placeId).priority : incident.priority)
  const note = optionalText(command, 'reason')
  const line = {
    ...{ at: work.now, by: actorId(command.actor), what: 'incident.triaged', kind, note },
    ...{ from: saying(incident), to: saying({ priority, placeId }) },
  }
  const looked = decided(
    incident,
    { kind, priority, placeId, triagedAt: work.now, ...deadline(work, { ...incident, kind, placeId }, priority) },
    line,
  )
  return put(work, command, { ...looked, proposals: proposalsFor(work, looked) }, note)
}

const saying = ({ priority, placeId }: { priority: Priority; placeId: string }) => `P${priority} ${placeId}`

/** It waits on until somebody is sent, never longer than before; what may not wait goes out now. */
function deadline(work: Work, incident: Incident, priority: Priority): Pick<Incident, 'triageBy'> {
  if (incident.triageBy === undefined) return {}
  const kind = work.world.matterKind(matterKindOf(incident.kind) ?? '')
  if (goesOutAtOnce(kind, priority)) return { triageBy: undefined }
  return { triageBy: Math.max(work.now, Math.min(incident.triageBy, triageDue(work, kind, priority, incident.placeId))) }
}

/** A device's alert is what it is; a person may have picked the wrong word. */
function kindOf(work: Work, command: Command, incident: Incident): MatterKind | undefined {
  const said = optionalText(command, 'kind')
  if (said === undefined || said === incident.kind) return undefined
  const kind = work.world.matterKind(matterKindOf(said) ?? said)
  if (!kind) throw fieldWrong('kind', 'the id of a kind: see /api/kinds')
  if (matterKindOf(incident.kind) === undefined) throw fieldWrong('kind', `nothing: ${incident.id} is about an alert, ${incident.kind}`)
  return kind
}

function priorityOf({ body }: Command): Priority | undefined {
  if (body.priority === undefined || body.priority === null) return undefined
  if (body.priority === 1 || body.priority === 2 || body.priority === 3 || body.priority === 4) return body.priority
  throw fieldWrong('priority', '1, 2, 3 or 4')
}

function placeOf(work: Work, command: Command): string | undefined {
  const id = optionalText(command, 'placeId')
  if (id !== undefined && !work.world.places.get(id)) throw fieldWrong('placeId', 'the id of a place: see /api/places')
  return id
}
