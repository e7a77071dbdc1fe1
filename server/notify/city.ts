import { type Incident, isOpenIncident, type TimelineEntry } from '../../shared/incident.ts'
import { conflict, notFound } from '../../shared/problem.ts'
import type { Command, Work } from '../work.ts'
import type { NotifyDesk, NotifyHandler } from './desk.ts'

/** How the record says who spoke. */
export const cityBy = (endpointId: string) => `city:${endpointId}`
/** Lines of one city platform on one incident; a platform that goes round in circles fills no record. */
const MOST_LINES = 100

/** What city platforms call a matter that is done. */
const DONE = /^(closed?|done|finished|completed?|resolved|archived|已?办结|已?结案|已?完成|已?关闭|已?归档)$/i

interface CityState {
  endpointId: string
  state: string
  /** the version of the incident that the platform spoke of */
  version?: number
  note?: string
}

/**
 * The city's platform says how the matter stands there. It is a line on our record and moves nothing of ours; where the two cannot both
 * be true the line says so. The version stays, so that the city's word never turns an officer's click into a conflict.
 */
export function cityCommands({ store }: Pick<NotifyDesk, 'store'>): Record<string, NotifyHandler> {
  return {
    'city.state'(work, command) {
      const said = command.body as unknown as CityState
      if (store.endpoint(said.endpointId)?.format !== 'city') throw notFound(`There is no city platform ${said.endpointId}`)
      const incident = work.incidents.get(command.target ?? '')
      if (!incident) throw notFound(`There is no incident ${command.target}`)
      return told(work, command, incident, said)
    },
  }
}

function told(work: Work, _command: Command, incident: Incident, { endpointId, state, version, note }: CityState) {
  const by = cityBy(endpointId)
  const lines = incident.timeline.filter((line) => line.by === by)
  const last = lines.at(-1)
  const isConflict = contradicts(incident, state, version)
  const answer = { incidentId: incident.id, version: incident.version, state: incident.state, conflict: isConflict }
  const what = isConflict ? 'city.conflict' : 'city.state'
  if (last?.to === state && last.what === what && last.note === note) return { ...answer, noted: false }
  if (lines.length >= MOST_LINES) throw conflict(`${incident.id} has ${MOST_LINES} lines of ${endpointId} already: no more are noted`)
  const line: TimelineEntry = { at: work.now, by, what, from: last?.to, to: state, note }
  work.incidents.put({ ...incident, timeline: [...incident.timeline, line] })
  work.audit({ by, act: 'city.state', subject: incident.id, detail: { state, version, conflict: isConflict, ours: incident.state } })
  return { ...answer, noted: true }
}

/** Done there and open here; or open there and done here, unless the city spoke of an earlier version; or a version that never was. */
export function contradicts(incident: Incident, state: string, version: number | undefined): boolean {
  if (version !== undefined && version > incident.version) return true
  const isOpen = isOpenIncident(incident)
  if (DONE.test(state)) return isOpen
  return !isOpen && (version === undefined || version >= incident.version)
}
