import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Device } from '../../shared/device.ts'
import type { Order } from '../../shared/order.ts'
import type { Resident } from '../../shared/person.ts'
import { type ApiServer, startApi } from '../support/api.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const resident = (id: string, placeId: string, name: string, more: Partial<Resident> = {}): Resident => ({
  id,
  placeId,
  name,
  sex: 'f',
  birthDate: '1941-05-04',
  phone: '13912345678',
  idTail: '1234',
  relation: 'head',
  categories: ['living-alone', 'low-income'],
  ...more,
})
const RESIDENTS = [
  resident('r0001', 'caihong-b01-u1-101', '赵小满'),
  resident('r0002', 'caihong-b01-u1-102', '钱进', { categories: ['disabled'], phone: undefined }),
  resident('r0003', 'caihong-b03-u1-101', '欧阳小芳'),
]
const device = (id: string, placeId: string, kind: Device['kind'], feed: string): Device => ({
  id,
  kind,
  placeId,
  feed,
  address: id,
  name: id,
  lon: 0,
  lat: 0,
})
const DEVICES = [
  device('cam-001', 'caihong-gate-east', 'camera', 'frigate'),
  device('cam-002', 'caihong-square', 'camera', 'frigate'),
  device('help-b01-u1-101', 'caihong-b01-u1-101', 'help-button', 'zigbee2mqtt'),
]
const world = testWorld({ residents: RESIDENTS, devices: DEVICES })

const alert = (n: number, placeId: string, more: Partial<Alert> = {}): Alert => ({
  id: `alert-${n}`,
  key: `help:${n}`,
  kind: 'help',
  state: 'active-unacknowledged',
  priority: 1,
  status: 'actual',
  placeId,
  residentId: 'r0001',
  raisedAt: MONDAY_TEN + n,
  lastAt: MONDAY_TEN + n,
  active: true,
  count: 1,
  evidence: {},
  steps: [{ at: MONDAY_TEN, act: 'raised', by: 'system', why: '邻居赵小满来电' }],
  version: 1,
  ...more,
})

let server: ApiServer
const get = async (url: string, role?: string, wish = {}) => {
  const answer = await server.app.inject({ url, headers: role ? await server.as(role, wish) : {} })
  return { status: answer.statusCode, body: answer.json(), text: answer.body }
}
const ids = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id)

beforeAll(async () => {
  server = await startApi(world)
  server.put(({ alerts, orders }) => {
    for (let n = 1; n <= 5; n++) alerts.put(alert(n, 'caihong-b01-u1-101'))
    alerts.put(alert(6, 'caihong-b03-u1-101', { kind: 'device-silent', priority: 4, residentId: undefined }))
    alerts.put(alert(7, 'caihong-b01-u1-101', { state: 'normal', active: false }))
    const order = {
      id: 'order-1',
      incidentId: 'incident-1',
      kind: 'help',
      priority: 1,
      status: 'actual',
      state: 'dispatched',
      placeId: 'caihong-b01-u1-101',
    }
    const times = { dispatchedAt: MONDAY_TEN, since: MONDAY_TEN, dueAt: null, next: 'accept', overdue: false }
    orders.put({ ...order, ...times, assignee: 'g1-day', steps: [], version: 1 } as Order)
  })
})
afterAll(() => server.close())

describe('[P5] names and numbers are masked on the server', () => {
  test('an officer sees masked names and numbers', async () => {
    const { body } = await get('/api/residents', 'officer')
    expect(body.items.map(({ name, phone }: Resident) => [name, phone])).toEqual([
      ['赵*满', '139****5678'],
      ['钱*', undefined],
      ['欧**芳', '139****5678'],
    ])
    expect(body.items[0]).toMatchObject({
      age: 84,
      place: expect.stringContaining('101'),
      gridId: 'caihong-g1',
      clusterId: 'caihong-c001',
      masked: true,
    })
  })

  test('a wall in a hall sees no number and nothing of poverty or illness', async () => {
    const { body } = await get('/api/residents')
    expect(body.items.map(({ phone, categories }: Resident) => [phone, categories])).toEqual([
      [undefined, ['living-alone']],
      [undefined, []],
      [undefined, ['living-alone']],
    ])
    expect(ids((await get('/api/residents?category=disabled')).body)).toEqual([])
    expect(ids((await get('/api/residents?category=disabled', 'officer')).body)).toEqual(['r0002'])
  })

  test.each(['visitor', 'engineer', 'resident'])('%s: no list of people at all', async (role) => {
    expect((await get('/api/residents', role)).status).toBe(403)
  })

  test.each([undefined, 'visitor', 'field', 'officer', 'supervisor', 'engineer', 'admin'])(
    '%s: no full name, number or ID in any list or item',
    async (role) => {
      const lists = ['residents', 'alerts', 'orders', 'devices', 'places', 'wall', 'feeds'].map((name) => `/api/${name}`)
      for (const url of [...lists, '/api/residents/r0001', '/api/alerts/alert-1']) {
        const { text } = await get(url, role)
        for (const secret of ['13912345678', '欧阳小芳', '1941-05-04']) expect(text, url).not.toContain(secret)
      }
    },
  )

  test('remarks of colleagues stay away from screens that strangers see', async () => {
    expect((await get('/api/alerts/alert-1')).text).not.toContain('赵小满')
    expect((await get('/api/alerts', 'visitor')).text).not.toContain('赵小满')
    expect((await get('/api/alerts/alert-1', 'officer')).body.steps[0].why).toBe('邻居赵小满来电')
  })

  test('whoever may not know who lives there is not told the id either', async () => {
    expect((await get('/api/alerts/alert-1', 'visitor')).text).not.toContain('r0001')
    expect((await get('/api/alerts/alert-1', 'officer')).body.residentId).toBe('r0001')
  })

  test('only who may search finds by name', async () => {
    expect(ids((await get(`/api/residents?q=${encodeURIComponent('小')}`, 'officer')).body)).toEqual(['r0001', 'r0003'])
    expect(ids((await get('/api/residents?q=5678', 'field')).body)).toEqual(['r0001'])
    expect((await get('/api/residents?q=x')).status).toBe(401)
  })
})

describe('[S2] unmasking', () => {
  const unmask = async (role: string, payload: object, id = 'r0001') =>
    server.app.inject({ method: 'POST', url: `/api/residents/${id}/unmask`, payload, headers: await server.as(role) })

  test('gives the full record and writes who and why first', async () => {
    const answer = await unmask('officer', { reason: '家属来电核实' })
    expect(answer.json()).toMatchObject({ name: '赵小满', phone: '13912345678', birthDate: '1941-05-04', idTail: '1234', masked: false })
    const row = server.db.prepare("SELECT by, subject, why FROM audit WHERE act = 'resident.unmask' ORDER BY seq DESC").get()
    expect(row).toEqual({ by: 'officer-a', subject: 'r0001', why: '家属来电核实' })
  })

  test('without a reason there is no name and no row', async () => {
    const rows = () => server.db.prepare("SELECT count(*) FROM audit WHERE act = 'resident.unmask'").pluck().get()
    const before = rows()
    const answer = await unmask('officer', {})
    expect(answer.statusCode).toBe(400)
    expect(answer.json().errors[0]).toMatchObject({ field: 'reason', fix: 'add reason' })
    expect(answer.body).not.toContain('赵小满')
    expect((await unmask('officer', { reason: '   ' })).statusCode).toBe(400)
    expect(rows()).toBe(before)
  })

  test.each(['field', 'visitor', 'engineer', 'wall'])('%s may not', async (role) => {
    expect((await unmask(role, { reason: '想看看' })).statusCode).toBe(403)
  })

  test('an unknown resident is 404', async () => {
    expect((await unmask('officer', { reason: '核实' }, 'r9999')).statusCode).toBe(404)
  })
})

describe('[S3] a grid worker sees the own grid', () => {
  test('in every list', async () => {
    expect(ids((await get('/api/residents', 'field')).body)).toEqual(['r0001', 'r0002'])
    expect(ids((await get('/api/devices', 'field')).body)).toEqual(['cam-001', 'help-b01-u1-101'])
    expect(ids((await get('/api/alerts', 'field')).body)).not.toContain('alert-6')
    expect(ids((await get('/api/alerts', 'field', { scope: 'caihong-g2' })).body)).toEqual(['alert-6'])
    expect(ids((await get('/api/places?kind=grid', 'field')).body)).toEqual(['caihong-g1'])
  })

  test.each([
    'residents?placeId=caihong-g2',
    'residents/r0003',
    'devices/cam-002',
    'alerts/alert-6',
    'alerts?placeId=caihong',
    'wall?scope=caihong-g2',
  ])('not outside: %s', async (path) => {
    const { status, body } = await get(`/api/${path}`, 'field')
    expect(status).toBe(403)
    expect(body.detail).toContain('outside')
  })
})

describe('[§5] lists', () => {
  test('a device, a place and an alert have the fields that others rely on', async () => {
    expect((await get('/api/devices/cam-001')).body).toMatchObject({
      id: 'cam-001',
      kind: 'camera',
      placeId: 'caihong-gate-east',
      feed: 'frigate',
      address: 'cam-001',
      state: 'never',
    })
    expect((await get('/api/places/caihong-b01-u1-101')).body).toMatchObject({
      kind: 'flat',
      people: 1,
      households: 1,
      devices: ['help-b01-u1-101'],
    })
    expect((await get('/api/places/caihong-g1')).body).toMatchObject({ people: 2, households: 12 })
    expect((await get('/api/alerts/alert-1')).body).toMatchObject({
      id: 'alert-1',
      state: 'active-unacknowledged',
      priority: 1,
      count: 1,
      raisedAt: MONDAY_TEN + 1,
    })
  })

  test.each([
    ['alerts?open=true', ['alert-6', 'alert-5', 'alert-4', 'alert-3', 'alert-2', 'alert-1']],
    ['alerts?open=false', ['alert-7']],
    ['alerts?kind=device-silent,hazard.smoke', ['alert-6']],
    ['alerts?priority=4', ['alert-6']],
    ['alerts?state=normal', ['alert-7']],
    ['alerts?placeId=caihong-c003', ['alert-6']],
    [`alerts?since=${MONDAY_TEN + 6}`, ['alert-7', 'alert-6']],
    [`alerts?until=${encodeURIComponent(new Date(MONDAY_TEN + 1).toISOString())}`, ['alert-1']],
    ['alerts?status=exercise', []],
    ['alerts?id=alert-2,alert-5', ['alert-5', 'alert-2']],
    ['devices?id=cam-002', ['cam-002']],
    ['places?id=caihong-c001', ['caihong-c001']],
    ['residents?id=r0002,r0003', ['r0002', 'r0003']],
    ['orders?assignee=g1-day', ['order-1']],
    ['orders?incidentId=incident-2', []],
    ['devices?kind=camera', ['cam-001', 'cam-002']],
    ['devices?feed=zigbee2mqtt', ['help-b01-u1-101']],
    ['places?parentId=caihong-b01', ['caihong-b01-u1', 'caihong-b01-u2']],
  ])('filters: %s', async (path, expected) => {
    expect(ids((await get(`/api/${path}`, 'officer')).body)).toEqual(expected)
  })

  test('mine: orders of the worker who asks', async () => {
    expect(ids((await get('/api/orders?assignee=me', 'field')).body)).toEqual(['order-1'])
    expect(ids((await get('/api/orders?assignee=me', 'officer')).body)).toEqual([])
  })

  test.each([
    ['alerts', 7],
    ['residents', 3],
    ['places', 45],
    ['audit', 3],
  ])('paging gives each of %s once, then null', async (name, atLeast) => {
    const seen: string[] = []
    let cursor: string | null = null
    const headers = await server.as('supervisor')
    do {
      const page: { items: { id: string }[]; next: string | null } = (
        await server.app.inject({ url: `/api/${name}?limit=2${cursor ? `&cursor=${cursor}` : ''}`, headers })
      ).json()
      expect(page.items.length).toBeLessThanOrEqual(2)
      seen.push(...ids(page))
      cursor = page.next
    } while (cursor !== null)
    expect(seen.length).toBeGreaterThanOrEqual(atLeast)
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('what is put between two pages moves nothing', async () => {
    const headers = await server.as('officer')
    const first = (await server.app.inject({ url: '/api/alerts?limit=2', headers })).json()
    server.put(({ alerts }) => alerts.put(alert(8, 'caihong-b01-u1-101')))
    const second = (await server.app.inject({ url: `/api/alerts?limit=2&cursor=${first.next}`, headers })).json()
    expect([...ids(first), ...ids(second)]).toEqual(['alert-7', 'alert-6', 'alert-5', 'alert-4'])
  })

  test('the audit for the supervisor, with its proof', async () => {
    const { body } = await get('/api/audit?act=session.create&limit=1', 'supervisor')
    expect(body.items[0]).toMatchObject({ by: 'supervisor', act: 'session.create' })
    expect((await get('/api/audit/verify', 'supervisor')).body).toMatchObject({ ok: true })
    expect((await get('/api/audit', 'officer')).status).toBe(403)
  })

  test('signals, quarantine and feeds', async () => {
    for (const name of ['signals', 'quarantine']) expect((await get(`/api/${name}`, 'engineer')).body).toEqual({ items: [], next: null })
    expect((await get('/api/signals')).status).toBe(401)
    expect((await get('/api/feeds')).body.items).toMatchObject([
      { id: 'frigate', state: 'never' },
      { id: 'zigbee2mqtt', state: 'never' },
    ])
  })

  test('the wall state has its revision', async () => {
    expect((await get('/api/wall')).body).toMatchObject({ revision: 7, alerts: [], orders: [] })
  })
})
