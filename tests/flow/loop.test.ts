import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Incident } from '../../shared/incident.ts'
import type { LoopFigures, LoopGroup } from '../../shared/loop.ts'
import type { Order } from '../../shared/order.ts'
import type { Report } from '../../shared/report.ts'
import * as domain from '../support/domain-time.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { type Session, signIn } from '../support/session.ts'

let server: RunningServer
let officer: Session
let supervisor: Session
let resident: Session

const people = async () => {
  officer = await signIn(server, 'officer')
  supervisor = await signIn(server, 'supervisor')
  resident = await signIn(server, 'resident', { scope: 'caihong-b01-u1-201' })
}
beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' }, patience: 180_000 })
  await people()
}, 200_000)
afterAll(async () => {
  if (server) await discard(server)
})

const advance = async (minutes: number) => expect((await domain.advance(officer, minutes * 60)).status).toBe(200)
const figures = (query: string) => officer.get<LoopFigures>(`/api/loop${query}`)
const step = (group: LoopGroup, name: string) => group.steps.find((each) => each.step === name)!
async function act(who: Session, id: string, name: string) {
  const { version } = await officer.get<Order>(`/api/orders/${id}`)
  const { status, body } = await who.ask('POST', `/api/orders/${id}/${name}`, { version, reason: '试' })
  expect(status, JSON.stringify(body)).toBe(200)
}

test('a report that goes the whole way shows in the figures of its kind, grid and team, also after a kill; its rating comes after', {
  timeout: 120_000,
}, async () => {
  const body = { kind: 'street-light', text: '路灯不亮', placeId: 'caihong-b01' }
  const report = (await resident.ask<Report>('POST', '/api/reports', body)).body
  let incident = await officer.get<Incident>(`/api/incidents/${report.incidentId}`)
  expect((await figures('?by=kind')).groups[0]).toMatchObject({ key: 'report.street-light', now: { open: 1, waiting: 1 } })
  await advance(10)
  await officer.ask('POST', `/api/incidents/${incident.id}/dispatch`, { assignee: 's011', version: incident.version })
  incident = await officer.get<Incident>(`/api/incidents/${incident.id}`)
  const [id] = incident.orders
  for (const [minutes, name] of [
    [5, 'accept'],
    [20, 'arrive'],
    [60, 'handle'],
  ] as const) {
    await advance(minutes)
    await act(officer, id!, name)
  }
  await act(supervisor, id!, 'reject')
  const second = (await officer.get<Incident>(`/api/incidents/${incident.id}`)).orders[1]!
  for (const name of ['accept', 'arrive', 'handle']) await act(officer, second, name)
  await server.kill()
  server = await server.restart()
  await people()
  await act(supervisor, second, 'verify')
  await resident.ask('POST', `/api/my/reports/${report.id}/rate`, { stars: 4 })

  for (const by of ['kind', 'grid', 'team', 'priority']) {
    const { groups, all } = await figures(`?by=${by}`)
    const group = groups.find(({ incidents }) => incidents > 0)!
    for (const each of [group, all]) {
      expect(each, by).toMatchObject({ incidents: 1, orders: 2, refused: 1, reopened: 0, overdue: 0 })
      expect(each).toMatchObject({ rating: { count: 1, mean: 4 }, channels: { resident: 1 }, now: { open: 0 } })
      expect(step(each, 'accept')).toMatchObject({ count: 2, within: 100, target: 120 * 60 })
      expect(Math.abs(step(each, 'dispatch').median! - 600)).toBeLessThan(20)
      expect(step(each, 'verify').count, 'the refused one was not verified').toBe(1)
    }
  }
  const grid = (await figures('?by=grid')).groups.find(({ incidents }) => incidents > 0)!
  const own = await figures(`?placeId=${grid.key}&by=kind`)
  expect(own.all.incidents).toBe(1)
  expect(own.outside.every(({ source, read }) => source && read)).toBe(true)
})

test('an incident that is opened again counts no more until it is closed again', { timeout: 60_000 }, async () => {
  const { items } = await officer.get<{ items: Incident[] }>('/api/incidents?state=closed')
  const { id, version } = items[0]!
  await supervisor.ask('POST', `/api/incidents/${id}/reopen`, { reason: '又坏了', version })
  expect((await figures('')).all).toMatchObject({ incidents: 0, orders: 2, now: { open: 1 } })
})

test('[S3] figures are of a grid at least, of the own area, and of a time that is one', async () => {
  expect((await officer.ask('GET', '/api/loop?placeId=caihong-b01')).status).toBe(422)
  expect((await officer.ask('GET', '/api/loop?since=soon')).status).toBe(400)
  expect((await officer.ask('GET', '/api/loop?days=0')).status).toBe(400)
  const week = await figures('?days=7')
  expect((week.until - week.since) / 86_400_000).toBe(7)
  expect((await officer.ask('GET', '/api/loop?since=2026-12-02&until=2026-12-01')).status).toBe(400)
  expect((await resident.ask('GET', '/api/loop')).status).toBe(403)
})
