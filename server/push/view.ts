import { isOpenAlert } from '../../shared/alert.ts'
import { isOpenIncident } from '../../shared/incident.ts'
import { compareItems } from '../../shared/list-order.ts'
import { WINDOW } from '../../shared/live.ts'
import { isOpenOrder } from '../../shared/order.ts'
import { diffStates, emptyState, type Op } from '../../shared/patch.ts'
import type { AlertView, CareView, GridView, IncidentView, OrderView, ShiftView, WallState } from '../../shared/wall.ts'
import { createDayCounts } from './day-counts.ts'
import { type Ground, surveyGround } from './ground.ts'
import { viewAlert, viewIncident, viewOrder } from './matter-views.ts'
import { createRanked, createTally } from './ranked.ts'
import { keep, keepItems } from './same.ts'
import { alertKeys, alertTotals, incidentCounts, incidentKeys, orderCounts, orderKeys, viewCluster, viewGrid, workerOf } from './tallies.ts'
import type { PublicView, PublicViewOptions, ViewInput, ViewReports, ViewWork } from './view-input.ts'

export type { PublicView, PublicViewOptions, ViewInput, ViewReports, ViewWork } from './view-input.ts'

const NOTHING: ViewInput['changed'] = { alerts: [], incidents: [], orders: [] }

/** Keeps the public wall state in step with the shelves: alerts, incidents and orders at once, the slow numbers when asked (P1). */
export function createPublicView(options: PublicViewOptions): PublicView {
  let state: WallState = options.last ?? emptyState()
  let before = state
  let ground: Ground | undefined
  let lastChanged: ViewInput['changed'] = NOTHING
  let surveyed = false
  let utcOffset = 0
  let workers = new Map<string, Pick<GridView, 'workerId' | 'onDuty'>>()
  let blind = { clusters: new Set<string>(), homes: 0 }
  const alerts = createRanked<AlertView>(compareItems('alerts') as (a: AlertView, b: AlertView) => number)
  const incidents = createRanked<IncidentView>(compareItems('incidents') as (a: IncidentView, b: IncidentView) => number)
  const orders = createRanked<OrderView>(compareItems('orders') as (a: OrderView, b: OrderView) => number)
  const tally = { alerts: createTally(alertKeys), incidents: createTally(incidentKeys), orders: createTally(orderKeys) }
  const day = createDayCounts(() => utcOffset)

  const putAlert = (id: string, work: ViewWork) => {
    const alert = work.alerts.get(id)
    const view = alert && isOpenAlert(alert) ? viewAlert(alert, work) : undefined
    tally.alerts.swap(alerts.replace(id, view), view)
  }
  const putIncident = (id: string, work: ViewWork) => {
    const incident = work.incidents.get(id)
    const view = incident && isOpenIncident(incident) ? viewIncident(incident, work) : undefined
    tally.incidents.swap(incidents.replace(id, view), view)
    day.incident(id, incident)
  }
  const putOrder = (id: string, work: ViewWork) => {
    const order = work.orders.get(id)
    const view = order && isOpenOrder(order) ? viewOrder(order, work) : undefined
    tally.orders.swap(orders.replace(id, view), view)
    day.order(id, order)
  }
  const absorb = (changed: ViewInput['changed'], work: ViewWork) => {
    for (const id of changed.orders) putOrder(id, work)
    for (const id of changed.reports ?? []) day.report(id, work.reports.get(id))
    for (const id of changed.incidents) putIncident(id, work)
    for (const id of alertsTouchedBy(changed, work)) putAlert(id, work)
  }

  /** The first update and every import: everything that is open, and the ground under it. */
  const survey = (work: ViewWork) => {
    utcOffset = work.world.utcOffset
    const first = ground === undefined
    ground = surveyGround(work.world, options.district)
    day.turn(work.now)
    if (first) for (const incident of options.today?.incidents ?? []) day.incident(incident.id, incident)
    if (first) for (const order of options.today?.orders ?? []) day.order(order.id, order)
    if (first) for (const report of options.today?.reports ?? []) day.report(report.id, report)
    absorb(everythingOpen(work), work)
  }

  const matters = (): Partial<WallState> => ({
    alerts: keepItems(state.alerts, alerts.first(WINDOW)),
    incidents: keepItems(state.incidents, incidents.first(WINDOW)),
    orders: keepItems(state.orders, orders.first(WINDOW)),
    ...areasNow(),
    ...totalsNow(),
  })
  const areasNow = (): Partial<WallState> => ({
    clusters: keepItems(
      state.clusters,
      ground!.clusters.map((area) => viewCluster(area, tally.alerts, blind.clusters)),
    ),
    grids: keepItems(
      state.grids,
      ground!.grids.map((area) => viewGrid(area, tally.alerts, tally.orders, workers.get(area.id) ?? { workerId: null, onDuty: false })),
    ),
  })
  const totalsNow = (): Partial<WallState> => ({
    alertTotals: keep(state.alertTotals, alertTotals(tally.alerts, blind.homes)),
    incidentTotals: keep(state.incidentTotals, { ...incidentCounts(tally.incidents), ...day.incidents() }),
    orderTotals: keep(state.orderTotals, { ...orderCounts(tally.orders), ...day.orders() }),
    loop: keep(state.loop, day.loop()),
  })

  const slowNumbers = (work: ViewWork, reports: ViewReports): Partial<WallState> => {
    day.turn(work.now)
    workers = new Map(ground!.grids.map(({ id }) => [id, workerOf(work.world, id, work.now)]))
    return {
      community: keep(state.community, ground!.community),
      totals: keep(state.totals, ground!.totals),
      shift: keep(state.shift, shiftNow(work, ground!.community.id)),
      ...reported(state, reports, alerts.get, (care) => {
        blind = blindness(care)
      }),
    }
  }

  const update = (input: ViewInput): Op[] => {
    const { work, changed, reports } = input
    before = state
    lastChanged = changed
    const anew = ground === undefined || input.registers === true
    surveyed = anew
    if (anew) survey(work)
    absorb(changed, work)
    const mode = input.mode ?? options.mode
    const full = input.full || anew
    if (full) state = { ...state, mode: keep(state.mode, mode), ...slowNumbers(work, reports) }
    if (full || touches(changed)) state = { ...state, ...matters() }
    return state === before ? [] : diffStates(before, state)
  }

  return {
    update,
    committed(revision, at) {
      state = { ...state, revision, at }
    },
    undo(work) {
      state = before
      if (ground) absorb(lastChanged, work)
      lastChanged = NOTHING
      if (surveyed) ground = undefined
    },
    state: () => state,
  }
}

const touches = ({ alerts, incidents, orders, reports = [] }: ViewInput['changed']) =>
  alerts.length + incidents.length + orders.length + reports.length > 0

/** An alert shows the order by which its matter is seen to: it changes with its incident's orders. */
function alertsTouchedBy(changed: ViewInput['changed'], work: ViewWork): Set<string> {
  const incidents = new Set(changed.incidents)
  for (const id of changed.orders) incidents.add(work.orders.get(id)?.incidentId ?? '')
  const touched = new Set(changed.alerts)
  for (const id of incidents) for (const alert of work.incidents.get(id)?.alerts ?? []) touched.add(alert)
  return touched
}

function everythingOpen(work: ViewWork): ViewInput['changed'] {
  const ids = (things: Iterable<{ id: string }>) => Array.from(things, ({ id }) => id)
  return { alerts: ids(work.alerts.open()), incidents: ids(work.incidents.open()), orders: ids(work.orders.open()) }
}

function reported(
  state: WallState,
  reports: ViewReports,
  alertOf: (id: string) => AlertView | undefined,
  onCare: (care: readonly CareView[]) => void,
): Partial<WallState> {
  const care = reports.care?.().map((row) => withHelper(row, row.alertId === undefined ? undefined : alertOf(row.alertId)))
  if (care) onCare(care)
  const devices = reports.devices?.()
  const figures = reports.figures?.()
  return {
    ...(care && { care: keepItems(state.care, windowOf('care', care)) }),
    ...(devices && {
      devices: keepItems(state.devices, windowOf('devices', devices.unwell)),
      deviceTotals: keep(state.deviceTotals, devices.totals),
    }),
    ...(figures && { figures: keep(state.figures, figures) }),
    ...inOrder(state, 'feeds', reports.feeds?.()),
    ...inOrder(state, 'warnings', reports.warnings?.()),
  }
}

/** A row about somebody whom a matter is open of says who sees to it. */
const withHelper = (row: CareView, alert: AlertView | undefined): CareView =>
  alert ? { ...row, callBy: alert.callBy, assignee: alert.assignee, orderState: alert.orderState } : row

const inOrder = <L extends 'feeds' | 'warnings'>(state: WallState, list: L, items: readonly WallState[L][number][] | undefined) =>
  items && { [list]: keepItems<{ id: string }>(state[list], windowOf(list, items)) }

const windowOf = <T extends { id: string }>(list: 'care' | 'devices' | 'feeds' | 'warnings', items: readonly T[]): T[] =>
  [...items].sort(compareItems(list)).slice(0, WINDOW)

/** Homes of people living alone whose sensors are not heard; one of them makes its cluster blind when nothing worse is known of it. */
function blindness(care: readonly CareView[]) {
  const homes = care.filter(({ state, blind }) => blind !== undefined || state === 'blind')
  return { homes: homes.length, clusters: new Set(homes.flatMap(({ clusterId }) => clusterId ?? [])) }
}

function shiftNow({ world, now }: ViewWork, communityId: string): ShiftView | null {
  const officer = world.onDuty('officer', communityId, now)
  if (!officer) return null
  const shift = world.shiftOf(officer.id, now)
  return { officerId: officer.id, name: shift?.name ?? '', from: shift?.from ?? '', to: shift?.to ?? '' }
}
