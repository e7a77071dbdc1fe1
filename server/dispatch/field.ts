import { metresBetween } from '../../shared/distance.ts'
import type { CheckItem, Order } from '../../shared/order.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { fieldWrong, isoTime, readTime } from '../command.ts'
import type { Command } from '../work.ts'

/** When something was done. `receivedAt`, when it was done earlier, on a phone without a network. */
export interface Moment {
  at: Millis
  receivedAt?: Millis
}

/** Phones whose clock is a little off are borne with. */
const SKEW: Millis = 120_000
const LONGEST_OFFLINE: Millis = 24 * 3_600_000
/** Sooner than this it is as good as now. */
const AT_ONCE: Millis = 1_000

/** `doneAt` of the body (ms or ISO 8601): between the step before and now, at most 24 h ago. Deadlines run from receipt (I4). */
export function momentOf(command: Command, order: Pick<Order, 'since'>, now: Millis): Moment {
  const value = command.body.doneAt
  if (value === undefined || value === null) return { at: now }
  const said = readTime(value, 'doneAt')
  if (said > now + SKEW) throw fieldWrong('doneAt', `a time that has come: here it is ${isoTime(now)}`)
  if (said < now - LONGEST_OFFLINE) throw fieldWrong('doneAt', `a time of the last 24 hours, after ${isoTime(now - LONGEST_OFFLINE)}`)
  if (said < order.since - SKEW) throw fieldWrong('doneAt', `a time after the step before, ${isoTime(order.since)}`)
  const at = Math.min(now, Math.max(said, order.since))
  return now - at < AT_ONCE ? { at: now } : { at, receivedAt: now }
}

/** A fix worse than this says nothing about where somebody is. */
const WORST_ACCURACY = 500

/** Whether the phone is at the place, as far as it can say: never a condition, and where it was is not kept. */
export function placeChecked(world: World, placeId: string, body: Record<string, unknown>): Order['placeChecked'] {
  const { lon, lat, accuracy } = body
  const place = located(world, placeId)
  if (!place || !isNumber(lon) || !isNumber(lat) || Math.abs(lat) > 90 || Math.abs(lon) > 180) return 'unknown'
  const error = isNumber(accuracy) && accuracy >= 0 ? accuracy : 0
  if (error > WORST_ACCURACY) return 'unknown'
  return metresBetween({ lon, lat }, place) <= world.threshold('arrive.metres', placeId) + error
}

/** The place, or the nearest one above it that says where it is. */
export const located = ({ places }: World, placeId: string) =>
  places.path(placeId).find(({ lon, lat }) => lon !== undefined && lat !== undefined)

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** `checklist` of the body: an array of true and false in the order of the list. */
export function ticked(order: Order, command: Command, by: string, at: Millis): Pick<Order, 'checklist'> {
  const marks = command.body.checklist
  if (marks === undefined || marks === null || !order.checklist) return {}
  if (!Array.isArray(marks) || marks.length > order.checklist.length || marks.some((mark) => typeof mark !== 'boolean'))
    throw fieldWrong('checklist', `at most ${order.checklist.length} times true or false, in the order of the list`)
  return { checklist: order.checklist.map((item, n) => (n < marks.length ? tick(item, marks[n] as boolean, by, at) : item)) }
}

/** `index` and `done` of the body. */
export function tickedOne(order: Order, command: Command, by: string, at: Millis): Pick<Order, 'checklist'> & { text: string } {
  const { index, done } = command.body
  const list = order.checklist ?? []
  const item = typeof index === 'number' ? list[index] : undefined
  if (!item) throw fieldWrong('index', list.length > 0 ? `a number from 0 to ${list.length - 1}` : 'nothing: this order has no list')
  if (typeof done !== 'boolean') throw fieldWrong('done', 'true or false')
  return { checklist: list.map((one, n) => (n === index ? tick(one, done, by, at) : one)), text: `${done ? '✓' : '✗'} ${item.text}` }
}

const tick = (item: CheckItem, done: boolean, by: string, at: Millis): CheckItem =>
  item.done === done ? item : { text: item.text, done, ...(done && { at, by }) }

const MOST_PHOTOS = 20

/** `photos` of the body: ids of pictures. */
export function photosOf(command: Command): string[] {
  const ids = command.body.photos ?? []
  if (!Array.isArray(ids) || ids.length > MOST_PHOTOS || ids.some((id) => typeof id !== 'string'))
    throw fieldWrong('photos', `at most ${MOST_PHOTOS} ids of pictures`)
  return [...new Set(ids as string[])]
}
