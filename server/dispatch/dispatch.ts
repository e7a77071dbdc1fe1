import { isCallFirst } from '../../shared/care.ts'
import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import { orderChange } from '../changes.ts'
import { ordersOf } from '../loop.ts'
import type { IncidentChange, OrderChange, Work } from '../work.ts'
import { autoTarget, outsideTargets } from './auto.ts'
import { dueAt } from './deadlines.ts'
import { isUnderway, newOrder, tellEveryRung, withStep } from './orders.ts'
import { onMerged } from './twice.ts'

/** An incident gets its order at once, unless a call comes first; one that grows more urgent hurries its orders; one that is reopened gets a new one. */
export function onIncidentChanges(work: Work, changes: readonly IncidentChange[]): OrderChange[] {
  const spared = onMerged(work, changes)
  const sent = together(work, changes).flatMap((change) =>
    wantsOrder(work, change) ? dispatch(work, change.incident) : hurry(work, change),
  )
  return [...spared, ...sent]
}

type Grown = Pick<IncidentChange, 'before' | 'incident'>

/** Several alerts of one matter in one batch open it and join it: it is looked at once, as it stands after all of them. */
function together(work: Work, changes: readonly IncidentChange[]): Grown[] {
  const first = new Map<string, IncidentChange>()
  for (const change of changes) if (!first.has(change.incident.id)) first.set(change.incident.id, change)
  return [...first].map(([id, { before, incident }]) => ({ before, incident: work.incidents.get(id) ?? incident }))
}

/** Nobody is sent while it waits for triage. Opened or reopened; or a further alert came in after all who had been sent had said that they were done. A merger brings its own orders. */
function wantsOrder(work: Work, { before, incident }: Grown): boolean {
  if (!isOpenIncident(incident)) return false
  if (incident.callBy !== undefined) return cannotWait(work, before, incident)
  if (incident.triageBy !== undefined) return false
  if (before?.triageBy !== undefined || before?.state === 'merged') return !incident.answered && !ordersOf(work, incident).some(isOpenOrder)
  if (!before) return incident.orders.length === 0
  if (before.state === 'closed') return true
  const idle = !ordersOf(work, incident).some(isUnderway)
  // all was well by telephone, and then it grew worse
  if (incident.answered && idle && incident.priority < before.priority) return true
  const grew = incident.alerts.length > before.alerts.length && incident.orders.length === before.orders.length
  return grew && idle
}

/** Somebody is called first, unless it grew worse meanwhile, or more is known than a conclusion from habits. */
function cannotWait(work: Work, before: Incident | undefined, incident: Incident): boolean {
  const isWorse = before !== undefined && incident.priority < before.priority
  return isWorse || incident.callBy! <= work.now || incident.alerts.some((id) => !isCallFirst(work.alerts.get(id)?.kind ?? ''))
}

function dispatch(work: Work, incident: Incident): OrderChange[] {
  const first = newOrder(work, incident, autoTarget(work, incident), 'system')
  const others = outsideTargets(work, incident).map((target) => newOrder(work, incident, target, 'system', undefined, { lead: false }))
  return [first, ...others].map((order) => put(work, undefined, order))
}

/** A deadline only ever comes nearer by this. */
function hurry(work: Work, { before, incident }: Grown): OrderChange[] {
  if (!before || incident.priority >= before.priority) return []
  const slower = ordersOf(work, incident).filter((order) => isOpenOrder(order) && order.priority > incident.priority)
  return slower.map((order) => put(work, order, hurried(work, order, incident.priority)))
}

function hurried(work: Work, order: Order, priority: Order['priority']): Order {
  const { now, world } = work
  const due =
    order.next && order.dueAt !== null ? Math.min(order.dueAt, dueAt(world, { ...order, priority }, order.next, now)) : order.dueAt
  const step = { at: now, act: 'priority', by: 'system', from: String(order.priority), to: String(priority) }
  const hurrying = withStep({ ...order, priority, dueAt: due, version: order.version + 1 }, step)
  return tellEveryRung(work, hurrying)
}

function put(work: Work, before: Order | undefined, order: Order): OrderChange {
  work.orders.put(order)
  return orderChange(before, order)
}
