import { type Incident, isOpenIncident, type Merged } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { conflict } from '../../shared/problem.ts'
import type { IncidentAct } from '../../shared/transitions.ts'
import { actorId, optionalText } from '../command.ts'
import { ordersOf, type Stage, stageOf } from '../loop.ts'
import { decided, moved } from '../record.ts'
import type { Command, Work } from '../work.ts'
import { handOver } from './merge.ts'
import { move, put, ready } from './ready.ts'

/** Two matters after all: its alerts, reports and orders come back, as they are now, and the other is what it was without them. */
export function unmerge(work: Work, command: Command): Incident {
  const incident = ready(work, command, 'unmerge', 'take a merged incident out again')
  const { merged, into } = homeOf(work, incident)
  const why = optionalText(command, 'reason')
  const line = { at: work.now, by: actorId(command.actor), what: 'incident.unmerged', note: why }
  const orders = ordersBack(work, incident, into)
  const { merged: _, ...was } = incident
  const back: Incident = { ...was, orders: orders.map(({ id }) => id) }
  handOver(work, back, orders, incident.id, line.by)
  work.incidents.put(
    settled(work, without(into, incident, merged, orders, { ...line, what: 'incident.gave-back', ref: incident.id }), line.by),
  )
  const open = move(back, 'unmerge', { ...line, ref: into.id })
  const isWell = incident.answered !== undefined && orders.length === 0
  return put(work, command, isWell ? move(open, 'await', { ...line, what: 'incident.awaiting-verification' }) : open, why)
}

function homeOf(work: Work, incident: Incident): { merged: Merged; into: Incident } {
  const { merged } = incident
  const into = merged && work.incidents.get(merged.into)
  if (!merged || !into) throw conflict(`It is not on record any more where ${incident.id} went.`, { current: incident })
  if (into.state === 'merged') {
    const where = into.merged?.into ?? 'another'
    throw conflict(`${into.id}, which has it, was merged into ${where} since: take ${into.id} out first.`, { current: into })
  }
  if (!isOpenIncident(into)) throw conflict(`${into.id}, which has it, is closed: reopen it first.`, { current: into })
  return { merged, into }
}

/** Those that it brought, and those that were sent in their place since. */
function ordersBack(work: Work, incident: Incident, into: Incident): Order[] {
  const own = new Set(incident.orders)
  for (const order of ordersOf(work, into)) if (order.replaces !== undefined && own.has(order.replaces)) own.add(order.id)
  return ordersOf(work, into).filter(({ id }) => own.has(id))
}

type Line = { at: number; by: string; what: string; note?: string | undefined; ref: string }

function without(into: Incident, from: Incident, merged: Merged, gone: readonly Order[], line: Line): Incident {
  const not = (ids: readonly string[]) => (id: string) => !ids.includes(id)
  const orders = into.orders.filter(not(gone.map(({ id }) => id)))
  const isUntouched = into.priority === Math.min(merged.priority, from.priority)
  const reports = into.reports.filter(not(from.reports))
  return decided(
    into,
    {
      alerts: into.alerts.filter(not(from.alerts)),
      reports,
      orders,
      priority: isUntouched ? merged.priority : into.priority,
      residentId: into.residentId === from.residentId ? merged.residentId : into.residentId,
      channels: reports.length > 0 || merged.channels ? (merged.channels ?? into.channels) : undefined,
      answered: into.answered ?? merged.answered,
      triageBy: orders.length > 0 ? into.triageBy : (into.triageBy ?? merged.triageBy),
    },
    line,
  )
}

/** The state that its own orders call for, once the other's are gone. */
const ACT: Partial<Record<Stage, IncidentAct>> = {
  none: 'release',
  dispatched: 'release',
  dropped: 'release',
  working: 'handle',
  handled: 'await',
}

function settled(work: Work, incident: Incident, by: string): Incident {
  const stage = stageOf(ordersOf(work, incident))
  const act = incident.answered && (stage === 'none' || stage === 'dropped') ? 'await' : ACT[stage]
  return (act && moved(incident, act, { at: work.now, by, what: `incident.${SAID[act] ?? act}` })) ?? incident
}
const SAID: Partial<Record<IncidentAct, string>> = { release: 'released', handle: 'handling', await: 'awaiting-verification' }
