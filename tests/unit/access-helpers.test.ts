import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { emptyState } from '../../shared/patch.ts'
import { createProjector, projectionKey } from '../../shared/project.ts'
import type { Report } from '../../shared/report.ts'
import { type ApiServer, startApi } from '../support/api.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld, tinyStaff, tinyTeamStaff, tinyTeams } from '../support/world.ts'

const FLAT = 'caihong-b01-u1-101'
let server: ApiServer
const person = (id: string, placeId: string) =>
  ({ id, placeId, name: `赵${id}`, sex: 'm', birthDate: '1950-05-05', phone: '13900000000', relation: 'head', categories: [] }) as never
const world = testWorld({ staff: [...tinyStaff(), ...tinyTeamStaff()], teams: tinyTeams(), residents: [person('r1', FLAT)] })

const incident = (n: number, more: Partial<Incident> = {}): Incident => ({
  ...{ id: `incident-${n}`, kind: 'hazard.leak', priority: 2, status: 'actual', state: 'handling', placeId: FLAT, openedAt: MONDAY_TEN },
  ...{ alerts: [], reports: [], orders: [], timeline: [], version: 1 },
  ...more,
})
const order = (id: string, more: Partial<Order> = {}): Order => ({
  ...{ id, incidentId: 'incident-1', kind: 'hazard.leak', priority: 2, status: 'actual', state: 'accepted', placeId: FLAT },
  ...{ assignee: 'g1-day', dispatchedAt: MONDAY_TEN, since: MONDAY_TEN, dueAt: MONDAY_TEN, next: 'arrive', overdue: false },
  ...{ steps: [], version: 1 },
  ...more,
})
const WAITS = { state: 'dispatched', next: 'accept' } as const

beforeAll(async () => {
  server = await startApi(world)
  server.put(({ incidents, orders, reports }) => {
    incidents.put(incident(1, { orders: ['foreign', 'mine', 'pooled', 'claimed', 'teamed'], reports: ['report-1'] }))
    orders.put(order('foreign'))
    orders.put(order('mine', { assignee: 'member-a', teamId: 'party' }))
    orders.put(order('pooled', { ...WAITS, pool: 'party', assignee: 'officer-a' }))
    orders.put(order('claimed', { assignee: 'member-b', teamId: 'party', notes: [{ at: 1, by: 'member-b', text: '门后的话' }] }))
    orders.put(order('teamed', { assignee: 'plumber', teamId: 'property' }))
    reports.put(report('report-1'))
  })
})
afterAll(() => server?.close())

const report = (id: string): Report => ({
  ...{ id, no: '20260302-0001', channel: 'resident', kind: 'burst-pipe', status: 'actual', text: '漏水', placeId: FLAT, photos: [] },
  ...{ reporter: { kind: 'resident', id: 'r1', name: '赵r1', key: 'resident r1' }, at: MONDAY_TEN, receivedAt: MONDAY_TEN },
  ...{ incidentId: 'incident-1', steps: [], version: 1 },
})

async function ask(staffId: string, url: string, payload?: object) {
  const headers = await server.as('field', { staffId })
  const answer = await server.app.inject({ method: payload ? 'POST' : 'GET', url, headers, ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.json() }
}

type Paths = Record<string, Record<string, unknown>>
const paths = async () => {
  const spec = (await server.app.inject({ method: 'GET', url: '/api/openapi.json' })).json() as { paths: Paths }
  expect(Object.keys(spec.paths).length).toBeGreaterThan(80)
  return Object.entries(spec.paths)
}
const filled = (path: string) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const thing = /^\/api\/(\w+)\//.exec(path)?.[1] ?? ''
    const known: Record<string, string> = { orders: 'foreign', incidents: 'incident-1', reports: 'report-1', residents: 'r1', care: 'r1' }
    return name === 'no' ? '20260302-0001' : (known[thing] ?? 'x-1')
  })

/** All that a helper may read; whatever is new in the API is refused until it stands here. */
const OPEN = [
  '/api/session',
  '/api/wall',
  '/api/places',
  '/api/kinds',
  '/api/clock',
  '/api/my/orders',
  '/api/my/places',
  '/api/my/publications',
  '/api/my/reports',
  '/api/notifications',
  '/api/notifications/settings',
  '/api/notifications/key',
  '/api/notifications/subscriptions',
  '/api/estate',
  // before anybody signs in, and in the demo alone
  '/api/demo/people',
  '/healthz',
  '/readyz',
  '/metrics',
]

describe('[S3] a helper on the phone', () => {
  test('signs in as field, and the staff register says what that means', async () => {
    const roles = async (staffId: string) => (await ask(staffId, '/api/session')).body.user
    expect(await roles('member-a')).toMatchObject({ role: 'field', helper: true, staffId: 'member-a' })
    expect((await roles('g1-day')).helper).toBeUndefined()
    expect((await roles('party')).helper).toBeUndefined()
  })

  test('is refused every list and every thing of the API but what is theirs', async () => {
    const open: string[] = []
    const headers = await server.as('field', { staffId: 'member-a' })
    for (const [path, methods] of await paths()) {
      if (!('get' in methods)) continue
      const { statusCode } = await server.app.inject({ method: 'GET', url: filled(path), headers })
      if (statusCode < 400) open.push(path)
    }
    expect(open.filter((path) => !OPEN.includes(path))).toEqual([])
  })

  test.each(['/api/residents', '/api/residents?q=赵', '/api/care', '/api/alerts', '/api/incidents', '/api/orders', '/api/queue'])(
    'is refused %s, which a grid worker has',
    async (url) => {
      expect((await ask('member-a', encodeURI(url))).status).toBe(403)
      expect((await ask('g1-day', encodeURI(url))).status).toBe(200)
    },
  )

  test.each([
    ['foreign', 404, 404],
    ['mine', 200, 404],
    ['pooled', 200, 404],
    ['claimed', 404, 404],
    ['teamed', 404, 200],
    ['nowhere', 404, 404],
  ])('reads %s: the party member %i, the property worker %i', async (id, member, worker) => {
    expect((await ask('member-a', `/api/orders/${id}`)).status).toBe(member)
    expect((await ask('mate', `/api/orders/${id}`)).status).toBe(worker)
  })

  test.each([
    ['assignee=me', ['mine']],
    ['pool=mine', ['pooled', 'mine']],
  ])('lists the own orders by ?%s, and no more', async (query, expected) => {
    const { body } = await ask('member-a', `/api/orders?${query}`)
    expect(body.items.map(({ id }: Order) => id).sort()).toEqual([...expected].sort())
    expect((await ask('member-a', `/api/orders?${query}&placeId=xinan`)).status).toBe(403)
  })

  test('what waits in a pool is not for those of another area', async () => {
    expect((await ask('member-far', '/api/orders/pooled')).status).toBe(404)
  })

  test.each(['accept', 'arrive', 'verify', 'note', 'transfer', 'people'])('another’s order is not there to %s', async (act) => {
    expect((await ask('member-a', `/api/orders/foreign/${act}`, { version: 1, text: '看看', reason: '看看' })).status).toBe(404)
  })

  test.each(['incidents/incident-1/note', 'incidents/incident-1/mediate', 'alerts/alert-1/acknowledge', 'incidents/incident-1/close'])(
    'may not POST %s',
    async (path) => {
      const body = { version: 1, text: '看看', parties: ['甲'] }
      expect((await ask('member-a', `/api/${path}`, body)).status).toBe(403)
    },
  )

  test('a late claim hears who has it, and reads nothing of the order', async () => {
    const { status, body } = await ask('member-a', '/api/orders/claimed/claim', { version: 1 })
    expect([status, body.detail]).toEqual([409, '试member-b has claimed claimed already.'])
    expect(body.current).toEqual({ id: 'claimed', state: 'accepted', assignee: 'member-b', teamId: 'party', version: 1 })
  })

  test('who lives where the own order is: told, and in the audit', async () => {
    const { status, body } = await ask('member-a', '/api/orders/mine/people', { reason: '上门' })
    expect([status, body.items[0].name]).toEqual([200, '赵r1'])
    const rows = server.db.prepare("SELECT by, subject, why FROM audit WHERE act = 'order.people'").all()
    expect(rows).toEqual([{ by: 'member-a', subject: 'mine', why: '上门' }])
  })

  test('pictures of the own order’s matter alone', async () => {
    const add = server.db.prepare(
      "INSERT INTO photos (id, hash, bytes, width, height, at, by, subject, place) VALUES (?, 'h', 1, 1, 1, 1, 'r1', ?, ?)",
    )
    add.run('photo-1', 'report-1', FLAT)
    add.run('photo-2', 'foreign', FLAT)
    add.run('photo-3', 'claimed', FLAT)
    const seen = async (staffId: string) =>
      Promise.all(['photo-1', 'photo-2', 'photo-3'].map(async (id) => (await ask(staffId, `/api/photos/${id}`)).status))
    // 410: allowed, and the file was never written
    expect(await seen('member-a')).toEqual([410, 403, 403])
    expect(await seen('g1-day')).toEqual([410, 410, 410])
    expect(await seen('member-far')).toEqual([403, 403, 403])
  })

  test('the wall shows a helper no matter and nobody', () => {
    const helper = { role: 'field', helper: true, scope: 'caihong-g1', staffId: 'member-a' } as const
    const alert = { id: 'a1', placeId: FLAT, residentId: 'r1', assignee: 'member-a', gridId: 'caihong-g1' } as never
    const state = { ...emptyState(), alerts: [alert], care: [{ id: 'r1', placeId: FLAT, residentId: 'r1' } as never] }
    const seen = createProjector(helper, world)(state)
    expect([seen.alerts, seen.care, seen.incidents, seen.orders]).toEqual([[], [], [], []])
    expect(projectionKey(helper)).not.toBe(projectionKey({ ...helper, helper: undefined }))
  })
})
