import type { Step } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { MessageKind, MessageParams } from '../../shared/message.ts'
import type { Order } from '../../shared/order.ts'
import type { Priority, Status } from '../../shared/status.ts'
import type { IncidentChange, OrderChange, Work } from '../work.ts'
import { dutyOfficers, personsOf, verifiersOf } from './people.ts'

/** One thing that is worth telling, and to whom. Endpoints are told the same things, by their filters. */
export interface Telling {
  kind: MessageKind
  /** staff or user ids */
  to: readonly string[]
  priority: Priority
  status: Status
  incidentId: string
  orderId?: string | undefined
  placeId: string
  params: MessageParams
}

type Tell = { kind: MessageKind; to: readonly string[] }
type Rule = (work: Work, order: Order, step: Step) => Tell[]

const toOwner =
  (kind: MessageKind): Rule =>
  (work, order) => [{ kind, to: personsOf(work, order) }]
const toListed =
  (kind: MessageKind): Rule =>
  (_work, _order, step) => [{ kind, to: listed(step.to) }]
const toDesk =
  (kind: MessageKind): Rule =>
  (work, order) => [{ kind, to: dutyOfficers(work, order.placeId) }]
const listed = (to: string | undefined): string[] => to?.split(' ').filter(Boolean) ?? []

/** Both hear of a missed deadline: whoever should have done it, and the rung above. */
const missed: Rule = (work, order, step) => {
  const late = step.from === 'verify' ? verifiersOf(work, order) : personsOf(work, order)
  return [
    { kind: 'order.overdue', to: late },
    { kind: 'order.escalated', to: listed(step.to).filter((id) => !late.includes(id)) },
  ]
}

/** An order that waits for an earlier one is told of when it begins. */
const begun: Rule = (work, order) => (order.heldBy === undefined ? [{ kind: 'order.new', to: personsOf(work, order) }] : [])

const rejected: Rule = (work, order, step) =>
  step.from === 'handled'
    ? [{ kind: 'order.refused', to: listed(order.handledBy ?? order.assignee) }]
    : [{ kind: 'order.rejected', to: dispatcherOf(work, order) }]

/** By what happened to the order. What is not here is nobody's news: it stands on the record. */
const RULES: Readonly<Record<string, Rule>> = {
  dispatched: begun,
  begun,
  passed: begun,
  transferred: toOwner('order.transferred'),
  priority: toOwner('order.priority'),
  cancelled: toOwner('order.cancelled'),
  'call.unanswered': toOwner('order.urgent'),
  told: toListed('order.urgent'),
  'deadline.missed': missed,
  escalated: missed,
  handled: (work, order) => [{ kind: 'order.to-verify', to: verifiersOf(work, order) }],
  'verifier.on-duty': toListed('order.to-verify'),
  rejected,
  help: toDesk('order.help'),
}

/** Whoever sent the order; when it was the rule, the officers on duty. */
function dispatcherOf(work: Work, order: Order): readonly string[] {
  const by = order.steps.find(({ act }) => act === 'dispatched')?.by ?? 'system'
  return by === 'system' ? dutyOfficers(work, order.placeId) : [by]
}

/** Each step since the order was last told of; nobody is told of an act of their own. */
export function tellingsOfOrder(work: Work, { before, order }: OrderChange): Telling[] {
  return order.steps.slice(before?.steps.length ?? 0).flatMap((step) =>
    (Object.hasOwn(RULES, step.act) ? RULES[step.act]!(work, order, step) : []).map(({ kind, to }) => ({
      kind,
      to: [...new Set(to)].filter((id) => id !== step.by),
      ...aboutOrder(order),
      params: { ...paramsOfOrder(order), by: step.by },
    })),
  )
}

const aboutOrder = ({ priority, status, incidentId, id, placeId }: Order) => ({ priority, status, incidentId, orderId: id, placeId })
const paramsOfOrder = ({ kind, state, assignee, dueAt, next, version }: Order): MessageParams => ({
  ...{ kind, state, assignee, dueAt, next, version },
})

/** From this priority on an incident is told when it opens, before anybody has taken it. */
const TOLD_AT_ONCE = 2

export function tellingsOfIncident(work: Work, { before, incident, act, by }: IncidentChange): Telling[] {
  const kind = kindOf(before, incident, act)
  if (!kind) return []
  const urgent = incident.priority <= TOLD_AT_ONCE && kind !== 'incident.closed'
  const to = urgent ? dutyOfficers(work, incident.placeId).filter((id) => id !== by) : []
  const { id, priority, status, placeId, state, version } = incident
  return [{ kind, to, priority, status, incidentId: id, placeId, params: { kind: incident.kind, state, version, by } }]
}

function kindOf(before: Incident | undefined, incident: Incident, act: IncidentChange['act']): MessageKind | undefined {
  if (!before) return 'incident.opened'
  if (act === 'closed' && before.state !== 'closed') return 'incident.closed'
  return before.state === 'closed' && incident.state === 'open' ? 'incident.reopened' : undefined
}
