import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Incident } from '../../shared/incident.ts'
import type { MatterKind } from '../../shared/matter-kind.ts'
import type { Notice } from '../../shared/message.ts'
import type { Order } from '../../shared/order.ts'
import type { Problem } from '../../shared/problem.ts'
import type { Report, ReportProgress } from '../../shared/report.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'

const FLAT = 'caihong-b01-u1-101'
let server: RunningServer
let officer: Session
let supervisor: Session
let resident: Session
let neighbour: Session

beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' }, patience: 180_000 })
  officer = await signIn(server, 'officer')
  supervisor = await signIn(server, 'supervisor')
  resident = await signIn(server, 'resident', { residentId: 'r0001' })
  neighbour = await signIn(server, 'resident', { scope: 'caihong-b01-u1-201' })
}, 200_000)
afterAll(async () => {
  if (server) await discard(server)
})

const report = async (who: Session, body: object, key?: string) => {
  const { status, body: made } = await who.ask<Report>('POST', '/api/reports', body, key ? { 'idempotency-key': key } : {})
  expect(status, JSON.stringify(made)).toBe(201)
  return made
}
const incident = (id: string | undefined) => officer.get<Incident>(`/api/incidents/${id}`)
const queue = async (query: string) =>
  (await officer.get<{ items: { id: string; kindName: string; channels: string[] }[]; totals: { open: number; waiting: number } }>(
    `/api/queue${query}`,
  ))!
const found = async (words: string, more = '') => (await queue(`?q=${encodeURIComponent(words)}${more}`)).items.map(({ id }) => id)

test('the kinds of the register, with their codes and books', async () => {
  const { items } = await resident.get<{ items: MatterKind[] }>('/api/kinds?for=resident')
  expect(items.length).toBeGreaterThan(40)
  expect(items.find(({ id }) => id === 'illegal-parking')?.codes[0]).toEqual({
    ...{ book: 'GB/T 47678.5', version: '2026', kind: '管理事项', code: '09009', name: '机动车乱停放' },
  })
  expect(items.map(({ id }) => id)).not.toContain('dust')
})

test('a resident reports, a neighbour reports the same: one incident, one order, each with a number', async () => {
  const first = await report(resident, { kind: 'burst-pipe', text: '厨房水管爆裂，一直喷水' }, 'tap-1')
  const again = await report(resident, { kind: 'burst-pipe', text: '厨房水管爆裂，一直喷水' }, 'tap-1')
  expect(again.id, 'the same key is the same report').toBe(first.id)
  expect(first.no).toMatch(/^\d{8}-\d{4}$/)
  const second = await report(neighbour, { kind: 'leak', text: '楼上漏水' })
  expect(second.incidentId).toBe(first.incidentId)
  expect(second.no).not.toBe(first.no)
  const one = await incident(first.incidentId)
  expect(one).toMatchObject({ kind: 'report.burst-pipe', reports: [first.id, second.id], channels: ['resident'] })
  expect(one.orders).toHaveLength(1)
})

test('the reporter follows it by number to the end and rates; nobody else reads it, and no worker is named', async () => {
  const made = await report(neighbour, { kind: 'street-light', text: '楼前路灯不亮', placeId: 'caihong-b01' })
  const path = `/api/reports/no/${made.no}`
  expect((await resident.ask('GET', path)).status).toBe(404)
  const progress = () => neighbour.get<ReportProgress>(path)
  expect((await progress()).state).toBe('received')
  let one = await incident(made.incidentId)
  await officer.ask('POST', `/api/incidents/${one.id}/dispatch`, { assignee: 's011', version: one.version })
  one = await incident(one.id)
  for (const act of ['accept', 'arrive', 'handle']) {
    const order = await officer.get<Order>(`/api/orders/${one.orders[0]}`)
    const { status, body } = await officer.ask('POST', `/api/orders/${order.id}/${act}`, { version: order.version })
    expect(status, JSON.stringify(body)).toBe(200)
  }
  expect((await neighbour.ask('POST', `/api/my/reports/${made.id}/rate`, { stars: 5 })).status).toBe(409)
  const done = await officer.get<Order>(`/api/orders/${one.orders[0]}`)
  const verified = await supervisor.ask('POST', `/api/orders/${done.id}/verify`, { version: done.version })
  expect(verified.status, JSON.stringify(verified.body)).toBe(200)
  expect(await progress()).toMatchObject({ state: 'closed', dueAt: null })
  expect((await progress()).steps.map(({ what }) => what)).toEqual(['received', 'dispatched', 'accepted', 'arrived', 'handled', 'closed'])
  expect(JSON.stringify(await progress())).not.toMatch(/s011|by/)
  expect((await neighbour.ask('POST', `/api/my/reports/${made.id}/rate`, { stars: 5, text: '很快' })).status).toBe(200)
  expect((await progress()).rating).toMatchObject({ stars: 5 })
})

test('[P1] the reporter is told each step as it happens, on the open page and in the own list, and of no worker’s name', async () => {
  const heard: Notice[] = []
  const page = io(`${server.url}/live`, { transports: ['websocket'], forceNew: true, extraHeaders: { cookie: resident.cookie! } })
  page.on('notice', (notice: Notice) => void heard.push(notice))
  await eventually(() => page.connected)
  const made = await report(resident, { kind: 'street-light', text: '路灯不亮', placeId: 'caihong-b05' })
  let one = await incident(made.incidentId)
  await officer.ask('POST', `/api/incidents/${one.id}/dispatch`, { assignee: 's011', version: one.version })
  one = await incident(one.id)
  for (const [act, who] of [
    ['accept', officer],
    ['arrive', officer],
    ['handle', officer],
    ['verify', supervisor],
  ] as const) {
    const order = await officer.get<Order>(`/api/orders/${one.orders[0]}`)
    expect((await who.ask('POST', `/api/orders/${order.id}/${act}`, { version: order.version })).status).toBe(200)
  }
  const steps = ['dispatched', 'accepted', 'arrived', 'handled', 'closed']
  const mine = (notices: readonly Notice[]) => notices.filter(({ params }) => params.reportId === made.id)
  await eventually(() => mine(heard).length === steps.length)
  expect(mine(heard).map(({ params }) => params.step)).toEqual(steps)
  const { items, unread } = await resident.get<{ items: Notice[]; unread: number }>('/api/notifications')
  expect(mine(items).map(({ params }) => params.step)).toEqual(steps.toReversed())
  expect(unread).toBeGreaterThanOrEqual(steps.length)
  expect(JSON.stringify(mine(items))).not.toMatch(/s011|朱雅怡|incident-|order-/)
  expect(mine(items)[0]).toMatchObject({ title: '您反映的路灯不亮：已办结，请评价', quiet: false })
  expect((await resident.ask('POST', '/api/notifications/read', { upTo: items[0]!.id })).body).toMatchObject({ unread: 0 })
  const others = await neighbour.get<{ items: Notice[] }>('/api/notifications')
  expect(mine(others.items), 'another’s are another’s').toEqual([])
  page.disconnect()
})

test('the desk takes a call: the caller is masked, found again by number, and whole only for a reason in the audit', async () => {
  const caller = { name: '王试试', phone: '139 0000 1234' }
  const made = await report(officer, {
    kind: 'illegal-parking',
    placeId: 'caihong-b02',
    text: '白色面包车',
    channel: 'hotline',
    reporter: caller,
  })
  expect(JSON.stringify(made)).not.toMatch(/王试试|13900001234|139 0000 1234/)
  const history = await officer.ask<{ items: Report[] }>('POST', '/api/callers/history', { phone: '+8613900001234' })
  expect(history.body.items.map(({ id }) => id)).toEqual([made.id])
  expect((await officer.get<{ items: Report[] }>('/api/callers/history?phone=13900009999')).items).toEqual([])
  const whole = await officer.ask('POST', `/api/reports/${made.id}/unmask`, { reason: '回访' })
  expect(whole.body).toMatchObject({ reporter: { name: '王试试', phone: '139 0000 1234' } })
  const audit = await supervisor.get<{ items: { act: string; why: string }[] }>(`/api/audit?subject=${made.id}`)
  expect(audit.items).toContainEqual(expect.objectContaining({ act: 'report.unmask', why: '回访' }))
  expect((await resident.ask('POST', `/api/reports/${made.id}/unmask`, { reason: '好奇' })).status).toBe(403)
  expect((await resident.ask('GET', '/api/callers/history?phone=13900001234')).status).toBe(403)
})

test('the queue finds words of two characters, places and numbers, also after a merger', async () => {
  const van = await report(officer, { kind: 'illegal-parking', placeId: 'caihong-b30', text: '银色货车堵住车库口' })
  const same = await report(officer, { kind: 'illegal-parking', placeId: 'caihong-b31', text: '车库口有辆银色货车' })
  expect(await found('货车')).toEqual(expect.arrayContaining([van.incidentId, same.incidentId]))
  expect(await found('银')).toContain(van.incidentId)
  expect(await found(van.no)).toEqual([van.incidentId])
  expect(await found('货车 轮船')).toEqual([])
  expect(await found('，')).toEqual([])
  const one = await incident(same.incidentId)
  expect(one.proposals?.map(({ incidentId }) => incidentId)).toContain(van.incidentId)
  await officer.ask('POST', `/api/incidents/${one.id}/merge`, { into: van.incidentId, version: one.version })
  expect(await found(same.no), 'the merged words lead to where it goes on').toEqual([van.incidentId])
  expect(await found('货车', '&state=merged')).toEqual([one.id])
  const noted = await incident(van.incidentId)
  await officer.ask('POST', `/api/incidents/${noted.id}/note`, { text: '车主姓赵，电话打不通' })
  expect(await found('打不通')).toEqual([van.incidentId])
})

test('the queue goes page by page, each once, in every sort', async () => {
  const all = await queue('?limit=200')
  expect(all.items.length).toBe(all.totals.open)
  for (const sort of ['urgency', 'newest', 'due']) {
    const ids: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page: { items: { id: string }[]; next: string | null } = await officer.get(
        `/api/queue?limit=2&sort=${sort}${next ? `&cursor=${next}` : ''}`,
      )
      ids.push(...page.items.map(({ id }) => id))
      next = page.next
    }
    expect(ids.toSorted()).toEqual(all.items.map(({ id }) => id).toSorted())
  }
  expect((await officer.ask('GET', '/api/queue?cursor=bm9uc2Vuc2U')).status).toBe(400)
  expect((await resident.ask('GET', '/api/queue')).status).toBe(403)
})

test('a hotline’s work order by webhook becomes a report; a later state of the same number is a line of it', async () => {
  const engineer = await signIn(server, 'engineer')
  const { PRESETS } = await import('../../shared/field-map.ts')
  const preset = PRESETS.find(({ id }) => id === 'lifeline-order')!
  const made = await engineer.ask('POST', '/api/feeds', { id: 'hotline', kind: 'json', name: '12319', map: preset.map })
  expect(made.status, JSON.stringify(made.body)).toBeLessThan(300)
  const { at } = await officer.get<{ at: number }>('/api/wall')
  const dispatchtime = new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  const send = (order: object) =>
    fetch(`${server.url}/feeds/json/hotline`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${server.feedKey}` },
      body: JSON.stringify({ ...JSON.parse(preset.sample), dispatchtime, ...order }),
    })
  const number = 'GS20260601000099'
  const first = await send({ workordercode: number, place: '7 栋2单元', workordercontent: '水管漏水', state: 0 })
  expect(first.status, await first.text()).toBe(200)
  const { items } = await officer.get<{ items: Report[] }>('/api/reports?channel=hotline')
  const report = items.find(({ externalId }) => externalId === number)!
  expect(report).toMatchObject({ kind: 'leak', placeId: 'caihong-b07-u2', feed: 'hotline' })
  await send({ workordercode: number, place: '7 栋2单元', workordercontent: '水管漏水', state: 2 })
  const one = await incident(report.incidentId)
  expect(one.reports).toEqual([report.id])
  expect(one.timeline.at(-1)).toMatchObject({ what: 'report.updated', to: 'done' })
})

test('after kill -9 everything is there, and the numbers go on', async () => {
  const before = await report(resident, { kind: 'policy', text: '医保怎么办理' })
  await server.kill()
  server = await server.restart()
  officer = await signIn(server, 'officer')
  resident = await signIn(server, 'resident', { residentId: 'r0001' })
  expect(await found('医保')).toEqual([before.incidentId])
  const after = await report(resident, { kind: 'care-service', text: '想约上门理发' })
  expect(Number(after.no.slice(-4))).toBe(Number(before.no.slice(-4)) + 1)
  const problem = await officer.ask<Problem>('POST', '/api/reports', { kind: 'nonsense', placeId: FLAT })
  expect(problem.body).toMatchObject({ status: 422, errors: [{ field: 'kind' }] })
}, 200_000)
