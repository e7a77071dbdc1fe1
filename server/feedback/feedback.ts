import type { Incident, TimelineEntry } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { IncidentAct } from '../../shared/transitions.ts'
import { incidentChange } from '../changes.ts'
import { ordersOf, type Stage, stageOf, standing } from '../loop.ts'
import { moved, withLine } from '../record.ts'
import type { IncidentChange, OrderChange, Work } from '../work.ts'

/** What the orders' steps mean for their incidents: lines of the record, and the state that follows from all orders together. */
export function onOrderChanges(work: Work, changes: readonly OrderChange[]): IncidentChange[] {
  const byIncident = Map.groupBy(changes, ({ order }) => order.incidentId)
  return [...byIncident].flatMap(([id, own]) => {
    const before = work.incidents.get(id)
    if (!before) return []
    const incident = follow(work, own.reduce(recorded, before))
    work.incidents.put(incident)
    return [{ ...incidentChange(before, incident), by: own.at(-1)!.by }]
  })
}

/** For analysis: the incidents whose latched alerts go back to normal. */
export const closedIn = (changes: readonly IncidentChange[]): string[] =>
  changes.filter(({ act }) => act === 'closed').map(({ incident }) => incident.id)

function recorded(incident: Incident, { before, order }: OrderChange): Incident {
  const lines = order.steps.slice(before?.steps.length ?? 0).map((step) => lineOf(order, step))
  if (incident.orders.includes(order.id)) return lines.reduce(withLine, incident)
  // somebody is sent: that all was well by telephone holds no more, nor is a call waited for
  return lines.reduce(withLine, { ...incident, orders: [...incident.orders, order.id], ...NOBODY_WAITS })
}

const NOBODY_WAITS = { answered: undefined, callBy: undefined, owner: undefined, triageBy: undefined }

const lineOf = (order: Order, { at, receivedAt, act, by, from, to, why }: Order['steps'][number]): TimelineEntry => ({
  at,
  ...(receivedAt !== undefined && { receivedAt }),
  by,
  what: act.includes('.') ? act : `order.${act}`,
  ref: order.id,
  from,
  to,
  note: why,
})

/** The act of the table that each stage of the orders calls for. */
const ACT: Record<Stage, IncidentAct | undefined> = {
  none: undefined,
  dispatched: 'release',
  working: 'handle',
  handled: 'await',
  verified: 'close',
  dropped: 'release',
}
const SAID: Partial<Record<IncidentAct, string>> = {
  release: 'incident.released',
  handle: 'incident.handling',
  await: 'incident.awaiting-verification',
  close: 'incident.closed',
}

function follow(work: Work, incident: Incident): Incident {
  const stage = stageOf(ordersOf(work, incident))
  // called off because somebody answered and is well: that waits to be verified, and for nobody to go
  const act = stage === 'dropped' && incident.answered ? 'await' : ACT[stage]
  if (!act) return incident
  if (act === 'close') return closeUnlessActive(work, incident)
  return moved(incident, act, { at: work.now, by: 'system', what: SAID[act]! }) ?? incident
}

/** Verified work closes the matter, unless the condition itself still holds: then an officer has to say so (`incident.close`). */
function closeUnlessActive(work: Work, incident: Incident): Incident {
  const kinds = standing(work, incident).map(({ kind }) => kind)
  const line = { at: work.now, by: 'system', what: 'incident.closed' }
  if (kinds.length === 0) return moved(incident, 'close', line) ?? incident
  const waiting = moved(incident, 'await', { ...line, what: SAID.await! }) ?? incident
  if (waiting.state !== 'awaiting-verification') return waiting
  return withLine(waiting, { ...line, what: 'incident.still-active', kind: kinds[0] })
}
