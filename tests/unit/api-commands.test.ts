import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { type ApiServer, startApi } from '../support/api.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const common = { kind: 'help', priority: 1, status: 'actual', placeId: 'caihong-b01-u1-101', version: 1 } as const
const INCIDENT: Incident = {
  ...common,
  id: 'incident-1',
  state: 'open',
  openedAt: MONDAY_TEN,
  alerts: ['alert-1'],
  reports: [],
  orders: ['order-1'],
  timeline: [],
}
const ORDER: Order = {
  ...common,
  id: 'order-1',
  incidentId: 'incident-1',
  state: 'dispatched',
  assignee: 'g1-day',
  dispatchedAt: MONDAY_TEN,
  since: MONDAY_TEN,
  dueAt: MONDAY_TEN + 60_000,
  next: 'accept',
  overdue: false,
  steps: [],
}
const HELP: Alert = {
  ...common,
  id: 'alert-1',
  key: 'help:1',
  state: 'active-unacknowledged',
  raisedAt: MONDAY_TEN,
  lastAt: MONDAY_TEN,
  active: true,
  count: 1,
  evidence: {},
  steps: [],
}

let server: ApiServer
beforeEach(async () => {
  server = await startApi(testWorld())
  server.put(({ alerts, incidents, orders }) => {
    incidents.put(INCIDENT)
    orders.put(ORDER)
    alerts.put(HELP)
  })
})
afterEach(() => server.close())

const act = async (path: string, payload: object, role: string, key?: string, wish = {}) => {
  const headers = { ...(await server.as(role, wish)), ...(key ? { 'idempotency-key': key } : {}) }
  const answer = await server.app.inject({ method: 'POST', url: `/api/${path}`, payload, headers })
  return { status: answer.statusCode, body: answer.json() }
}
const reached = () => server.commands.filter(({ name }) => !name.startsWith('session.'))

describe('[D2] commands carry the version they saw', () => {
  test('the right version answers the new thing', async () => {
    const { status, body } = await act('orders/order-1/accept', { version: 1 }, 'field')
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: 'order-1', state: 'accepted', version: 2, next: 'arrive' })
    expect((await server.app.inject({ url: '/api/orders/order-1' })).json()).toMatchObject({ state: 'accepted' })
  })

  test('a late click gets 409 with the current thing, and nothing is overwritten', async () => {
    await act('orders/order-1/accept', { version: 1 }, 'field')
    const { status, body } = await act('orders/order-1/transfer', { version: 1, assignee: 'g1-other', reason: '换人' }, 'officer')
    expect(status).toBe(409)
    expect(body).toMatchObject({ status: 409, current: { id: 'order-1', state: 'accepted', version: 2, assignee: 'g1-day' } })
  })

  test('a repeated command is done once', async () => {
    const first = await act('orders/order-1/accept', { version: 1 }, 'field', 'key-1')
    expect(await act('orders/order-1/accept', { version: 1 }, 'field', 'key-1')).toEqual(first)
    expect(server.db.prepare("SELECT count(*) FROM audit WHERE act = 'order.accept'").pluck().get()).toBe(1)
  })

  test('a key that was used for another command is refused', async () => {
    await act('orders/order-1/accept', { version: 1 }, 'field', 'key-1')
    expect((await act('orders/order-1/arrive', { version: 2 }, 'field', 'key-1')).status).toBe(422)
  })

  test('without a version nothing reaches the writer; a note needs none', async () => {
    const { status, body } = await act('orders/order-1/accept', {}, 'field')
    expect(status).toBe(400)
    expect(body.errors[0]).toMatchObject({ field: 'version', fix: expect.stringContaining('order-1') })
    expect((await act('orders/order-1/accept', { version: '1' }, 'field')).status).toBe(400)
    expect(reached()).toEqual([])
    expect((await act('incidents/incident-1/note', { text: '已电话联系' }, 'officer')).body.timeline).toHaveLength(1)
  })
})

describe('[S3] who may command what, where', () => {
  test.each([
    ['orders/order-1/accept', 'engineer', {}, 403],
    ['orders/order-1/accept', 'visitor', {}, 403],
    ['orders/order-1/accept', 'resident', {}, 403],
    ['orders/order-1/cancel', 'field', {}, 403],
    ['incidents/incident-1/close', 'field', {}, 403],
    ['alerts/alert-1/acknowledge', 'field', {}, 403],
    ['alerts/alert-1/acknowledge', 'engineer', {}, 403],
    ['orders/order-1/accept', 'field', { scope: 'caihong-g2' }, 403],
    ['orders/order-9/accept', 'field', {}, 404],
    ['orders/order-1/explode', 'officer', {}, 404],
    ['alerts/alert-1/toString', 'officer', {}, 404],
  ])('%s by %s %o: %i', async (path, role, wish, status) => {
    expect((await act(path, { version: 1, reason: '试' }, role, undefined, wish)).status).toBe(status)
    expect(reached()).toEqual([])
  })

  test('nobody commands without signing in', async () => {
    const answer = await server.app.inject({ method: 'POST', url: '/api/orders/order-1/accept', payload: { version: 1 } })
    expect(answer.statusCode).toBe(401)
  })

  test('the writer is told who, and a body can not say otherwise', async () => {
    await act('orders/order-1/accept', { version: 1, actor: { id: 'admin', role: 'admin' }, target: 'order-2' }, 'field')
    expect(reached()[0]).toMatchObject({
      name: 'order.accept',
      target: 'order-1',
      version: 1,
      actor: { id: 'g1-day', role: 'field', staffId: 'g1-day' },
    })
  })
})

describe('[A1] the clock', () => {
  test.each([
    [{ advance: 90 }, { name: 'clock.advance', body: { advance: 90 } }],
    [{ advance: 'PT1H30M' }, { name: 'clock.advance', body: { advance: 'PT1H30M' } }],
    [{ rate: 60 }, { name: 'clock.rate', body: { rate: 60 } }],
  ])('%o', async (payload, command) => {
    await act('clock', payload, 'officer')
    expect(reached()[0]).toMatchObject(command)
  })

  test.each([{}, { advance: -1 }, { advance: 'soon' }, { rate: 0 }, { rate: 1000 }])('refused: %o', async (payload) => {
    expect((await act('clock', payload, 'officer')).status).toBe(400)
    expect(reached()).toEqual([])
  })
})
