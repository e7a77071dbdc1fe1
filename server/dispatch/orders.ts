import type { Step } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import { AWAITS, type OrderAct, orderAfter } from '../../shared/transitions.ts'
import type { World } from '../../shared/world.ts'
import { ordersOf } from '../loop.ts'
import type { Work } from '../work.ts'
import { dueAt, later, left } from './deadlines.ts'
import { everyRung } from './ladder.ts'
import { matterOf } from './matter.ts'
import type { Target } from './target.ts'

/** How an order stands to the others of its incident. */
export interface Relations {
  lead?: boolean
  /** id of the order that has to be done first */
  after?: string | undefined
  /** the rejected order in whose place it is */
  replaces?: Order
}

/** A new order of the incident; of priority 1 every rung is told at once (D1), of a drill nobody beyond its owner (X1). Not yet put on its shelf. */
export function newOrder(work: Work, incident: Incident, target: Target, by: string, why?: string, relations: Relations = {}): Order {
  const { now, world } = work
  const { staffId, rung, teamId, pool, empty = [] } = target
  const kind = matterOf(world, incident.kind)
  const after = relations.after ?? relations.replaces?.after
  const heldBy = after !== undefined && isUnderway(work.orders.get(after)) ? after : undefined
  const timed = { priority: incident.priority, placeId: incident.placeId, ...(kind?.clock === 'working' && { clock: kind.clock }) }
  const order: Order = {
    id: work.newId('order'),
    incidentId: incident.id,
    kind: incident.kind,
    status: incident.status,
    state: 'dispatched',
    ...timed,
    assignee: staffId,
    contactId: world.clusterHead(incident.placeId)?.id ?? incident.contactId,
    ...(teamId !== undefined && { teamId }),
    ...(pool !== undefined && { pool }),
    ...(leads(work, incident, relations) && { lead: true }),
    ...(after !== undefined && { after }),
    ...(heldBy !== undefined && { heldBy }),
    ...(relations.replaces && { replaces: relations.replaces.id }),
    ...(kind && kind.checklist.length > 0 && { checklist: kind.checklist.map((text) => ({ text, done: false })) }),
    dispatchedAt: now,
    since: now,
    dueAt: heldBy === undefined ? dueAt(world, timed, 'accept', now) : null,
    next: 'accept',
    overdue: false,
    steps: [{ at: now, act: 'dispatched', by, to: pool ?? staffId, why: why ?? (rung || undefined) }],
    version: 1,
  }
  const shown =
    empty.length > 0 ? withStep(order, { at: now, act: 'nobody-on-duty', by: 'system', to: staffId, why: empty.join('、') }) : order
  return heldBy === undefined ? tellEveryRung(work, shown) : shown
}

/** The first order of an incident leads it, unless another is said to; who comes in the place of the leading one leads. */
function leads(work: Work, incident: Incident, { lead, replaces }: Relations): boolean {
  if (lead !== undefined) return lead
  return replaces?.lead ?? !ordersOf(work, incident).some((order) => order.lead && isOpenOrder(order))
}

/** Others may have to wait for it. */
export const isUnderway = (order: Order | undefined): boolean => order !== undefined && isOpenOrder(order) && order.state !== 'handled'

export function tellEveryRung(work: Work, order: Order): Order {
  if (order.priority !== 1 || order.status !== 'actual') return order
  const rungs = everyRung(work.world, order.placeId, work.now)
  const why = rungs.map(({ rung }) => rung).join('、')
  return withStep(order, { at: work.now, act: 'told', by: 'system', to: rungs.map(({ staffId }) => staffId).join(' '), why })
}

/** Something happened to the order that leaves its state alone. */
export const withStep = (order: Order, step: Step): Order => ({ ...order, steps: [...order.steps, step] })

/** The state that the table gives, with its clock; undefined when the act does not fit. `at` starts the clock of the next step. */
export function acted(
  world: World,
  order: Order,
  act: OrderAct,
  step: Omit<Step, 'from' | 'act'>,
  at = step.receivedAt ?? step.at,
): Order | undefined {
  const state = orderAfter(act, order)
  if (!state) return undefined
  const told = { ...step, act: PAST[act], from: order.state, to: step.to ?? state }
  const clock = act === 'resume' ? resumed(world, order, at) : clockOf(world, order, state, at)
  return { ...withStep(order, told), ...clock, state, since: step.at, version: order.version + 1 }
}

/** What the record calls the act once it is done. */
export const PAST: Record<OrderAct, string> = {
  accept: 'accepted',
  claim: 'claimed',
  arrive: 'arrived',
  handle: 'handled',
  verify: 'verified',
  reject: 'rejected',
  pause: 'paused',
  resume: 'resumed',
  transfer: 'transferred',
  pass: 'passed',
  help: 'help',
  check: 'checked',
  note: 'noted',
  ring: 'rung',
  cancel: 'cancelled',
}

type Clock = Pick<Order, 'next' | 'dueAt' | 'overdue' | 'remaining' | 'pausedUntil' | 'rung' | 'told'>
const AFRESH = { overdue: false, rung: undefined, told: undefined, remaining: undefined, pausedUntil: undefined }

function clockOf(world: World, order: Order, state: Order['state'], at: number): Clock {
  const { next, dueAt: due, overdue, rung, told } = order
  if (state === 'paused') return { next, dueAt: null, overdue, rung, told, remaining: left(world, order, at, due ?? at) }
  const awaited = state in AWAITS ? AWAITS[state as keyof typeof AWAITS] : null
  const waits = awaited === null || order.heldBy !== undefined
  return { ...AFRESH, next: awaited, dueAt: waits ? null : dueAt(world, order, awaited, at) }
}

/** The clock goes on with what was left of it, even if that was less than nothing. */
const resumed = (world: World, order: Order, at: number): Clock => ({
  ...AFRESH,
  next: order.next,
  dueAt: later(world, order, at, order.remaining ?? 0),
  overdue: order.overdue,
  rung: order.rung,
  told: order.told,
})
