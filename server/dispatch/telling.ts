import type { Order } from '../../shared/order.ts'
import type { Millis } from '../../shared/status.ts'
import type { Work } from '../work.ts'
import { tellingAt } from './deadlines.ts'
import { ladderOf, levelOf, rungAbove, type Told } from './ladder.ts'
import { withStep } from './orders.ts'

/**
 * Missed deadlines, rung by rung up the ladder until the top: at the deadline the owner and the next rung that has somebody are told, then
 * every `escalate.p<N>` minutes the next one. All of it follows from the order itself and the time, so that a server that was down tells
 * each rung it missed, once, in order and with the time at which it was due. A drill pages nobody (X1).
 */
export function told(work: Work, order: Order): Order {
  let late = order
  for (let at = nextTelling(work, late); at !== undefined && at <= work.now; at = nextTelling(work, late)) late = tell(work, late, at)
  return late
}

const timesTold = ({ told, overdue }: Order) => told ?? (overdue ? 1 : 0)

function nextTelling({ world }: Work, order: Order): Millis | undefined {
  if (order.dueAt === null) return undefined
  const times = timesTold(order)
  if (times === 0) return order.dueAt
  if (order.status !== 'actual' || (order.rung && order.rung.level >= order.rung.of)) return undefined
  return tellingAt(world, order, order.dueAt, times)
}

function tell(work: Work, order: Order, at: Millis): Order {
  const times = timesTold(order)
  const above = order.status === 'actual' ? nextRung(work, order, times) : undefined
  const late = { ...order, overdue: true, told: times + 1, rung: rungOf(work, order, above) }
  if (times > 0 && !above) return late
  const to = [responsible(order), above?.staffId].filter((id, n, all) => id !== undefined && all.indexOf(id) === n)
  const act = times === 0 ? 'deadline.missed' : 'escalated'
  return withStep(late, { at, act, by: 'system', from: order.next ?? undefined, to: to.join(' ') || undefined, why: above?.rung })
}

/** Of work that waits to be verified it is whoever can verify it; of all else the owner. */
const responsible = ({ next, verifier, assignee, status }: Order) =>
  status === 'actual' ? ((next === 'verify' ? verifier : undefined) ?? assignee) : undefined

/** What nobody claimed goes to whoever dispatched it first, and up from there. */
function nextRung({ world, now }: Work, order: Order, times: number): Told | undefined {
  const { placeId, assignee, pool, rung } = order
  if (pool !== undefined && times === 0) return dispatcherRung(order, levelOf(world, placeId, assignee), ladderOf(world, placeId))
  return rungAbove(world, placeId, assignee, now, rung?.level)
}

const dispatcherRung = ({ assignee }: Order, level: number, ladder: ReturnType<typeof ladderOf>): Told => ({
  ...{ staffId: assignee, level, of: ladder.length, rung: ladder[level - 1]!.name },
})

/** With nobody above, the top has been reached. */
function rungOf({ world }: Work, order: Order, above: Told | undefined): Order['rung'] {
  if (above) return { level: above.level, of: above.of, name: above.rung }
  if (order.status !== 'actual') return undefined
  const ladder = ladderOf(world, order.placeId)
  return { level: ladder.length, of: ladder.length, name: order.rung?.name ?? ladder.at(-1)!.name }
}
