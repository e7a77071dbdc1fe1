import type { CommitSource } from '../../server/push/options.ts'
import { createPublicView } from '../../server/push/view.ts'
import type { ViewReports } from '../../server/push/view-input.ts'
import type { Alert, AlertState } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import { ORDER_STATES, type Order } from '../../shared/order.ts'
import { applyPatch, emptyState, type Op } from '../../shared/patch.ts'
import { type Random, seededRandom } from '../../shared/random.ts'
import type { Priority } from '../../shared/status.ts'
import type { CareView, DeviceView, FeedView, WallState } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import { MONDAY_TEN, testWork } from './work.ts'

export const MODE: WallState['mode'] = { demo: true, simulate: false, clock: 'manual', rate: 1 }

export function someAlert(id: string, more: Partial<Alert> = {}): Alert {
  return {
    id,
    key: `help:${id}`,
    kind: 'help',
    state: 'active-unacknowledged',
    priority: 1,
    status: 'actual',
    placeId: 'caihong-b01-u1-101',
    raisedAt: MONDAY_TEN,
    lastAt: MONDAY_TEN,
    active: true,
    count: 1,
    evidence: {},
    steps: [],
    version: 1,
    ...more,
  }
}

export function someIncident(id: string, more: Partial<Incident> = {}): Incident {
  return {
    ...{ id, kind: 'help', priority: 1, status: 'actual', state: 'open', placeId: 'caihong-b01-u1-101', openedAt: MONDAY_TEN },
    ...{ alerts: [], reports: [], orders: [], timeline: [], version: 1 },
    ...more,
  }
}

export function someOrder(id: string, more: Partial<Order> = {}): Order {
  return {
    ...{ id, incidentId: 'incident-1', kind: 'help', priority: 1, status: 'actual', state: 'dispatched', placeId: 'caihong-b01-u1-101' },
    ...{ assignee: 'g1-day', dispatchedAt: MONDAY_TEN, since: MONDAY_TEN, dueAt: MONDAY_TEN + 120_000, next: 'accept', overdue: false },
    ...{ steps: [], version: 1 },
    ...more,
  }
}

/** The writer's side without a store: shelves, the public view, and the fold that the main thread keeps. */
export function testCenter(world: World, reports: ViewReports = {}) {
  const work = testWork(world)
  const view = createPublicView({ mode: MODE })
  const listeners = new Set<(commit: { revision: number; ops: readonly Op[] }) => void>()
  let state = emptyState()
  let changed = { alerts: [] as string[], incidents: [] as string[], orders: [] as string[] }

  const put = <K extends 'alerts' | 'incidents' | 'orders'>(shelf: K, thing: NonNullable<ReturnType<(typeof work)[K]['get']>>) => {
    ;(work[shelf].put as (thing: unknown) => void)(thing)
    changed[shelf].push(thing.id)
  }
  /** Everything crosses to the other thread as a copy. */
  const commit = (full = false, world?: World): Op[] => {
    if (world) Object.assign(work, { world })
    const ops = structuredClone(view.update({ work, changed, full, reports, registers: world !== undefined }))
    changed = { alerts: [], incidents: [], orders: [] }
    const revision = state.revision + 1
    view.committed(revision, work.now)
    state = applyPatch(state, { from: state.revision, to: revision, at: work.now, ops })
    for (const listener of listeners) listener({ revision, ops })
    return ops
  }
  const engine: CommitSource = {
    state: () => state,
    clock: () => ({ now: work.now, rate: 1, mode: 'manual' }),
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  /** A unit of work that is rolled back: `restore` puts the shelves as they were. */
  const fail = (restore: () => void) => {
    view.update({ work, changed, full: false, reports })
    changed = { alerts: [], incidents: [], orders: [] }
    restore()
    view.undo(work)
  }
  return { work, view, engine, put, commit, fail }
}
export type TestCenter = ReturnType<typeof testCenter>

const ALERTS: AlertState[] = ['active-unacknowledged', 'active-acknowledged', 'returned-unacknowledged', 'normal', 'shelved']

/** A community in which something happens at each step, the same for the same seed. */
export function busyCommunity(world: World, seed: number) {
  const random = seededRandom(seed)
  const reports = randomReports(world, random)
  const center = testCenter(world, reports)
  const { work, put } = center
  const flats = world.places.all().filter(({ kind }) => kind === 'flat')
  const aged = (things: Iterable<{ id: string }>) => random.pick([...things])?.id
  let count = 0

  const acts = [
    () => {
      const placeId = random.pick(flats).id
      const residentId = random.pick([...world.residentsAt(placeId)])?.id
      const priority = random.int(1, 4) as Priority
      put('alerts', someAlert(`alert-${++count}`, { placeId, residentId, priority, raisedAt: work.now, lastAt: work.now }))
    },
    () => {
      const alert = work.alerts.get(aged(work.alerts.open()) ?? '')
      if (alert) put('alerts', { ...alert, state: random.pick(ALERTS), count: alert.count + 1, version: alert.version + 1 })
    },
    () => {
      const alert = work.alerts.get(aged(work.alerts.open()) ?? '')
      if (!alert || alert.incidentId) return
      const [incidentId, orderId] = [`incident-${++count}`, `order-${count}`]
      const { placeId } = alert
      const assignee = random.pick(world.allStaff()).id
      put('incidents', someIncident(incidentId, { placeId, alerts: [alert.id], orders: [orderId], openedAt: work.now }))
      put('alerts', { ...alert, incidentId })
      put(
        'orders',
        someOrder(orderId, { incidentId, placeId, assignee, dispatchedAt: work.now, dueAt: work.now + random.int(1, 9) * 60_000 }),
      )
    },
    () => {
      const order = work.orders.get(aged(work.orders.open()) ?? '')
      if (order) put('orders', { ...order, state: random.pick(ORDER_STATES), overdue: random.chance(0.2), version: order.version + 1 })
    },
    () => {
      const incident = work.incidents.get(aged(work.incidents.open()) ?? '')
      if (incident) put('incidents', { ...incident, state: random.pick(['handling', 'closed']), version: incident.version + 1 })
    },
  ]
  /** 0…5 acts and a commit; now and then with the slow numbers. */
  const step = () => {
    work.now += random.int(1, 400)
    for (let left = random.int(0, 5); left > 0; left--) random.pick(acts)()
    center.commit(random.chance(0.2))
  }
  return { ...center, step, random }
}

function randomReports(world: World, random: Random): ViewReports {
  const alone = world.residents().filter(({ categories }) => categories.includes('living-alone'))
  const kinds = Object.entries(Object.groupBy(world.devices(), ({ kind }) => kind))
  return {
    care: () => alone.map((resident) => careOf(world, resident.id, resident.placeId, random)),
    devices: () => ({
      unwell: world.devices().flatMap((device): DeviceView[] => {
        const { id, kind, placeId, feed } = device
        return random.chance(0.02) ? [{ id, kind, placeId, feed, state: random.pick(['silent', 'never']), since: null }] : []
      }),
      totals: Object.fromEntries(kinds.map(([kind, all]) => [kind, { total: all.length, heard: all.length, never: 0 }])),
    }),
    feeds: (): FeedView[] => [
      {
        ...{ id: 'gates', name: '门禁', state: 'heard', lastHeard: 1, duplicates: 0, quarantined: 0, drift: null },
        ...{ repeats: 0, link: null, reconnects: 0, gap: null },
        ...{ perMinute: random.int(0, 90), accepted: random.int(0, 9_000) },
      },
    ],
  }
}

function careOf({ places }: World, residentId: string, placeId: string, random: Random): CareView {
  const state = random.weighted([
    ['usual', 90],
    ['silent', 5],
    ['blind', 5],
  ] as const)
  return {
    ...{ id: `care-${residentId}`, residentId, placeId, place: places.label(placeId), presence: 'home', state },
    ...{ gridId: places.nearest(placeId, 'grid')?.id, clusterId: places.nearest(placeId, 'cluster')?.id },
    buildingId: places.nearest(placeId, 'building')?.id,
    silentSince: state === 'silent' ? 1 : null,
    usual: Array.from({ length: 48 }, () => 5),
    today: Array.from({ length: 48 }, () => random.int(0, 1)),
  }
}
