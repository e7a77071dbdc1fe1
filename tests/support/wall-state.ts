import { createWorld } from '../../server/registers/world.ts'
import { compareItems } from '../../shared/list-order.ts'
import { maskName, maskPhone } from '../../shared/mask.ts'
import type { Resident } from '../../shared/person.ts'
import type { AlertView, CareView, ClusterView, GridView, IncidentView, OrderView, PersonView, WallState } from '../../shared/wall.ts'
import { pilotRegisters } from './registers.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Sunday 22 November 2026, 10:42:07 in the community. */
export const WALL_TIME = Date.UTC(2026, 10, 22, 2, 42, 7)

export type Scene = 'calm' | 'alone' | 'busy' | 'storm' | 'blind' | 'empty' | 'loop' | 'reported'
type Draft = Partial<AlertView> &
  Pick<AlertView, 'kind' | 'priority' | 'placeId'> & { ago: number; worker?: string; orderState?: OrderView['state'] }

/** A believable state of the pilot, as an officer's wall is sent it: for pictures and for tests of the page alone. */
export function wallState(scene: Scene = 'busy', at = WALL_TIME): WallState {
  const world = pilotWorld()
  const care = world.alone.map((resident, i) => careOf(resident, i, at))
  const alerts = scenes[scene](world.alone, at).map((draft, i) => alertOf(draft, i, at))
  for (const alert of alerts) linkCare(alert, care, at)
  const said = reportsOf(scene, at)
  const orders = [...alerts.filter((alert) => alert.orderId).map((alert) => orderOf(alert, at)), ...said.orders]
  const incidents = [...alerts.filter((alert) => alert.incidentId).map(incidentOf), ...said.incidents]
  const clusters = world.clusters.map((cluster) => colour(cluster, alerts, scene))
  const empty = scene === 'empty'
  return {
    revision: 412,
    at,
    community: { id: 'caihong', name: '彩虹社区', street: '新安街道', district: 'XX区', lon: 106.63, lat: 26.58, utcOffset: 480 },
    mode: { demo: true, simulate: true, clock: 'real', rate: 1 },
    totals: {
      grids: 5,
      clusters: 115,
      buildings: 45,
      households: 1305,
      residents: 6908,
      cameras: 113,
      speakers: 5,
      gates: 94,
      livingAlone: care.length,
      leftBehindChildren: 143,
    },
    shift: { name: '早班', from: '08:00', to: '16:00', officerId: 's001', officer: '林*' },
    warnings: warningsOf(scene, at),
    grids: world.grids.map((grid) => count(grid, alerts, orders)),
    clusters,
    alerts: sorted('alerts', alerts),
    alertTotals: {
      open: alerts.length,
      unacknowledged: alerts.filter(({ state }) => state.endsWith('unacknowledged')).length,
      byPriority: { 1: by(alerts, 1), 2: by(alerts, 2), 3: by(alerts, 3), 4: by(alerts, 4) },
      shelved: 0,
      blind: care.filter(({ state }) => state === 'blind').length,
    },
    incidents: sorted('incidents', incidents),
    incidentTotals: {
      ...{ open: incidents.length, today: empty ? 0 : 38, closedToday: empty ? 0 : 31 },
      triage: incidents.filter(({ triageBy }) => triageBy).length,
      triageLate: incidents.filter(({ triageLate }) => triageLate).length,
      call: incidents.filter(({ callBy }) => callBy).length,
    },
    orders: sorted('orders', orders),
    orderTotals: {
      dispatched: stage(orders, 'dispatched'),
      accepted: stage(orders, 'accepted'),
      arrived: stage(orders, 'arrived'),
      handled: stage(orders, 'handled'),
      paused: stage(orders, 'paused'),
      pooled: orders.filter(({ pool }) => pool).length,
      held: orders.filter(({ held }) => held).length,
      escalated: orders.filter(({ rung }) => rung).length,
      verifiedToday: empty ? 0 : 31,
      today: empty ? 0 : 38,
      overdue: orders.filter(({ overdue }) => overdue).length,
      onTimePercent: empty ? null : 97,
    },
    loop: empty ? EMPTY_LOOP : LOOP,
    care: empty ? [] : sorted('care', care),
    feeds: empty ? [] : feeds(at, scene),
    devices: empty ? [] : devices(at, scene),
    deviceTotals: empty ? {} : deviceTotals(scene),
    figures: empty ? emptyFigures() : figures(at),
  }
}

const EMPTY_LOOP: WallState['loop'] = { reports: [], closed: 0, onTimePercent: null, reopened: 0, refused: 0, ratings: 0, rating: null }
const LOOP: WallState['loop'] = {
  reports: [
    { channel: 'hotline', count: 7 },
    { channel: 'resident', count: 12 },
    { channel: 'field', count: 4 },
  ],
  ...{ closed: 31, onTimePercent: 97, reopened: 1, refused: 1, ratings: 9, rating: 4.6 },
}

/** What people reported: orders up the ladder, in a pool, held and paused, and two that nobody has looked at. */
function reportsOf(scene: Scene, at: number): { incidents: IncidentView[]; orders: OrderView[] } {
  if (scene !== 'loop' && scene !== 'reported') return { incidents: [], orders: [] }
  const incident = (n: number, kind: string, name: string, placeId: string, more: Partial<IncidentView> = {}): IncidentView => ({
    ...{ id: `incident-r${n}`, kind: `report.${kind}`, name, state: 'handling', priority: 3, status: 'actual', placeId },
    ...{ ...whereabouts(placeId), openedAt: at - n * 7 * MINUTE, alerts: 0, orders: 1, version: 2 },
    ...more,
  })
  const order = (of: IncidentView, more: Partial<OrderView>): OrderView => ({
    ...{
      id: `order-${of.id}`,
      incidentId: of.id,
      kind: of.kind,
      name: of.name,
      state: 'dispatched',
      priority: of.priority,
      status: 'actual',
    },
    ...{
      placeId: of.placeId,
      ...whereabouts(of.placeId),
      assignee: 's011',
      assigneeName: '叶*蓉',
      dispatchedAt: of.openedAt,
      since: of.openedAt,
    },
    ...{ dueAt: at + 12 * MINUTE, next: 'accept', overdue: false, version: 2 },
    ...more,
  })
  if (scene === 'reported') {
    const pipe = incident(1, 'burst-pipe', '水管爆裂', 'caihong-b01-u1-101', { priority: 2, state: 'open' })
    return { incidents: [pipe], orders: [order(pipe, { dueAt: at + 2 * MINUTE })] }
  }
  const all = [
    incident(5, 'burst-pipe', '水管爆裂', 'caihong-b07-u1-301', { priority: 2 }),
    incident(4, 'street-light', '路灯不亮', 'caihong-b18'),
    incident(3, 'noise', '噪声扰民', 'caihong-b22-u1-402'),
    incident(2, 'lift-fault', '电梯故障', 'caihong-b30'),
    incident(1, 'rubbish', '垃圾满溢', 'caihong-g2'),
  ]
  const waits = [
    incident(6, 'illegal-parking', '机动车乱停放', 'caihong-b11', { state: 'open', orders: 0, triageBy: at + 4 * MINUTE }),
    incident(9, 'small-ads', '乱贴小广告', 'caihong-b40', {
      ...{ state: 'open', orders: 0, triageBy: at + 9 * MINUTE, triageLate: true, triageRung: { level: 3, of: 6, name: '社区工作人员' } },
    }),
  ]
  const orders = [
    order(all[0]!, { overdue: true, dueAt: at - 11 * MINUTE, rung: { level: 4, of: 6, name: '社区党支部' } }),
    order(all[1]!, { pool: true, team: '彩虹社区党员先锋队', dueAt: at + 3 * MINUTE, assigneeName: '林*' }),
    order(all[2]!, { state: 'paused', next: 'handle', dueAt: null, pausedUntil: at + 95 * MINUTE, team: '综合执法三队' }),
    order(all[3]!, { state: 'arrived', next: 'handle', dueAt: at + 31 * MINUTE, team: '安心物业', assigneeName: '魏*辉' }),
    order(all[4]!, { held: true, dueAt: null, team: '环卫班' }),
  ]
  return { incidents: [...all, ...waits], orders }
}

function warningsOf(scene: Scene, at: number): WallState['warnings'] {
  const wind = { id: 'wind', text: '大风蓝色预警', colour: 'blue', status: 'actual', until: at + 9.3 * HOUR, sender: '省气象局' } as const
  const rain = { id: 'rain', text: '暴雨红色预警', colour: 'red', status: 'actual', until: at + 5.3 * HOUR, sender: '市气象台' } as const
  const flood = { id: 'flood', text: '地质灾害气象风险黄色预警', colour: 'yellow', status: 'actual', until: at + 26 * HOUR } as const
  const drill = { id: 'drill', text: '高温橙色预警', colour: 'orange', status: 'exercise', until: at + 3 * HOUR } as const
  if (scene === 'empty') return []
  return scene === 'storm' ? sorted('warnings', [wind, rain, flood, drill]) : scene === 'blind' ? [drill] : [wind]
}

type List = Parameters<typeof compareItems>[0]
const sorted = <T extends { id: string }>(list: List, items: T[]) => [...items].sort(compareItems(list))
const by = (alerts: AlertView[], priority: number) => alerts.filter((alert) => alert.priority === priority).length
const stage = (orders: OrderView[], state: OrderView['state']) => orders.filter((order) => order.state === state).length
const wave = (i: number, seed: number) => Math.abs(Math.sin(i * 12.9898 + seed * 78.233) * 43_758.5453) % 1

let built: ReturnType<typeof buildWorld> | undefined
const pilotWorld = () => {
  built ??= buildWorld()
  return built
}
function buildWorld() {
  const world = createWorld(pilotRegisters())
  const all = world.places.all()
  const grids = all.filter(({ kind }) => kind === 'grid')
  const flats = all.filter(({ kind }) => kind === 'flat')
  const people = new Map<string, number>()
  for (const { placeId } of world.residents())
    for (const key of [world.places.get(placeId)?.clusterId, world.places.nearest(placeId, 'grid')?.id])
      if (key) people.set(key, (people.get(key) ?? 0) + 1)
  const gridView = (id: string, i: number): GridView => {
    const worker = world.allStaff().find((staff) => staff.role === 'grid-worker' && staff.placeId === id)
    return {
      id,
      n: i + 1,
      name: world.places.get(id)!.name,
      people: people.get(id) ?? 0,
      households: flats.filter((flat) => world.places.nearest(flat.id, 'grid')?.id === id).length,
      urgent: 0,
      attention: 0,
      orders: 0,
      workerId: worker?.id ?? null,
      onDuty: i !== 3,
      worker: worker && maskName(worker.name),
    }
  }
  const clusterView = (id: string, parentId: string, i: number): ClusterView => ({
    id,
    n: i + 1,
    gridId: parentId,
    households: flats.filter((flat) => flat.clusterId === id).length,
    people: people.get(id) ?? 0,
    state: 'calm',
    alerts: 0,
    priority: null,
  })
  return {
    world,
    grids: grids.map(({ id }, i) => gridView(id, i)),
    clusters: all.filter(({ kind }) => kind === 'cluster').map(({ id, parentId }, i) => clusterView(id, parentId!, i)),
    alone: world.residents().filter(({ categories }) => categories.includes('living-alone')),
  }
}

const personOf = (resident: Resident): PersonView => ({
  name: maskName(resident.name),
  age: 2026 - Number(resident.birthDate.slice(0, 4)),
  sex: resident.sex,
  phone: resident.phone && maskPhone(resident.phone),
  categories: resident.categories,
})
const whereabouts = (placeId: string) => {
  const { places } = pilotWorld().world
  const near = (kind: 'building' | 'cluster' | 'grid') => places.nearest(placeId, kind)?.id
  return { buildingId: near('building'), clusterId: near('cluster'), gridId: near('grid'), place: places.label(placeId) }
}

function careOf(resident: Resident, i: number, at: number): CareView {
  const now = Math.floor(((at + 8 * HOUR) % (24 * HOUR)) / (30 * MINUTE))
  const usual = Array.from({ length: 48 }, (_, half) => {
    const hour = half / 2
    const awake =
      Math.exp(-(((hour - 8) / 2) ** 2)) + 0.7 * Math.exp(-(((hour - 12.5) / 2) ** 2)) + 0.9 * Math.exp(-(((hour - 18.5) / 2.5) ** 2))
    return Math.round(Math.min(9, awake * 8 * (0.75 + wave(half, i) * 0.5)))
  })
  const today = usual.map((level, half) => (half > now ? -1 : Math.max(0, Math.round(level * (0.6 + wave(half, i + 99) * 0.8)))))
  return {
    id: `care-${resident.id}`,
    residentId: resident.id,
    placeId: resident.placeId,
    ...whereabouts(resident.placeId),
    ...conditionOf(i, at),
    confidence: i % 5 === 0 ? 0.2 : 0.5 + (i % 9) * 0.05,
    days: i % 5 === 0 ? 11 : 28 + i,
    usual,
    today,
    person: personOf(resident),
  }
}

/** Most are at home or out; a few are still, away, or not looked after any longer. */
function conditionOf(i: number, at: number): Pick<CareView, 'presence' | 'presenceSince' | 'state' | 'silentSince' | 'lineAt' | 'away'> {
  const calm = { presence: 'home' as const, presenceSince: at - 5 * HOUR, state: 'usual' as const, silentSince: null, lineAt: null }
  if (i === 17) return { ...calm, presence: 'unsure', state: 'away', away: { kind: 'hospital', until: at + 76 * HOUR } }
  if (i === 52) return { ...calm, presence: 'unsure', state: 'unwatched' }
  if (wave(i, 3) > 0.7) return { ...calm, presence: 'out', presenceSince: at - 40 * MINUTE - i * MINUTE, lineAt: at + 2 * HOUR }
  if (i % 6 === 1) return { ...calm, silentSince: at - (35 + i) * MINUTE, lineAt: at + 90 * MINUTE }
  return calm
}

function linkCare(alert: AlertView, care: CareView[], at: number) {
  const row = care.find(({ residentId }) => residentId === alert.residentId)
  if (!row) return
  Object.assign(row, { alertId: alert.id, alertKind: alert.kind, priority: alert.priority })
  Object.assign(row, { orderState: alert.orderState, callBy: alert.callBy, away: undefined })
  if (alert.kind === 'help') return
  if (alert.kind === 'not-returned')
    return void Object.assign(row, { state: alert.kind, presence: 'out', presenceSince: alert.raisedAt, lineAt: at - 12 * MINUTE })
  row.state = alert.kind === 'welfare-check' ? 'blind' : 'silent'
  row.silentSince = alert.raisedAt
  row.lineAt = row.state === 'silent' ? at - 6 * MINUTE : null
  if (row.state === 'blind') row.blind = { since: alert.raisedAt, reason: 'gateway' }
  const from = Math.floor(((alert.raisedAt + 8 * HOUR) % (24 * HOUR)) / (30 * MINUTE))
  row.today = row.today.map((level, half) => (half >= from && level >= 0 ? (row.state === 'blind' ? -2 : 0) : level))
  row.presence = alert.raisedAt < at ? 'home' : 'unsure'
}

function alertOf({ ago, ...draft }: Draft, i: number, at: number): AlertView {
  const resident = draft.residentId ? pilotWorld().world.resident(draft.residentId) : undefined
  const told = draft.priority <= 2
  return {
    id: `alert-${i + 1}`,
    state: 'active-unacknowledged',
    status: 'actual',
    ...whereabouts(draft.placeId),
    raisedAt: at - ago * 1000,
    lastAt: at - ago * 500,
    count: 1,
    evidence: {},
    version: 1,
    livingAlone: resident?.categories.includes('living-alone'),
    person: resident && personOf(resident),
    ...(told ? { incidentId: `incident-${i + 1}` } : {}),
    ...(draft.orderState ? { orderId: `order-${i + 1}` } : {}),
    ...draft,
  }
}

const STEP: Partial<Record<OrderView['state'], OrderView['next']>> = {
  dispatched: 'accept',
  accepted: 'arrive',
  arrived: 'handle',
  handled: 'verify',
}
function orderOf(alert: AlertView, at: number): OrderView {
  const n = Number(alert.id.slice(6))
  const left = [6.2, 0.75, 41, 130, -3, 12, 25][n % 7]! * MINUTE
  const { placeId, buildingId, gridId, place, priority, status, kind } = alert
  return {
    id: alert.orderId!,
    incidentId: alert.incidentId ?? `incident-${n}`,
    kind,
    state: alert.orderState!,
    priority,
    status,
    placeId,
    buildingId,
    gridId,
    place,
    assignee: `s0${n}`,
    assigneeName: alert.worker,
    dispatchedAt: alert.raisedAt + 20_000,
    since: at - 9 * MINUTE,
    dueAt: at + left,
    next: STEP[alert.orderState!] ?? null,
    overdue: left < 0,
    version: 2,
  }
}
const incidentOf = (alert: AlertView): IncidentView => ({
  id: alert.incidentId!,
  kind: alert.kind,
  state:
    alert.orderState === 'handled' ? 'awaiting-verification' : alert.orderState && alert.orderState !== 'dispatched' ? 'handling' : 'open',
  priority: alert.priority,
  status: alert.status,
  placeId: alert.placeId,
  gridId: alert.gridId,
  place: alert.place,
  openedAt: alert.raisedAt,
  alerts: 1,
  orders: alert.orderId ? 1 : 0,
  version: 3,
})

const count = (grid: GridView, alerts: AlertView[], orders: OrderView[]): GridView => ({
  ...grid,
  urgent: alerts.filter((alert) => alert.gridId === grid.id && alert.priority <= 2).length,
  attention: alerts.filter((alert) => alert.gridId === grid.id && alert.priority > 2).length,
  orders: orders.filter((order) => order.gridId === grid.id).length,
})
function colour(cluster: ClusterView, alerts: AlertView[], scene: Scene): ClusterView {
  const mine = alerts.filter((alert) => alert.clusterId === cluster.id)
  const priority = mine.length ? (Math.min(...mine.map((alert) => alert.priority)) as 1) : null
  const blind = scene === 'blind' ? cluster.n % 3 === 0 : scene !== 'calm' && (cluster.n === 102 || cluster.n === 103)
  const state = priority === null ? (blind ? 'blind' : 'calm') : priority <= 2 ? 'alert' : 'attention'
  return { ...cluster, state, alerts: mine.length, priority }
}

const scenes: Record<Scene, (alone: Resident[], at: number) => Draft[]> = {
  calm: () => [],
  reported: () => [],
  loop: (alone, at) => scenes.alone(alone, at),
  empty: () => [],
  blind: (alone) =>
    alone.slice(0, 6).map((resident, i) => ({
      kind: 'welfare-check',
      priority: 3,
      placeId: resident.placeId,
      residentId: resident.id,
      ago: 7000 + i * 400,
    })),
  /** two about people alone and nothing else: the rows with the whole sentence */
  alone: (alone, at) =>
    scenes
      .busy(alone, at)
      .filter(({ kind }) => kind === 'inactivity' || kind === 'not-returned')
      .map((draft) => ({ ...draft, ...(draft.kind === 'inactivity' && { orderState: undefined, callBy: at + 196_000 }) })),
  busy: (alone): Draft[] => [
    {
      kind: 'inactivity',
      priority: 1,
      placeId: alone[8]!.placeId,
      residentId: alone[8]!.id,
      ago: 13_260,
      state: 'active-acknowledged',
      acknowledgedAt: WALL_TIME - 200_000,
      evidence: { silentMinutes: 221, usualBy: '09:00', since: WALL_TIME - 13_260_000, doorOpened: false, learned: true },
      worker: '唐*',
      orderState: 'accepted',
    },
    {
      kind: 'not-returned',
      priority: 3,
      placeId: alone[61]!.placeId,
      residentId: alone[61]!.id,
      ago: 11_400,
      evidence: { outSince: WALL_TIME - 11_400_000, backBy: '10:30', learned: true },
      callBy: WALL_TIME + 196_000,
    },
    {
      kind: 'camera.thrown-object',
      priority: 2,
      placeId: 'caihong-b27',
      deviceId: 'cam-061',
      ago: 75,
      count: 2,
      evidence: { confidence: 0.86 },
      worker: '刘*俊',
      orderState: 'dispatched',
    },
    {
      kind: 'welfare-check',
      priority: 2,
      placeId: alone[40]!.placeId,
      residentId: alone[40]!.id,
      ago: 7500,
      state: 'active-acknowledged',
      worker: '安*东',
      orderState: 'arrived',
    },
    {
      kind: 'camera.fire-lane-blocked',
      priority: 3,
      placeId: 'caihong-g3-lane-2',
      deviceId: 'cam-070',
      ago: 480,
      worker: '黄*萍',
      orderState: 'handled',
    },
    {
      kind: 'hazard.leak',
      priority: 3,
      placeId: 'caihong-b19-u1-301',
      ago: 1900,
      worker: '王*辉',
      orderState: 'arrived',
      state: 'returned-unacknowledged',
    },
    {
      kind: 'device-silent',
      priority: 4,
      placeId: 'caihong-b33',
      deviceId: 'cam-033',
      ago: 5400,
      evidence: { lastHeard: WALL_TIME - 5_400_000 },
    },
    {
      kind: 'device-battery',
      priority: 4,
      placeId: 'caihong-b05-u1-201',
      deviceId: 'door-b05-u1-201',
      ago: 86_000,
      evidence: { battery: 8 },
    },
  ],
  storm: (alone, at): Draft[] => [
    ...scenes.busy(alone, at),
    { kind: 'hazard.smoke', priority: 1, placeId: 'caihong-b14-u1-502', ago: 12, deviceId: 'smoke-b14-u1-502' },
    {
      kind: 'help',
      priority: 1,
      placeId: alone[20]!.placeId,
      residentId: alone[20]!.id,
      ago: 41,
      worker: '魏*辉',
      orderState: 'dispatched',
    },
    {
      kind: 'child-not-home',
      priority: 2,
      placeId: 'caihong-b08-u1-302',
      residentId: 'r0031',
      ago: 2400,
      evidence: { homeBy: 1110 },
      worker: '朱*怡',
      orderState: 'accepted',
    },
    ...Array.from(
      { length: 12 },
      (_, i): Draft => ({
        kind: ['camera.loitering', 'camera.illegal-parking', 'hazard.leak', 'camera.crowd'][i % 4]!,
        priority: i % 3 === 0 ? 2 : 3,
        status: i === 4 ? 'exercise' : 'actual',
        late: i === 2,
        placeId: `caihong-b${String(i * 3 + 2).padStart(2, '0')}`,
        ago: 300 + i * 211,
        count: i + 1,
        worker: '叶*蓉',
        orderState: (['dispatched', 'accepted', 'arrived', 'handled'] as const)[i % 4],
      }),
    ),
  ],
}

function feeds(at: number, scene: Scene): WallState['feeds'] {
  const feed = (id: string, name: string, perMinute: number) => ({
    id,
    name,
    state: scene === 'blind' && id === 'zigbee2mqtt' ? ('silent' as const) : ('heard' as const),
    lastHeard: scene === 'blind' && id === 'zigbee2mqtt' ? at - 11 * MINUTE : at - 900,
    perMinute,
    accepted: perMinute * 500,
    duplicates: 3,
    repeats: 0,
    quarantined: 0,
    drift: id === 'meters' && scene === 'busy' ? 190 : null,
    ...{ link: null, reconnects: 0, gap: null },
  })
  return [feed('frigate', '视频', 42), feed('zigbee2mqtt', '无线传感', 260), feed('gates', '门禁', 88), feed('meters', '水电表', 22)]
}
function devices(at: number, scene: Scene): WallState['devices'] {
  const silent = scene === 'blind' ? Array.from({ length: 30 }, (_, i) => i * 3 + 4) : scene === 'calm' ? [] : [33, 61]
  return silent.map((n) => ({
    id: `cam-${String(n).padStart(3, '0')}`,
    kind: 'camera',
    placeId: 'caihong-b33',
    feed: 'frigate',
    state: 'silent' as const,
    since: at - 90 * MINUTE,
  }))
}
function deviceTotals(scene: Scene): WallState['deviceTotals'] {
  const total = {
    camera: 113,
    gate: 94,
    'door-contact': 146,
    motion: 172,
    'help-button': 265,
    smoke: 1305,
    gas: 146,
    leak: 222,
    'water-meter': 1305,
    speaker: 5,
  }
  const missing = (kind: string) => (kind === 'camera' ? devices(0, scene).length : scene === 'busy' && kind === 'smoke' ? 3 : 0)
  return Object.fromEntries(Object.entries(total).map(([kind, n]) => [kind, { total: n, heard: n - missing(kind), never: 0 }]))
}
function figures(at: number): WallState['figures'] {
  const hour = Math.floor(((at + 8 * HOUR) % (24 * HOUR)) / HOUR)
  const hours = (seed: number) =>
    Array.from({ length: 24 }, (_, h) => (h > hour ? 0 : Math.round(30 + 420 * Math.exp(-(((h - 7.6) / 1.6) ** 2)) + 90 * wave(h, seed))))
  return {
    signals: Array.from({ length: 60 }, (_, i) => Math.round(330 + 90 * Math.sin(i / 9) + 60 * wave(i, 1))),
    usualSignals: Array.from({ length: 60 }, (_, i) => Math.round(350 + 70 * Math.sin(i / 9))),
    perMinute: 412,
    passagesIn: hours(4),
    passagesOut: hours(5).map((n) => Math.round(n * 0.86)),
    incidents: [
      { kind: 'camera.fire-lane-blocked', count: 31 },
      { kind: 'inactivity', count: 14 },
      { kind: 'hazard.leak', count: 9 },
      { kind: 'help', count: 6 },
      { kind: 'camera.thrown-object', count: 3 },
    ],
    response: [
      { step: 'acknowledge', median: 9, target: 15, count: 30 },
      { step: 'accept', median: 38, target: 60, count: 30 },
      { step: 'arrive', median: 480, target: 600, count: 28 },
      { step: 'handle', median: 2220, target: 1800, count: 24 },
      { step: 'close', median: 5760, target: 14_400, count: 21 },
    ],
  }
}
const emptyFigures = (): WallState['figures'] => ({
  signals: Array(60).fill(0),
  usualSignals: Array(60).fill(0),
  perMinute: 0,
  passagesIn: Array(24).fill(0),
  passagesOut: Array(24).fill(0),
  incidents: [],
  response: (['acknowledge', 'accept', 'arrive', 'handle', 'close'] as const).map((step) => ({ step, median: null, target: 60, count: 0 })),
})
