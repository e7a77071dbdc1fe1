import type { Alert, Step } from './alert.ts'
import { acknowledgeSeconds } from './durations.ts'
import type { Incident } from './incident.ts'
import { type Ended, LOOP_CHANNELS, type LoopChannel, type LoopStep, type Took } from './loop.ts'
import { REPORT_KIND } from './matter-kind.ts'
import { isOpenOrder, ORDER_STEPS, type Order, type OrderStep } from './order.ts'
import type { Report } from './report.ts'

/** The community's own target of a step, seconds; as its thresholds are now. */
export type TargetOf = (step: LoopStep, matter: { kind: string; priority: number; placeId: string }) => number

/** Exercises and tests count in no figure (X1); nor does what goes on in another record. */
export function orderEnded(order: Order, targetOf: TargetOf): Ended | undefined {
  if (order.status !== 'actual' || isOpenOrder(order)) return undefined
  const { id, kind, priority, placeId, state, handledBy, steps } = order
  const missed = new Set(steps.flatMap(({ act, from }) => (act === 'deadline.missed' ? [from] : [])))
  const took = ORDER_STEPS.flatMap((step) => {
    const seconds = stepSeconds(order, step)
    return seconds === undefined ? [] : [[step, { seconds, target: targetOf(step, order), within: !missed.has(step) }] as const]
  })
  const refused = state === 'rejected' && handledBy !== undefined
  return {
    ...{ id, kind, priority, placeId, team: teamOf(order), at: endOf(order), took: Object.fromEntries(took) },
    counts: { orders: 1, refused: refused ? 1 : 0, rejected: state === 'rejected' && !refused ? 1 : 0 },
  }
}

export const teamOf = ({ teamId, pool }: Pick<Order, 'teamId' | 'pool'>) => teamId ?? pool ?? ''

/** A later line about a closed order does not move its end. */
const endOf = ({ steps, since }: Order) => steps.findLast(({ act }) => ENDS.has(act))?.at ?? since
const ENDS = new Set(['verified', 'rejected', 'cancelled'])
/** From where the first clock runs: held orders begin later, and who passes an order on begins it anew. */
const BEGINS = new Set(['dispatched', 'begun', 'passed'])

/** Seconds of a step, pauses left out; undefined: it was not reached. */
export function stepSeconds(order: Order, step: OrderStep): number | undefined {
  const { dispatchedAt, acceptedAt, arrivedAt, handledAt, verifiedAt } = order
  const begun = order.steps.findLast(({ act, at }) => BEGINS.has(act) && at <= (acceptedAt ?? Infinity))?.at ?? dispatchedAt
  const spans = {
    ...{ accept: [begun, acceptedAt], arrive: [acceptedAt, arrivedAt] },
    ...{ handle: [arrivedAt, handledAt], verify: [handledAt, verifiedAt] },
  }
  const [from, to] = spans[step]
  if (from === undefined || to === undefined) return undefined
  return Math.max(0, (to - from - pausedWithin(order.steps, from, to)) / 1000)
}

function pausedWithin(steps: readonly Step[], from: number, to: number): number {
  let paused: number | undefined
  let sum = 0
  for (const { act, at } of steps) {
    if (act === 'paused') paused = at
    if (act !== 'resumed' || paused === undefined) continue
    sum += Math.max(0, Math.min(at, to) - Math.max(paused, from))
    paused = undefined
  }
  return sum
}

export interface Around {
  alerts: readonly Alert[]
  orders: readonly Order[]
  reports: readonly Report[]
}

export function incidentEnded(incident: Incident, around: Around, targetOf: TargetOf): Ended | undefined {
  const { id, kind, priority, placeId, openedAt, closedAt, status } = incident
  if (incident.state !== 'closed' || closedAt === undefined || status !== 'actual' || incident.drilled) return undefined
  const { alerts, orders, reports } = around
  const seconds: Partial<Record<LoopStep, number | undefined>> = {
    acknowledge: least(alerts.map(acknowledgeSeconds)) ?? since(openedAt, incident.triagedAt),
    dispatch: least(orders.map(({ dispatchedAt }) => since(openedAt, dispatchedAt))),
    close: since(openedAt, closedAt),
  }
  const stars = reports.flatMap(({ rating }) => (rating ? [rating.stars] : []))
  const late = incident.triageLate === true || orders.some(missedOne)
  return {
    ...{ id, kind, priority, placeId, at: closedAt, team: teamOf(orders.find(({ lead }) => lead) ?? orders[0] ?? {}) },
    took: Object.fromEntries(
      Object.entries(seconds).flatMap(([step, took]) =>
        took === undefined ? [] : [[step, against(incident, step as LoopStep, took, targetOf)]],
      ),
    ),
    counts: {
      ...{ incidents: 1, overdue: late ? 1 : 0, ratings: stars.length, stars: stars.reduce((sum, n) => sum + n, 0) },
      reopened: incident.timeline.filter(({ what }) => what === 'incident.reopened').length,
      [channelOf(incident)]: 1,
    },
  }
}

const since = (from: number, to: number | undefined) => (to === undefined ? undefined : Math.max(0, (to - from) / 1000))
const missedOne = ({ overdue, steps }: Order) => overdue || steps.some(({ act }) => act === 'deadline.missed')

function against(incident: Incident, step: LoopStep, seconds: number, targetOf: TargetOf): Took {
  const target = targetOf(step, incident)
  return { seconds, target, within: seconds <= target }
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}

const isChannel = (name: string | undefined): name is LoopChannel => LOOP_CHANNELS.some((known) => known === name)

/** By what it was opened: of what a device raised reports may come later. */
export function channelOf({ kind, channels }: Pick<Incident, 'kind' | 'channels'>): LoopChannel {
  const first = kind.startsWith(REPORT_KIND) ? channels?.[0] : undefined
  return isChannel(first) ? first : 'alert'
}

type Thresholds = (name: string, placeId: string) => number

/** Deadlines of the steps; of an alert's acknowledgement its own; of the whole way the sum of all its deadlines. */
export const targetsFrom =
  (threshold: Thresholds): TargetOf =>
  (step, { kind, priority, placeId }) => {
    const minutes = (name: string) => threshold(name, placeId) * 60
    const triage = kind.startsWith(REPORT_KIND) ? minutes(`triage.p${priority}`) : undefined
    if (step === 'acknowledge' || step === 'dispatch') return triage ?? threshold('target.acknowledge', placeId)
    if (step !== 'close') return minutes(`deadline.p${priority}.${step}`)
    return ORDER_STEPS.reduce((sum, each) => sum + minutes(`deadline.p${priority}.${each}`), triage ?? 0)
  }
