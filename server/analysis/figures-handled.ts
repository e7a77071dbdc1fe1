import {
  acceptSeconds,
  acknowledgeSeconds,
  arriveSeconds,
  closeSeconds,
  handleSeconds,
  MEASURED_STEPS,
  type MeasuredStep,
} from '../../shared/durations.ts'
import { matterKindOf } from '../../shared/matter-kind.ts'
import type { Millis } from '../../shared/status.ts'
import type { Figures } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import type { AlertChange, IncidentChange, OrderChange } from '../work.ts'
import { localDay } from './local-time.ts'

/** What people did: incidents by kind and local day, and how long each step took today, seconds. Plain JSON. */
export interface Handled {
  days: Record<string, Record<string, number>>
  day: number
  took: Partial<Record<MeasuredStep, number[]>>
}
export interface Observed {
  alerts?: readonly AlertChange[]
  incidents?: readonly IncidentChange[]
  orders?: readonly OrderChange[]
}

const DAYS = 7
/** The median of so many is good enough. */
const KEPT = 500

export const newHandled = (): Handled => ({ days: {}, day: -1, took: {} })

/** Says whether it changed anything. */
export function observeHandled(handled: Handled, { alerts, incidents, orders }: Observed, now: Millis, utcOffset: number): boolean {
  turn(handled, localDay(now, utcOffset))
  const steps = [...(alerts ?? []).map(alertStep), ...(orders ?? []).flatMap(orderSteps), ...(incidents ?? []).map(incidentStep)]
  let changed = false
  for (const step of steps) {
    if (step?.seconds === undefined) continue
    handled.took[step.name] ??= []
    const took = handled.took[step.name]!
    took.push(Math.round(step.seconds))
    if (took.length > KEPT) took.shift()
    changed = true
  }
  for (const { before, incident } of incidents ?? []) {
    if (before && incident.drilled !== before.drilled) changed = recount(handled, incident, utcOffset) || changed
    if (before || incident.status !== 'actual') continue
    handled.days[handled.day] ??= {}
    const today = handled.days[handled.day]!
    today[incident.kind] = (today[incident.kind] ?? 0) + 1
    changed = true
  }
  return changed
}

/** Found to have been an exercise after all, or not: on the day on which it was counted (X1). */
function recount({ days }: Handled, { status, kind, openedAt, drilled }: IncidentChange['incident'], utcOffset: number): boolean {
  const kinds = days[localDay(openedAt, utcOffset)]
  if (!kinds || status !== 'actual') return false
  const count = (kinds[kind] ?? 0) + (drilled ? -1 : 1)
  if (count > 0) kinds[kind] = count
  else delete kinds[kind]
  return true
}

function turn(handled: Handled, day: number) {
  if (day <= handled.day) return
  handled.day = day
  handled.took = {}
  for (const known of Object.keys(handled.days)) if (Number(known) <= day - DAYS) delete handled.days[known]
}

type Measured = { name: MeasuredStep; seconds: number | undefined } | undefined

/** A step counts when it is reached for the first time. */
const alertStep = ({ before, alert }: AlertChange): Measured =>
  alert.status === 'actual' && alert.acknowledgedAt !== undefined && before?.acknowledgedAt === undefined
    ? { name: 'acknowledge', seconds: acknowledgeSeconds(alert) }
    : undefined

function orderSteps({ before, order }: OrderChange): Measured[] {
  if (order.status !== 'actual') return []
  return [
    order.acceptedAt !== undefined && before?.acceptedAt === undefined ? { name: 'accept', seconds: acceptSeconds(order) } : undefined,
    order.arrivedAt !== undefined && before?.arrivedAt === undefined ? { name: 'arrive', seconds: arriveSeconds(order) } : undefined,
    order.handledAt !== undefined && before?.handledAt === undefined ? { name: 'handle', seconds: handleSeconds(order) } : undefined,
  ]
}

const incidentStep = ({ act, incident }: IncidentChange): Measured =>
  act === 'closed' && incident.status === 'actual' && !incident.drilled ? { name: 'close', seconds: closeSeconds(incident) } : undefined

export function handledFigures(handled: Handled, now: Millis, world: World): Pick<Figures, 'incidents' | 'response'> {
  const today = localDay(now, world.utcOffset)
  const took = handled.day === today ? handled.took : {}
  return {
    incidents: byKind(handled, today).map((each) => withName(world, each)),
    response: MEASURED_STEPS.map((step) => ({
      step,
      median: median(took[step] ?? []),
      target: world.threshold(`target.${step}`),
      count: took[step]?.length ?? 0,
    })),
  }
}

/** Reported matters are kinds of the register. */
function withName(world: World, each: { kind: string; count: number }): Figures['incidents'][number] {
  const name = world.matterKind(matterKindOf(each.kind) ?? '')?.name
  return name === undefined ? each : { ...each, name }
}

function byKind({ days }: Handled, today: number): Figures['incidents'] {
  const counts = new Map<string, number>()
  for (const [day, kinds] of Object.entries(days)) {
    if (Number(day) <= today - DAYS) continue
    for (const [kind, count] of Object.entries(kinds)) counts.set(kind, (counts.get(kind) ?? 0) + count)
  }
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1))
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : Math.round((sorted[middle - 1]! + sorted[middle]!) / 2)
}
