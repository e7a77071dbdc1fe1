import { startEngine } from '../../server/engine/client.ts'
import { createWorld } from '../../server/registers/world.ts'
import { openStore } from '../../server/store/open.ts'
import { createSearch, newWords } from '../../server/store/search.ts'
import { createShelves } from '../../server/store/things.ts'
import type { Incident } from '../../shared/incident.ts'
import { REPORT_KIND } from '../../shared/matter-kind.ts'
import type { Order } from '../../shared/order.ts'
import { type Random, seededRandom } from '../../shared/random.ts'
import type { Report } from '../../shared/report.ts'
import { pilotRegisters, REGISTERS } from '../support/registers.ts'
import { startServer } from '../support/server.ts'
import { signIn } from '../support/session.ts'
import { inTurns, residentMb, sleep, spread } from './numbers.ts'

const SEED = 20261123
const BATCH = 5_000
const YEARS = 3 * 365 * 86_400_000

/** What people write, put together at random: some words in one of three, some in one of a thousand. */
const THINGS = [
  '水管',
  '电梯',
  '路灯',
  '垃圾',
  '面包车',
  '电动车',
  '井盖',
  '噪声',
  '燃气',
  '树枝',
  '门禁',
  '楼道',
  '小广告',
  '下水道',
  '空调',
]
const HAPPENS = ['漏水', '不亮', '堵住了', '坏了', '很吵', '没人管', '满了', '掉下来', '停在门口', '冒烟', '一直响', '打不开']
const words = (random: Random) =>
  `${random.pick(THINGS)}${random.pick(HAPPENS)}，${random.int(1, 45)}栋${random.int(1, 3)}单元${random.chance(0.001) ? '，有只白鹦鹉' : ''}`

/** Writes incidents, orders, reports and their words as the engine does, without its clock and commits. */
export async function fillQueue(dataDir: string, closed: number, open: number, tell: (done: number) => void): Promise<void> {
  await (await startEngine({ dataDir, mode: 'demo', simulate: false, clock: { mode: 'real' }, registers: REGISTERS })).close()
  const world = createWorld(pilotRegisters())
  const db = openStore(dataDir, 'demo')
  db.pragma('synchronous = OFF')
  const shelves = createShelves(db, (placeId) => world.places.nearest(placeId, 'grid')?.id)
  const search = createSearch(db)
  const random = seededRandom(SEED)
  const now = Date.now()
  const places = world.places.all().filter(({ kind }) => ['flat', 'building', 'spot'].includes(kind))
  const staff = world.allStaff().filter(({ role }) => role === 'grid-worker')
  const look = {
    kindName: (kind: string) => world.matterKind(kind.slice(REPORT_KIND.length))?.name,
    placeLabel: (placeId: string) => world.places.label(placeId),
    report: (id: string) => shelves.reports.get(id),
  }
  const total = closed + open
  const make = (n: number) => {
    const isOpen = n > closed
    const at = isOpen ? now - random.int(0, 86_400_000) : now - YEARS + Math.floor((YEARS / closed) * n)
    const kind = random.pick(world.matterKinds())
    const placeId = random.pick(places).id
    const staffId = random.pick(staff).id
    const end = at + random.int(600_000, 86_400_000)
    const report: Report = {
      ...{ id: `report-${n}`, no: `20260101-${n}`, channel: random.pick(['hotline', 'resident', 'field'] as const), kind: kind.id },
      ...{ status: 'actual', text: words(random), placeId, reporter: { kind: 'caller', key: `caller ${n % 50_000}` }, photos: [] },
      ...{ at, receivedAt: at, incidentId: `incident-${n}`, steps: [{ at, act: 'received', by: 's001' }], version: 1 },
    }
    const state = isOpen ? random.pick(['dispatched', 'accepted', 'arrived', 'handled'] as const) : 'verified'
    const dueAt = isOpen ? now + random.int(-3_600_000, 36_000_000) : null
    const order: Order = {
      ...{
        id: `order-${n}`,
        incidentId: `incident-${n}`,
        kind: REPORT_KIND + kind.id,
        priority: kind.priority,
        status: 'actual',
        state,
        placeId,
      },
      ...{ assignee: staffId, dispatchedAt: at, since: at, dueAt, next: isOpen ? 'handle' : null, overdue: dueAt !== null && dueAt < now },
      ...{ steps: [{ at, act: 'dispatched', by: 's001', to: staffId }], version: 1 },
    }
    const hasOrder = !isOpen || random.chance(0.7)
    const line = (what: string, when: number, note?: string) => ({ at: when, by: 's001', what, ref: order.id, ...(note && { note }) })
    const steps = ['dispatched', 'accepted', 'arrived', 'handled', 'verified'].map((act) => line(`order.${act}`, at))
    const incident: Incident = {
      ...{ id: `incident-${n}`, kind: REPORT_KIND + kind.id, priority: kind.priority, status: 'actual', placeId, openedAt: at, alerts: [] },
      ...{ state: isOpen ? (hasOrder ? 'handling' : 'open') : 'closed', ...(!isOpen && { closedAt: end }), reports: [report.id] },
      ...{
        orders: hasOrder ? [order.id] : [],
        channels: [report.channel],
        ...(!hasOrder && { triageBy: now + random.int(60_000, 7_200_000) }),
      },
      timeline: [line('report.received', at, report.text), ...(isOpen ? steps.slice(0, 2) : [...steps, line('incident.closed', end)])],
      version: 7,
    }
    shelves.reports.put(report)
    if (hasOrder) shelves.orders.put(order)
    shelves.incidents.put(incident)
    for (const text of newWords(undefined, incident, look)) search.add(incident.id, text)
  }
  for (let n = 1; n <= total; n += BATCH) {
    db.transaction(() => {
      for (let i = n; i < Math.min(n + BATCH, total + 1); i++) make(i)
      // what has no end of its own ended when it was written: long ago, but for the last day's
      const written = n <= closed ? now - YEARS + Math.floor((YEARS / closed) * n) : now
      for (const shelf of Object.values(shelves)) shelf.flush(written)
    })()
    if ((n - 1) % 100_000 === 0) tell(n)
  }
  db.prepare("INSERT INTO settings (name, value) VALUES ('counters', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value").run(
    JSON.stringify({ incident: total, report: total, order: total }),
  )
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

const QUERIES: Record<string, string> = {
  urgency: '',
  newest: '?sort=newest',
  due: '?sort=due',
  overdue: '?overdue=true',
  waiting: '?waiting=true',
  grid: '?placeId=caihong-g3',
  mine: '?assignee=s011',
  'search, common word': '?q=水管',
  'search, rare word': '?q=鹦鹉',
  'search, number': '?q=20260101-1000123',
  closed: '?state=closed',
  'closed, search, common word': '?state=closed&q=水管',
  'closed, search, rare word': '?state=closed&q=鹦鹉',
}

/** A page of the queue as the desk asks for it, over HTTP, one after another, each question in turn; and a report at the same load. */
export async function queue(dataDir: string, times: number) {
  const start = performance.now()
  const server = await startServer({ dataDir, patience: 600_000 })
  const readyMs = Math.round(performance.now() - start)
  try {
    const officer = await signIn(server, 'officer')
    await sleep(2_000)
    const ask = async (query: string) => {
      const begin = performance.now()
      await officer.get(`/api/queue${encodeURI(query)}`)
      return performance.now() - begin
    }
    for (const query of Object.values(QUERIES)) await ask(query)
    const samples = await inTurns(QUERIES, times, ask)
    const reports: number[] = []
    for (let i = 0; i < times; i++) {
      const begin = performance.now()
      const body = {
        kind: 'illegal-parking',
        placeId: `caihong-b${String((i % 45) + 1).padStart(2, '0')}`,
        text: `第${i}辆车`,
        channel: 'hotline',
      }
      await officer.ask('POST', '/api/reports', body)
      reports.push(performance.now() - begin)
    }
    const page = Object.entries(samples).filter(([name]) => !name.startsWith('closed'))
    return {
      readyMs,
      memoryMb: residentMb(server.pid),
      open: spread(page.flatMap(([, list]) => list)),
      by: Object.fromEntries(Object.entries(samples).map(([name, list]) => [name, spread(list)])),
      report: spread(reports),
    }
  } finally {
    await server.stop()
  }
}
