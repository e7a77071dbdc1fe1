import type { MyOrder } from '../../../shared/my-orders.ts'
import type { CheckItem, OrderNote } from '../../../shared/order.ts'
import { AWAITS, orderAfter, possibleOrderActs } from '../../../shared/transitions.ts'
import { type Errand, laneOf } from './errand.ts'

/** An order as it will stand when the server has heard everything; pictures that wait are told apart by `waiting`. */
export interface ShownOrder extends MyOrder {
  /** errands that have yet to reach the server */
  waiting: number
  refused?: Errand
  /** it is no longer in the server's list */
  gone?: boolean
}

/** The order with all that waits for it; what was refused, and all after it, has not happened. */
export function foreseen(order: MyOrder, errands: readonly Errand[]): ShownOrder {
  const lane = laneOf(errands, order.id)
  const refused = lane.find(({ state }) => state === 'refused')
  const counted = refused ? lane.filter(({ seq }) => seq < refused.seq) : lane
  const after = counted.reduce(done, order)
  return { ...after, waiting: lane.length, ...(refused && { refused }), possible: possibleOrderActs(after) }
}

/** The same table as the server's; what does not fit is left for the server to say. */
function done(order: MyOrder, errand: Errand): MyOrder {
  const { what, doneAt, person } = errand
  const state = what === 'report' ? undefined : orderAfter(what, order)
  if (state === undefined) return order
  const moved = state === order.state ? {} : { state, since: doneAt, ...clockOf(order, state) }
  const step = { at: doneAt, act: PAST[what] ?? what, by: person, why: text(errand) }
  return { ...order, ...moved, ...changes(order, errand), steps: [...order.steps, step] }
}

/** The next deadline is the server's to set. */
function clockOf(order: MyOrder, state: MyOrder['state']): Pick<MyOrder, 'next' | 'dueAt' | 'overdue'> {
  if (state === 'paused') return { next: order.next, dueAt: null, overdue: order.overdue }
  return { next: state in AWAITS ? AWAITS[state as keyof typeof AWAITS] : null, dueAt: null, overdue: false }
}

const PAST: Record<string, string> = {
  accept: 'accepted',
  claim: 'claimed',
  arrive: 'arrived',
  handle: 'handled',
  reject: 'rejected',
  pause: 'paused',
  resume: 'resumed',
  transfer: 'transferred',
  check: 'checked',
  note: 'noted',
}

function changes(order: MyOrder, errand: Errand): Partial<MyOrder> {
  const { what, doneAt, person, body } = errand
  if (what === 'accept' || what === 'claim') return { acceptedAt: doneAt, assignee: person, pool: undefined }
  if (what === 'arrive') return { arrivedAt: doneAt }
  if (what === 'handle') return { handledAt: doneAt, handledBy: person, ...noted(order, errand) }
  if (what === 'note') return noted(order, errand)
  if (what === 'check') return { checklist: ticked(order.checklist ?? [], errand) }
  if (what === 'pause') return { pausedUntil: Number(body.until) }
  if (what === 'help') return { help: { at: doneAt, by: person, text: String(body.text) } }
  return {}
}

const text = ({ body }: Errand) =>
  [body.reason, body.note, body.text].find((value) => typeof value === 'string' && value !== '') as string | undefined

function noted(order: MyOrder, errand: Errand): Pick<MyOrder, 'notes'> {
  const said = text(errand)
  if (said === undefined && errand.shots.length === 0) return {}
  const photos = errand.shots.map(({ key }) => `${LOCAL}${key}`)
  const note: OrderNote = { at: errand.doneAt, by: errand.person, text: said ?? '', ...(photos.length > 0 && { photos }) }
  return { notes: [...(order.notes ?? []), note] }
}
/** A picture that lies on this phone. */
export const LOCAL = 'local:'

const ticked = (list: readonly CheckItem[], { body, doneAt, person }: Errand): CheckItem[] =>
  list.map((item, n) =>
    n === body.index ? { text: item.text, done: body.done === true, ...(body.done === true && { at: doneAt, by: person }) } : item,
  )
