import type { Incident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import { conflict, unprocessable } from '../../shared/problem.ts'
import { actorId, checkVersion, findIncident, requiredText } from '../command.ts'
import { ordersOf, standing } from '../loop.ts'
import { withLine } from '../record.ts'
import type { Command, Work } from '../work.ts'
import { apart } from './apart.ts'
import { merge } from './merge.ts'
import { last, move, put, ready } from './ready.ts'
import { triage } from './triage.ts'
import { unmerge } from './unmerge.ts'

/** Each answers with the incident as it then stands. Problems: 404, 403, 400/422 for a field, 409 with `current` (D2). */
export const incidentCommands: Record<string, (work: Work, command: Command) => Incident> = {
  'incident.note': note,
  'incident.close': close,
  'incident.reopen': reopen,
  'incident.merge': merge,
  'incident.unmerge': unmerge,
  'incident.apart': apart,
  'incident.triage': triage,
}

/** Adds and overwrites nothing, so it needs no version, and a closed matter can still be annotated. */
function note(work: Work, command: Command): Incident {
  const incident = findIncident(work, command.target)
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
