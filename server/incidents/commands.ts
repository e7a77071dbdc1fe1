import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import { conflict, notFound, unprocessable } from '../../shared/problem.ts'
import type { Priority } from '../../shared/status.ts'
import { type IncidentAct, possibleIncidentActs } from '../../shared/transitions.ts'
import { actorId, checkVersion, fieldWrong, onlyLeaders, optionalText, requiredText } from '../command.ts'
import { ordersOf, standing } from '../loop.ts'
import { decided, moved, withLine } from '../record.ts'
import type { Command, Work } from '../work.ts'

/** Each answers with the incident as it then stands. Problems: 404, 403, 400/422 for a field, 409 with `current` (D2). */
export const incidentCommands: Record<string, (work: Work, command: Command) => Incident> = {
  'incident.note': note,
  'incident.close': close,
  'incident.reopen': reopen,
  'incident.merge': merge,
}

/** Adds and overwrites nothing, so it needs no version, and a closed matter can still be annotated. */
function note(work: Work, command: Command): Incident {
  const incident = find(work, command.target)
  if (command.version !== undefined) checkVersion(incident, command, last(incident))
  const text = requiredText(command, 'text')
  return put(work, command, withLine(incident, { at: work.now, by: actorId(command.actor), what: 'note', note: text }), text)
}

function close(work: Work, command: Command): Incident {
  const incident = ready(work, command, 'close', 'close an incident')
  const reason = requiredText(command, 'reason')
  const orders = ordersOf(work, incident)
  mustHaveNoOpenOrder(incident, orders)
  mustNotCloseOwnWork(command, orders)
  mustNotCloseOwnCall(command, incident)
  const kinds = standing(work, incident).map(({ kind }) => kind)
  const line = { at: work.now, by: actorId(command.actor), what: 'incident.closed', note: reason }
  const closing =
    kinds.length > 0 ? withLine(incident, { ...line, what: 'incident.closed-while-active', note: undefined, kind: kinds[0] }) : incident
  return put(work, command, move(closing, 'close', line), reason)
}

function mustHaveNoOpenOrder(incident: Incident, orders: readonly Order[]) {
  const open = orders.filter(isOpenOrder)
  if (open.length === 0) return
  const list = open.map(({ id, state }) => `${id} (${state})`).join(', ')
  throw conflict(`${incident.id} cannot be closed while an order is open: ${list}. Verify or cancel it first.`, { current: incident })
}

/** D3: cancelling one's own handled order is no way around verification by another. */
function mustNotCloseOwnWork(command: Command, orders: readonly Order[]) {
  const own = orders.find(({ state, handledBy }) => state !== 'verified' && handledBy === actorId(command.actor))
  if (own) throw unprocessable(`You did the work of ${own.id}, so somebody else has to close this incident.`)
}

/** D3: who was told on the telephone that all is well is not who finds that it is. */
function mustNotCloseOwnCall(command: Command, incident: Incident) {
  if (incident.answered?.by === actorId(command.actor))
    throw unprocessable(`The call about ${incident.id} was yours, so somebody else has to close it.`, {
      errors: [{ field: 'actor', detail: 'made the call', fix: 'let another officer or a supervisor close it' }],
    })
}

function reopen(work: Work, command: Command): Incident {
  const incident = ready(work, command, 'reopen', 'reopen an incident')
  const reason = requiredText(command, 'reason')
  return put(
    work,
    command,
    move(incident, 'reopen', { at: work.now, by: actorId(command.actor), what: 'incident.reopened', note: reason }),
    reason,
  )
}

/** The matter of `target` goes on in `into`, which takes over its alerts, reports and orders; the lists stay here too, for undoing. */
function merge(work: Work, command: Command): Incident {
  const incident = ready(work, command, 'merge', 'merge incidents')
  const into = intoOf(work, command, incident)
  const why = optionalText(command, 'reason')
  const line = { at: work.now, by: actorId(command.actor), what: 'incident.merged', note: why }
  const orders = ordersOf(work, incident)
  for (const order of orders) work.orders.put(movedOrder(work, order, into.id, line.by))
  for (const id of incident.alerts) {
    const alert = work.alerts.get(id)
    if (alert) work.alerts.put({ ...alert, incidentId: into.id })
  }
  work.incidents.put(taking(into, incident, orders.some(isOpenOrder), { ...line, what: 'incident.took-over' }))
  return put(work, command, move(incident, 'merge', { ...line, ref: into.id }), why)
}

function intoOf(work: Work, command: Command, incident: Incident): Incident {
  const id = requiredText(command, 'into')
  const into = work.incidents.get(id)
  if (!into || id === incident.id) throw fieldWrong('into', 'the id of another incident')
  if (!isOpenIncident(into)) throw conflict(`${id} is ${into.state}: only into an open incident can another be merged.`, { current: into })
  if (into.status !== incident.status) throw fieldWrong('into', `an incident of status ${incident.status}`)
  return into
}

const movedOrder = (work: Work, order: Order, to: string, by: string): Order => ({
  ...order,
  incidentId: to,
  version: order.version + 1,
  steps: [...order.steps, { at: work.now, act: 'moved', by, from: order.incidentId, to }],
})

type Line = { at: number; by: string; what: string; note?: string | undefined }

const taking = (into: Incident, from: Incident, isUnderway: boolean, line: Line): Incident =>
  decided(
    into,
    {
      alerts: [...into.alerts, ...from.alerts],
      reports: [...into.reports, ...from.reports],
      orders: [...into.orders, ...from.orders],
      priority: Math.min(from.priority, into.priority) as Priority,
      residentId: into.residentId ?? from.residentId,
      // what joins was not asked about on the telephone
      answered: undefined,
      callBy: into.callBy === undefined || isUnderway ? undefined : Math.min(into.callBy, from.callBy ?? into.callBy),
    },
    { ...line, ref: from.id },
  )

/** The target, when the sender may do this and has seen it as it stands. */
function ready(work: Work, command: Command, act: IncidentAct, what: string): Incident {
  const incident = find(work, command.target)
  onlyLeaders(command.actor, what)
  checkVersion(incident, command, last(incident))
  if (possibleIncidentActs(incident.state).includes(act)) return incident
  throw misfit(incident, act)
}

function misfit(incident: Incident, act: IncidentAct) {
  const possible = possibleIncidentActs(incident.state).filter((name) => `incident.${name}` in incidentCommands)
  const detail = `${incident.id} is ${incident.state}: ${act} does not fit. Possible now: ${possible.join(', ') || 'nothing'}.`
  return conflict(detail, { current: incident, possible })
}

function move(incident: Incident, act: IncidentAct, line: Parameters<typeof moved>[2]): Incident {
  const after = moved(incident, act, line)
  if (!after) throw misfit(incident, act)
  return after
}

function put(work: Work, command: Command, incident: Incident, why?: string): Incident {
  work.incidents.put(incident)
  work.audit({ by: actorId(command.actor), act: command.name, subject: incident.id, why, detail: { state: incident.state } })
  return incident
}

function find(work: Work, id: string | undefined): Incident {
  const incident = id === undefined ? undefined : work.incidents.get(id)
  if (!incident) throw notFound(`There is no incident ${id ?? 'without an id'}.`)
  return incident
}

const last = (incident: Incident) => {
  const line = incident.timeline.at(-1)
  return line ? `${line.what} by ${line.by}` : 'no entry'
}
