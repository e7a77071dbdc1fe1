import { EQUIPMENT_KINDS } from '../../shared/equipment.ts'
import type { Priority } from '../../shared/status.ts'
import type { AlertView, ClusterState, ClusterView, GridView, IncidentView, OrderView, WallState } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import type { Area } from './ground.ts'
import type { Tally } from './ranked.ts'

const STANDING = new Set<AlertView['state']>(['active-unacknowledged', 'active-acknowledged', 'returned-unacknowledged'])
const UNACKNOWLEDGED = new Set<AlertView['state']>(['active-unacknowledged', 'returned-unacknowledged'])

/** Under what an alert counts. Exercises and tests count in no figure (X1); shelved ones only as shelved. */
export function alertKeys(alert: AlertView): string[] {
  if (alert.status !== 'actual') return []
  if (alert.state === 'shelved') return ['shelved']
  if (!STANDING.has(alert.state)) return []
  const keys = ['open', `p${alert.priority}`, `${alert.gridId}:${alert.priority <= 2 ? 'urgent' : 'attention'}`]
  if (UNACKNOWLEDGED.has(alert.state)) keys.push('unacknowledged')
  // a faulty device makes no flat uneasy; a home that is not heard is blind, and says so itself
  if (alert.clusterId && !EQUIPMENT_KINDS.has(alert.kind)) keys.push(`${alert.clusterId}:${alert.priority}`)
  return keys
}
export function incidentKeys({ status, triageBy, triageLate, callBy }: IncidentView): string[] {
  if (status !== 'actual') return []
  const waits = triageBy === undefined ? [] : ['triage', ...(triageLate ? ['triageLate'] : [])]
  return ['open', ...waits, ...(callBy === undefined ? [] : ['call'])]
}
export function orderKeys({ status, state, gridId, overdue, pool, held, rung }: OrderView): string[] {
  if (status !== 'actual') return []
  const marks = { overdue, pooled: pool && !held, held, escalated: rung !== undefined }
  return [state, `grid:${gridId}`, ...Object.entries(marks).flatMap(([mark, is]) => (is ? [mark] : []))]
}

export const alertTotals = (tally: Tally<AlertView>, blind: number): WallState['alertTotals'] => ({
  open: tally.of('open'),
  unacknowledged: tally.of('unacknowledged'),
  byPriority: { 1: tally.of('p1'), 2: tally.of('p2'), 3: tally.of('p3'), 4: tally.of('p4') },
  shelved: tally.of('shelved'),
  blind,
})

export const incidentCounts = (tally: Tally<IncidentView>) => ({
  open: tally.of('open'),
  triage: tally.of('triage'),
  triageLate: tally.of('triageLate'),
  call: tally.of('call'),
})

export const orderCounts = (tally: Tally<OrderView>) => ({
  dispatched: tally.of('dispatched'),
  accepted: tally.of('accepted'),
  arrived: tally.of('arrived'),
  handled: tally.of('handled'),
  paused: tally.of('paused'),
  overdue: tally.of('overdue'),
  pooled: tally.of('pooled'),
  held: tally.of('held'),
  escalated: tally.of('escalated'),
})

export function viewCluster(area: Area, tally: Tally<AlertView>, blind: ReadonlySet<string>): ClusterView {
  const counts = ([1, 2, 3, 4] as const).map((priority) => [priority, tally.of(`${area.id}:${priority}`)] as const)
  const priority = counts.find(([, count]) => count > 0)?.[0] ?? null
  return {
    ...{ id: area.id, n: area.n, gridId: area.gridId, households: area.households, people: area.people },
    state: clusterState(priority, blind.has(area.id)),
    alerts: counts.reduce((sum, [, count]) => sum + count, 0),
    priority,
  }
}

function clusterState(priority: Priority | null, blind: boolean): ClusterState {
  if (priority !== null) return priority <= 2 ? 'alert' : 'attention'
  return blind ? 'blind' : 'calm'
}

export function viewGrid(area: Area, alerts: Tally<AlertView>, orders: Tally<OrderView>, worker: Worker): GridView {
  return {
    ...{ id: area.id, n: area.n, name: area.name, people: area.people, households: area.households },
    urgent: alerts.of(`${area.id}:urgent`),
    attention: alerts.of(`${area.id}:attention`),
    orders: orders.of(`grid:${area.id}`),
    ...worker,
  }
}

type Worker = Pick<GridView, 'workerId' | 'onDuty'>

/** Who has the duty of the grid now; off duty, whoever it belongs to. */
export function workerOf(world: World, gridId: string, at: number): Worker {
  const onDuty = world.onDuty('grid-worker', gridId, at)
  const own = onDuty ?? world.allStaff().find(({ role, placeId }) => role === 'grid-worker' && placeId === gridId)
  return { workerId: own?.id ?? null, onDuty: onDuty !== undefined }
}
