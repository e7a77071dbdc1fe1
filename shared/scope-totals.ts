import type { Scope } from './scope.ts'
import type { AlertView, IncidentView, OrderView, WallState } from './wall.ts'

type Scoped = Pick<WallState, 'totals' | 'alertTotals' | 'incidentTotals' | 'orderTotals' | 'deviceTotals' | 'loop'>

const STANDING = new Set<AlertView['state']>(['active-unacknowledged', 'active-acknowledged', 'returned-unacknowledged'])

/** The totals of a part of the community, from what is shown of it: exact while its open matters fit the windows. Counts of today stay unknown (0). */
export function scopedFields(state: WallState, scope: Scope): Scoped {
  return {
    totals: scope.totals,
    alertTotals: countAlerts(state),
    incidentTotals: countIncidents(state.incidents.filter(({ status }) => status === 'actual')),
    orderTotals: countOrders(state.orders.filter(({ status }) => status === 'actual')),
    deviceTotals: countDevices(state, scope),
    loop: null,
  }
}

const countIncidents = (incidents: IncidentView[]): WallState['incidentTotals'] => ({
  ...{ open: incidents.length, today: 0, closedToday: 0 },
  triage: incidents.filter(({ triageBy }) => triageBy !== undefined).length,
  triageLate: incidents.filter(({ triageBy, triageLate }) => triageBy !== undefined && triageLate).length,
  call: incidents.filter(({ callBy }) => callBy !== undefined).length,
})

function countAlerts({ alerts, care }: WallState): WallState['alertTotals'] {
  const actual = alerts.filter(({ status }) => status === 'actual')
  const standing = actual.filter(({ state }) => STANDING.has(state))
  const of = (priority: number) => standing.filter((alert) => alert.priority === priority).length
  return {
    open: standing.length,
    unacknowledged: standing.filter(({ state }) => state.endsWith('-unacknowledged')).length,
    byPriority: { 1: of(1), 2: of(2), 3: of(3), 4: of(4) },
    shelved: actual.filter(({ state }) => state === 'shelved').length,
    blind: care.filter(({ state, blind }) => blind !== undefined || state === 'blind').length,
  }
}

function countOrders(orders: OrderView[]): WallState['orderTotals'] {
  const of = (state: OrderView['state']) => orders.filter((order) => order.state === state).length
  return {
    dispatched: of('dispatched'),
    accepted: of('accepted'),
    arrived: of('arrived'),
    handled: of('handled'),
    paused: of('paused'),
    overdue: orders.filter(({ overdue }) => overdue).length,
    pooled: orders.filter(({ pool, held }) => pool && !held).length,
    held: orders.filter(({ held }) => held).length,
    escalated: orders.filter(({ rung }) => rung).length,
    ...{ today: 0, verifiedToday: 0, onTimePercent: null },
  }
}

function countDevices({ devices }: WallState, scope: Scope): WallState['deviceTotals'] {
  const of = (kind: string, ...states: string[]) => devices.filter((device) => device.kind === kind && states.includes(device.state)).length
  const entries = Object.entries(scope.devices).map(([kind, total]) => {
    const never = of(kind, 'never')
    return [kind, { total, heard: total - never - of(kind, 'silent'), never }] as const
  })
  return Object.fromEntries(entries)
}
