import type { Order } from '../../shared/order.ts'
import { conflict, forbidden, notFound, unprocessable } from '../../shared/problem.ts'
import { type OrderAct, possibleOrderActs } from '../../shared/transitions.ts'
import {
  actorId,
  checkVersion,
  fieldMissing,
  fieldWrong,
  isLeader,
  onlyLeaders,
  optionalText,
  requiredFuture,
  requiredText,
} from '../command.ts'
import type { Actor, Command, Work } from '../work.ts'
import { findOwner, sameOwner } from './ladder.ts'
import { acted, newOrder, PAST } from './orders.ts'

/** Each answers with the order as it then stands. Problems: 404, 403, 400/422 for a field, 409 with `current` (D2), 422 for D3. */
export const orderCommands: Record<string, (work: Work, command: Command) => Order> = {
  'order.accept': (work, command) => step(work, command, 'accept', { acceptedAt: work.now }),
  'order.arrive': (work, command) => step(work, command, 'arrive', { arrivedAt: work.now }),
  'order.handle': (work, command) => step(work, command, 'handle', { handledAt: work.now, handledBy: actorId(command.actor) }),
  'order.verify': verify,
  'order.reject': reject,
  'order.pause': pause,
  'order.resume': (work, command) => step(work, command, 'resume', {}),
  'order.transfer': transfer,
  'order.cancel': cancel,
  'incident.dispatch': dispatchFurther,
}

/** Leaders act for anybody; others on their own orders. A field session without a staff record (demo) acts for all in its scope. */
export function mayAct(actor: Actor, order: Order): boolean {
  if (isLeader(actor)) return true
  return actor.staffId === undefined ? actor.role === 'field' : actor.staffId === order.assignee
}

/** D3: the one who did the work, and the one whose order it was when it was done. */
const didTheWork = (actor: Actor, order: Order) =>
  [order.handledBy, order.assignee].some((id) => id !== undefined && (id === actor.id || id === actor.staffId))

function verify(work: Work, command: Command): Order {
  const order = ready(work, command, 'verify', command.actor.role === 'field')
  mustNotBeOwnWork(command.actor, order, 'verified')
  return finish(work, command, order, 'verify', { verifiedAt: work.now })
}

function mustNotBeOwnWork(actor: Actor, order: Order, what: string) {
  if (!didTheWork(actor, order)) return
  throw unprocessable(`You did the work of ${order.id}: it has to be ${what} by somebody else. It waits until somebody does.`, {
    errors: [{ field: 'actor', detail: 'did the work', fix: 'let an officer, a supervisor or another worker do this' }],
  })
}

/** The owner cannot take it, so the next person gets it; or the verifier finds the work wanting, so its owner gets it again. */
function reject(work: Work, command: Command): Order {
  const order = ready(work, command, 'reject', command.actor.role === 'field')
  const refused = order.state === 'handled'
  if (refused) mustNotBeOwnWork(command.actor, order, 'judged')
  else mustBeAllowed(command.actor, order)
  const reason = requiredText(command, 'reason')
  const rejected = finish(work, command, order, 'reject', {}, reason)
  const incident = work.incidents.get(order.incidentId)
  if (incident) work.orders.put(newOrder(work, incident, nextOwner(work, order, refused), actorId(command.actor), reason))
  return rejected
}

const nextOwner = (work: Work, order: Order, refused: boolean) =>
  refused ? sameOwner(work.world, order, work.now) : findOwner(work.world, order.kind, order.placeId, work.now, refusers(work, order))

/** Everybody who has turned this matter down already. */
function refusers(work: Work, order: Order): string[] {
  const earlier = work.incidents.get(order.incidentId)?.orders.flatMap((id) => work.orders.get(id) ?? []) ?? []
  const turnedDown = earlier.filter(({ state, handledBy }) => state === 'rejected' && handledBy === undefined)
  return [...new Set([...turnedDown.map(({ assignee }) => assignee), order.assignee])]
}

/** A pause without a time of its own ends after so long: it never waits for somebody to remember it. */
const USUAL_PAUSE = 30 * 60_000

function pause(work: Work, command: Command): Order {
  const order = ready(work, command, 'pause')
  const reason = requiredText(command, 'reason')
  const pausedUntil = command.body.until == null ? work.now + USUAL_PAUSE : requiredFuture(command, 'until', work.now)
  return finish(work, command, order, 'pause', { pausedUntil }, reason)
}

/** The same order and the same step with the same clock, another owner. */
function transfer(work: Work, command: Command): Order {
  const order = ready(work, command, 'transfer')
  const assignee = knownStaff(work, command)
  if (assignee === order.assignee) throw fieldWrong('assignee', `somebody other than ${assignee}, who has it already`)
  const reason = requiredText(command, 'reason')
  const { now } = work
  const handed = { at: now, act: PAST.transfer, by: actorId(command.actor), from: order.assignee, to: assignee, why: reason }
  return put(work, command, { ...order, assignee, steps: [...order.steps, handed], version: order.version + 1 }, reason)
}

function cancel(work: Work, command: Command): Order {
  onlyLeaders(command.actor, 'cancel an order')
  const order = ready(work, command, 'cancel')
  if (order.state === 'handled') mustNotBeOwnWork(command.actor, order, 'judged')
  return finish(work, command, order, 'cancel', {}, requiredText(command, 'reason'))
}

/** A further order of an open incident, beside those that it has. `version` is the incident's. */
function dispatchFurther(work: Work, command: Command): Order {
  const incident = command.target === undefined ? undefined : work.incidents.get(command.target)
  if (!incident) throw notFound(`There is no incident ${command.target ?? 'without an id'}.`)
  onlyLeaders(command.actor, 'dispatch an order')
  if (command.version !== undefined) checkVersion(incident, command, incident.timeline.at(-1)?.what ?? '')
  if (incident.state === 'closed' || incident.state === 'merged') {
    throw conflict(`${incident.id} is ${incident.state}: reopen it before sending somebody.`, { current: incident })
  }
  const owner = { staffId: knownStaff(work, command), rung: '' }
  return put(work, command, newOrder(work, incident, owner, actorId(command.actor), optionalText(command, 'reason')))
}

function knownStaff(work: Work, command: Command): string {
  const id = optionalText(command, 'assignee')
  if (id === undefined) throw fieldMissing('assignee', 'the id of somebody on the staff')
  if (!work.world.staff(id)) throw fieldWrong('assignee', 'the id of somebody on the staff')
  return id
}

function step(work: Work, command: Command, act: OrderAct, patch: Partial<Order>): Order {
  return finish(work, command, ready(work, command, act), act, patch, optionalText(command, 'note'))
}

/** The target, when the sender may act on it, has seen it as it stands, and the table knows the act in its state. */
function ready(work: Work, command: Command, act: OrderAct, anyFieldWorker = false): Order {
  const order = command.target === undefined ? undefined : work.orders.get(command.target)
  if (!order) throw notFound(`There is no order ${command.target ?? 'without an id'}.`)
  if (!anyFieldWorker) mustBeAllowed(command.actor, order)
  checkVersion(order, command, lastStep(order))
  if (!possibleOrderActs(order.state).includes(act)) throw misfit(order, act)
  return order
}

function mustBeAllowed(actor: Actor, order: Order) {
  if (!mayAct(actor, order)) throw forbidden(`${order.id} belongs to ${order.assignee}; ask an officer to transfer it to you.`)
}

function misfit(order: Order, act: OrderAct) {
  const possible = possibleOrderActs(order.state)
  const detail = `${order.id} is ${order.state}: ${act} does not fit. Possible now: ${possible.join(', ') || 'nothing, it is finished'}.`
  return conflict(detail, { current: order, possible })
}

function finish(work: Work, command: Command, order: Order, act: OrderAct, patch: Partial<Order>, why?: string): Order {
  const after = acted(work.world, order, act, { at: work.now, by: actorId(command.actor), why })
  if (!after) throw misfit(order, act)
  return put(work, command, { ...after, ...patch }, why)
}

function put(work: Work, command: Command, order: Order, why?: string): Order {
  work.orders.put(order)
  work.audit({
    by: actorId(command.actor),
    act: command.name,
    subject: order.id,
    why,
    detail: { state: order.state, assignee: order.assignee },
  })
  return order
}

const lastStep = (order: Order) => {
  const last = order.steps.at(-1)
  return last ? `${last.act} by ${last.by}` : 'no step'
}
