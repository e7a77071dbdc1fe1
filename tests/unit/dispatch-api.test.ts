import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { type ApiServer, startApi } from '../support/api.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld, tinyStaff, tinyTeamStaff, tinyTeams } from '../support/world.ts'

const FLAT = 'caihong-b01-u1-101'
const DAY = 86_400_000
const person = (id: string, placeId: string, categories: string[] = []) =>
  ({ id, placeId, name: `赵${id}`, sex: 'm', birthDate: '1950-05-05', phone: '13900000000', relation: 'head', categories }) as never
let server: ApiServer

const incident = (n: number, more: Partial<Incident> = {}): Incident => ({
  ...{ id: `incident-${n}`, kind: 'hazard.leak', priority: 2, status: 'actual', state: 'open', placeId: FLAT, openedAt: MONDAY_TEN },
  ...{ alerts: [], reports: [], orders: [], timeline: [], version: 1 },
  ...more,
})
const order = (n: number, more: Partial<Order> = {}): Order => ({
  ...{ id: `order-${n}`, incidentId: 'incident-1', kind: 'hazard.fire', priority: 2, status: 'actual', state: 'accepted', placeId: FLAT },
  ...{
    assignee: 'g1-day',
    dispatchedAt: MONDAY_TEN,
    since: MONDAY_TEN,
    dueAt: MONDAY_TEN,
    next: 'arrive',
    overdue: false,
    steps: [],
    version: 1,
  },
  ...more,
})

beforeAll(async () => {
  const residents = [
    person('r1', FLAT, ['elder', 'low-income']),
    person('r2', 'caihong-b01-u1-201', ['disabled']),
    person('r3', 'caihong-b01-u1-102'),
  ]
  server = await startApi(testWorld({ staff: [...tinyStaff(), ...tinyTeamStaff()], teams: tinyTeams(), residents }))
  server.put(({ incidents, orders }) => {
    incidents.put(incident(1, { orders: ['order-1', 'order-2', 'order-3'] }))
    for (let n = 2; n < 5; n++)
      incidents.put(incident(n, { state: 'closed', openedAt: MONDAY_TEN - n * DAY, closedAt: MONDAY_TEN - n * DAY }))
    incidents.put(incident(5, { state: 'closed', status: 'exercise', closedAt: MONDAY_TEN - DAY }))
    incidents.put(incident(6, { state: 'closed', placeId: 'caihong-b03-u1-101', closedAt: MONDAY_TEN - DAY }))
    orders.put(order(1))
    orders.put(order(2, { state: 'dispatched', next: 'accept', pool: 'party', assignee: 'officer-a' }))
    orders.put(order(3, { state: 'dispatched', next: 'accept', teamId: 'property', assignee: 'plumber' }))
  })
})
afterAll(() => server?.close())

const ask = async (staffId: string, url: string, payload?: object, role = 'field') => {
  const headers = await server.as(role, { staffId })
  const answer = await server.app.inject({ method: payload ? 'POST' : 'GET', url, headers, ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.json() }
}
const ids = (orders: { id: string }[]) => orders.map(({ id }) => id)

test('[S3] a phone gets its own orders, those of its team and those of its pools, and nobody else’s', async () => {
  const worker = (await ask('g1-day', '/api/my/orders')).body
  expect([ids(worker.mine), ids(worker.team), ids(worker.claimable)]).toEqual([['order-1'], [], []])
  expect(worker.mine[0]).toMatchObject({ place: '1栋 1单元 101', possible: expect.arrayContaining(['arrive']) })
  expect(ids((await ask('member-a', '/api/my/orders')).body.claimable)).toEqual(['order-2'])
  expect((await ask('member-far', '/api/my/orders')).body.claimable).toEqual([])
  expect(ids((await ask('mate', '/api/my/orders')).body.team)).toEqual(['order-3'])
  expect(ids((await ask('member-a', '/api/orders?pool=mine')).body.items)).toEqual(['order-2'])
})

test('[S2] who lives there is told to the owner alone, after an audit row: of a fire those of the staircase who need help as well', async () => {
  const { body } = await ask('g1-day', '/api/orders/order-1/people', { reason: '敲门无人应' })
  expect(body.items.map(({ id, categories }: { id: string; categories: string[] }) => [id, categories])).toEqual([
    ['r1', ['elder']],
    ['r2', ['disabled']],
  ])
  const row = server.db.prepare("SELECT by, why FROM audit WHERE act = 'order.people'").all()
  expect(row).toEqual([{ by: 'g1-day', why: '敲门无人应' }])
  expect((await ask('g1-other', '/api/orders/order-1/people', {})).status).toBe(403)
  expect((await ask('officer-a', '/api/orders/order-2/people', {}, 'officer')).status).toBe(409)
})

test('suggestions and teams are for the office, with reasons; [X1] dangers count what was actual, by place', async () => {
  const { body } = await ask('officer-a', '/api/incidents/incident-1/suggest', undefined, 'officer')
  expect(body.items[0]).toMatchObject({ assignee: 'g1-day' })
  expect((await ask('g1-day', '/api/incidents/incident-1/suggest')).status).toBe(403)
  expect((await ask('officer-a', '/api/teams', undefined, 'officer')).body.items.map(({ id }: { id: string }) => id)).toEqual([
    'party',
    'property',
    'police',
  ])
  const dangers = (await ask('officer-a', '/api/dangers', undefined, 'officer')).body.items
  expect(dangers).toMatchObject([
    { family: 'water', placeId: 'caihong-b01-u1', times: 3, incidents: ['incident-4', 'incident-3', 'incident-2'] },
  ])
})

test('only a dispute keeps a mediation ledger', async () => {
  const { status } = await ask('officer-a', '/api/incidents/incident-1/mediate', { parties: ['甲', '乙'], text: '谈过' }, 'officer')
  expect(status).toBe(422)
})
