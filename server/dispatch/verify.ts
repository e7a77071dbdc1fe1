import { isOpenOrder, type Order, VERIFIED_HOW, VERIFY_OUTCOMES, type VerifiedHow, type VerifyOutcome } from '../../shared/order.ts'
import { unprocessable } from '../../shared/problem.ts'
import { actorId, fieldWrong, optionalText, requiredText } from '../command.ts'
import { ordersOf } from '../loop.ts'
import type { Actor, Command, Work } from '../work.ts'
import { photosOf } from './field.ts'
import { finish } from './finish.ts'
import { findOwner, sameOwner } from './ladder.ts'
import { newOrder, PAST, withStep } from './orders.ts'
import { mustBeAllowed, put, ready } from './ready.ts'
import { type Target, teamTarget } from './target.ts'

/** D3: the one who did the work, and the one whose order it was when it was done. */
const didTheWork = (actor: Actor, order: Order) =>
  [order.handledBy, order.assignee].some((id) => id !== undefined && (id === actor.id || id === actor.staffId))

export function mustNotBeOwnWork(actor: Actor, order: Order, what: string) {
  if (!didTheWork(actor, order)) return
  throw unprocessable(`You did the work of ${order.id}: it has to be ${what} by somebody else. It waits until somebody does.`, {
    errors: [{ field: 'actor', detail: 'did the work', fix: 'let an officer, a supervisor or another worker do this' }],
  })
}

/** On the spot, by telephone or by photo. A call is noted by its outcome: refused brings a new order, one that reached nobody changes nothing. */
export function verify(work: Work, command: Command): Order {
  const outcome = oneOf<VerifyOutcome>(command, 'outcome', VERIFY_OUTCOMES) ?? 'confirmed'
  if (outcome === 'refused') return reject(work, { ...command, body: { reason: REFUSED, ...noted(command), ...command.body } })
  const order = ready(work, command, outcome === 'confirmed' ? 'verify' : 'ring', command.actor.role === 'field')
  mustNotBeOwnWork(command.actor, order, 'verified')
  const how = oneOf<VerifiedHow>(command, 'how', VERIFIED_HOW)
  if (outcome !== 'confirmed') return rung(work, command, order, outcome)
  if (how === 'photo' && photosOf(command).length + (order.photos?.length ?? 0) === 0)
    throw fieldWrong('how', 'on-spot or phone: there is no photo of this order')
  const patch = { verifiedAt: work.now, ...(how && { verifiedHow: how }) }
  return finish(work, command, order, 'verify', { patch, why: optionalText(command, 'note'), how })
}

const REFUSED = '核查未通过'
const noted = (command: Command) => {
  const note = optionalText(command, 'note')
  return note === undefined ? {} : { reason: note }
}

function oneOf<T extends string>(command: Command, field: string, codes: readonly string[]): T | undefined {
  const code = optionalText(command, field)
  if (code === undefined || codes.includes(code)) return code as T | undefined
  throw fieldWrong(field, `one of ${codes.join(', ')}`)
}

/** Nobody was reached: it waits on, and the call is on record. */
function rung(work: Work, command: Command, order: Order, outcome: VerifyOutcome): Order {
  const step = { at: work.now, act: PAST.ring, by: actorId(command.actor), to: outcome, why: optionalText(command, 'note') }
  return put(work, command, withStep({ ...order, version: order.version + 1 }, step), outcome)
}

/** The owner cannot take it, so the next person gets it; or the verifier finds the work wanting, so its owner gets it again. */
export function reject(work: Work, command: Command): Order {
  const order = ready(work, command, 'reject', command.actor.role === 'field')
  const refused = order.state === 'handled'
  if (refused) mustNotBeOwnWork(command.actor, order, 'judged')
  else mustBeAllowed(work, command.actor, order)
  const reason = requiredText(command, 'reason')
  const rejected = finish(work, command, order, 'reject', { why: reason })
  const incident = work.incidents.get(order.incidentId)
  const next = refused ? again(work, order) : nextTarget(work, order)
  if (incident) work.orders.put(newOrder(work, incident, next, actorId(command.actor), reason, { replaces: order }))
  return rejected
}

const again = (work: Work, order: Order): Target => {
  const owner = sameOwner(work.world, order, work.now)
  return owner.staffId === order.assignee && order.teamId !== undefined ? { ...owner, teamId: order.teamId } : owner
}

/** What was claimed from a pool goes back into it, what a member of a team cannot do goes to another of it, all else up the ladder. */
function nextTarget(work: Work, order: Order): Target {
  const { world, now } = work
  const team = order.teamId === undefined ? undefined : world.team(order.teamId)
  const not = [...new Set([...refusers(work, order), ...busy(work, order)])]
  if (team?.form === 'pool') return teamTarget(world, team, world.onDuty('officer', order.placeId, now)?.id ?? order.assignee, now)
  const others = team?.form === 'team' && [...team.members, team.leadId].some((id) => id !== undefined && !not.includes(id))
  return others ? teamTarget(world, team, order.assignee, now, not) : findOwner(world, order.kind, order.placeId, now, not)
}

const sisters = (work: Work, { incidentId }: Order): Order[] => {
  const incident = work.incidents.get(incidentId)
  return incident ? ordersOf(work, incident) : []
}

/** Everybody who has turned this matter down already. */
function refusers(work: Work, order: Order): string[] {
  const turnedDown = sisters(work, order).filter(({ state, handledBy }) => state === 'rejected' && handledBy === undefined)
  return [...turnedDown.map(({ assignee }) => assignee), order.assignee]
}

/** Nobody is sent twice. */
const busy = (work: Work, order: Order): string[] =>
  sisters(work, order).flatMap((other) => (other.id !== order.id && isOpenOrder(other) ? [other.assignee] : []))
