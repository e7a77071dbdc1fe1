import type { Order } from '../../shared/order.ts'
import { conflict, forbidden, notFound } from '../../shared/problem.ts'
import { type OrderAct, orderAfter, possibleOrderActs } from '../../shared/transitions.ts'
import type { World } from '../../shared/world.ts'
import { actorId, checkVersion, isLeader } from '../command.ts'
import type { Actor, Command, Work } from '../work.ts'

/** Leaders act for anybody; others on their own orders. A field session without a staff record (demo) acts for all in its scope. */
export function mayAct(actor: Actor, order: Order): boolean {
  if (isLeader(actor)) return true
  return actor.staffId === undefined ? actor.role === 'field' : actor.staffId === order.assignee
}

/** Anybody of the team may take up what nobody of it has accepted yet. */
export const mayTakeUp = (world: World, actor: Actor, order: Order): boolean =>
  order.state === 'dispatched' &&
  order.teamId !== undefined &&
  actor.staffId !== undefined &&
  (world.team(order.teamId)?.members.includes(actor.staffId) ?? false)

export function find(work: Work, command: Command): Order {
  const order = command.target === undefined ? undefined : work.orders.get(command.target)
  if (!order) throw notFound(`There is no order ${command.target ?? 'without an id'}.`)
  return order
}

/** The target, when the sender may act on it, has seen it as it stands, and the table knows the act in its state. */
export function ready(work: Work, command: Command, act: OrderAct, anyFieldWorker = false): Order {
  const order = find(work, command)
  if (!anyFieldWorker) mustBeAllowed(work, command.actor, order, act)
  checkVersion(order, command, lastStep(order))
  mustFit(order, act)
  return order
}

/** What adds and overwrites nothing needs no version; one that is given is held against what stands. */
export function readyToAdd(work: Work, command: Command, act: OrderAct): Order {
  if (command.version !== undefined) return ready(work, command, act)
  const order = find(work, command)
  mustBeAllowed(work, command.actor, order, act)
  mustFit(order, act)
  return order
}

export function mustBeAllowed(work: Work, actor: Actor, order: Order, act?: OrderAct) {
  if (mayAct(actor, order) || (act === 'accept' && mayTakeUp(work.world, actor, order))) return
  const advice = order.pool === undefined ? 'ask an officer to transfer it to you' : 'claim it first'
  throw forbidden(`${order.id} belongs to ${order.assignee}; ${advice}.`)
}

export function mustFit(order: Order, act: OrderAct) {
  if (orderAfter(act, order) === undefined) throw misfit(order, act)
}

export function misfit(order: Order, act: OrderAct) {
  const possible = possibleOrderActs(order)
  const held = order.heldBy === undefined ? '' : ` It waits for ${order.heldBy}.`
  const detail = `${order.id} is ${order.state}: ${act} does not fit.${held} Possible now: ${possible.join(', ') || 'nothing, it is finished'}.`
  return conflict(detail, { current: order, possible })
}

export function put(work: Work, command: Command, order: Order, why?: string): Order {
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

export const lastStep = (order: Order) => {
  const last = order.steps.at(-1)
  return last ? `${last.act} by ${last.by}` : 'no step'
}
