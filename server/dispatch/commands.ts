import type { Order } from '../../shared/order.ts'
import type { OrderAct } from '../../shared/transitions.ts'
import { actorId, onlyLeaders, optionalText, requiredFuture, requiredText } from '../command.ts'
import type { Command, Work } from '../work.ts'
import { claim } from './claim.ts'
import { type Moment, momentOf, photosOf, placeChecked, ticked, tickedOne } from './field.ts'
import { finish, type More } from './finish.ts'
import { transfer } from './hand-over.ts'
import { rungAbove } from './ladder.ts'
import { PAST, withStep } from './orders.ts'
import { put, ready, readyToAdd } from './ready.ts'
import { dispatchFurther } from './send.ts'
import { mustNotBeOwnWork, reject, verify } from './verify.ts'

/** Each answers with the order as it then stands. Problems: 404, 403, 400/422 for a field, 409 with `current` (D2), 422 for D3. */
export const orderCommands: Record<string, (work: Work, command: Command) => Order> = {
  'order.claim': claim,
  'order.accept': accept,
  'order.arrive': arrive,
  'order.handle': handle,
  'order.verify': verify,
  'order.reject': reject,
  'order.pause': pause,
  'order.resume': (work, command) => step(work, command, 'resume'),
  'order.transfer': transfer,
  'order.note': note,
  'order.check': check,
  'order.help': help,
  'order.cancel': cancel,
  'incident.dispatch': dispatchFurther,
}

/** Whoever of a team takes it up has it from then on; a leader who accepts what lies in a pool takes it out of there. */
function accept(work: Work, command: Command): Order {
  const order = ready(work, command, 'accept')
  const { staffId, role } = command.actor
  const moment = momentOf(command, order, work.now)
  const own = order.teamId !== undefined && role === 'field' && staffId !== undefined ? { assignee: staffId } : {}
  const patch = { ...own, pool: undefined, acceptedAt: moment.at }
  return finish(work, command, order, 'accept', { patch, moment, why: optionalText(command, 'note') })
}

function arrive(work: Work, command: Command): Order {
  const order = ready(work, command, 'arrive')
  const moment = momentOf(command, order, work.now)
  const patch = { arrivedAt: moment.at, placeChecked: placeChecked(work.world, order.placeId, command.body) }
  return finish(work, command, order, 'arrive', { patch, moment, why: optionalText(command, 'note') })
}

function handle(work: Work, command: Command): Order {
  const order = ready(work, command, 'handle')
  const moment = momentOf(command, order, work.now)
  const by = actorId(command.actor)
  const why = optionalText(command, 'note')
  const done = { handledAt: moment.at, handledBy: by, verifier: undefined }
  const patch = { ...done, ...ticked(order, command, by, moment.at), ...told(work, order, command, moment, why) }
  return finish(work, command, order, 'handle', { patch, moment, why })
}

/** A word or pictures of the owner's, kept with the order. */
function told(work: Work, order: Order, command: Command, { at }: Moment, text: string | undefined): Pick<Order, 'notes' | 'photos'> {
  const photos = photosOf(command)
  if (photos.length === 0 && text === undefined) return {}
  const by = actorId(command.actor)
  work.photos.attach(photos, { id: order.id, placeId: order.placeId, incidentId: order.incidentId }, by)
  const note = { at, by, text: text ?? '', ...(photos.length > 0 && { photos }) }
  return { notes: [...(order.notes ?? []), note], photos: [...new Set([...(order.photos ?? []), ...photos])] }
}

/** A pause without a time of its own ends after so long: it never waits for somebody to remember it. */
const USUAL_PAUSE = 30 * 60_000

function pause(work: Work, command: Command): Order {
  const order = ready(work, command, 'pause')
  const why = requiredText(command, 'reason')
  const pausedUntil = command.body.until == null ? work.now + USUAL_PAUSE : requiredFuture(command, 'until', work.now)
  return finish(work, command, order, 'pause', { patch: { pausedUntil }, why })
}

function cancel(work: Work, command: Command): Order {
  onlyLeaders(command.actor, 'cancel an order')
  const order = ready(work, command, 'cancel')
  if (order.state === 'handled') mustNotBeOwnWork(command.actor, order, 'judged')
  return finish(work, command, order, 'cancel', { why: requiredText(command, 'reason') })
}

function note(work: Work, command: Command): Order {
  const order = readyToAdd(work, command, 'note')
  const moment = momentOf(command, order, work.now)
  const text = photosOf(command).length > 0 ? optionalText(command, 'text') : requiredText(command, 'text')
  return add(work, command, order, 'note', { patch: told(work, order, command, moment, text), moment, why: text })
}

function check(work: Work, command: Command): Order {
  const order = readyToAdd(work, command, 'check')
  const moment = momentOf(command, order, work.now)
  const { checklist, text } = tickedOne(order, command, actorId(command.actor), moment.at)
  return add(work, command, order, 'check', { patch: { checklist }, moment, why: text })
}

/** Whoever dispatched it and the next rung are told; the clock goes on. */
function help(work: Work, command: Command): Order {
  const order = readyToAdd(work, command, 'help')
  const moment = momentOf(command, order, work.now)
  const text = requiredText(command, 'text')
  const asked = { at: moment.at, by: actorId(command.actor), text }
  return add(work, command, order, 'help', { patch: { help: asked }, moment, why: text, to: helpers(work, order) })
}

function helpers(work: Work, order: Order): string | undefined {
  if (order.status !== 'actual') return undefined
  const { world, now } = work
  const dispatcher = order.steps[0]?.by
  const officer = dispatcher !== undefined && world.staff(dispatcher) ? dispatcher : world.onDuty('officer', order.placeId, now)?.id
  const above = rungAbove(world, order.placeId, order.assignee, now)?.staffId
  const ids = [officer, above].filter((id, n, all) => id !== undefined && id !== order.assignee && all.indexOf(id) === n)
  return ids.join(' ') || undefined
}

const step = (work: Work, command: Command, act: OrderAct): Order =>
  finish(work, command, ready(work, command, act), act, { why: optionalText(command, 'note') })

interface Added extends More {
  to?: string | undefined
}

/** A step that leaves state and clock alone. */
function add(work: Work, command: Command, order: Order, act: OrderAct, { patch, moment = { at: work.now }, why, to }: Added): Order {
  const added = withStep(
    { ...order, ...patch, version: order.version + 1 },
    { ...moment, act: PAST[act], by: actorId(command.actor), to, why },
  )
  return put(work, command, added, why)
}
