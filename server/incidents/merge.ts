import { type Incident, isOpenIncident, type Merged } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import { conflict } from '../../shared/problem.ts'
import type { Priority } from '../../shared/status.ts'
import { actorId, fieldWrong, optionalText, requiredText } from '../command.ts'
import { ordersOf } from '../loop.ts'
import { decided } from '../record.ts'
import type { Command, Work } from '../work.ts'
import { move, put, ready } from './ready.ts'

/** The matter of `target` goes on in `into`, which takes over its alerts, reports and orders; the lists stay here too, for undoing. */
export function merge(work: Work, command: Command): Incident {
  const incident = ready(work, command, 'merge', 'merge incidents')
  const into = intoOf(work, command, incident)
  const why = optionalText(command, 'reason')
  const line = { at: work.now, by: actorId(command.actor), what: 'incident.merged', note: why }
  const orders = ordersOf(work, incident)
  handOver(work, incident, orders, into.id, line.by)
  work.incidents.put(taking(into, incident, orders.some(isOpenOrder), { ...line, what: 'incident.took-over' }))
  return put(work, command, move({ ...incident, merged: stateOf(into) }, 'merge', { ...line, ref: into.id }), why)
}

/** What taking it out again has to bring back. */
const stateOf = ({ id, priority, residentId, answered, channels, triageBy }: Incident): Merged => ({
  into: id,
  priority,
  residentId,
  answered,
  channels,
  triageBy,
})

function intoOf(work: Work, command: Command, incident: Incident): Incident {
  const id = requiredText(command, 'into')
  const into = work.incidents.get(id)
  if (!into || id === incident.id) throw fieldWrong('into', 'the id of another incident')
  if (!isOpenIncident(into)) throw conflict(`${id} is ${into.state}: only into an open incident can another be merged.`, { current: into })
  if (into.status !== incident.status) throw fieldWrong('into', `an incident of status ${incident.status}`)
  return into
}

/** Its alerts, reports and orders belong to the other from now on. */
export function handOver(work: Work, { alerts, reports }: Incident, orders: readonly Order[], to: string, by: string): void {
  for (const order of orders) work.orders.put(movedOrder(work, order, to, by))
  for (const id of alerts) {
    const alert = work.alerts.get(id)
    if (alert) work.alerts.put({ ...alert, incidentId: to })
  }
  for (const id of reports) {
    const report = work.reports.get(id)
    if (report) work.reports.put({ ...report, incidentId: to })
  }
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
      channels: union(into.channels, from.channels),
      proposals: into.proposals?.filter(({ incidentId }) => incidentId !== from.id),
      // what joins was not asked about on the telephone
      answered: undefined,
      callBy: sooner(into.callBy, from.callBy, isUnderway),
      triageBy: sooner(into.triageBy, from.triageBy, isUnderway),
    },
    { ...line, ref: from.id },
  )

const union = (a: readonly string[] | undefined, b: readonly string[] | undefined) =>
  a || b ? [...new Set([...(a ?? []), ...(b ?? [])])] : undefined

/** Nobody is waited for once somebody is under way. */
const sooner = (own: number | undefined, other: number | undefined, isUnderway: boolean) =>
  own === undefined || isUnderway ? undefined : Math.min(own, other ?? own)
