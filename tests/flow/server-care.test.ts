import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Device } from '../../shared/device.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { WallState } from '../../shared/wall.ts'
import { advance, clockOf } from '../support/domain-time.ts'
import { help, post } from '../support/events.ts'
import { pilotFiles } from '../support/registers.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, openSession, type Session, signIn } from '../support/session.ts'

const DAY = 86_400_000
let server: RunningServer
let officer: Session
let supervisor: Session
let person: { residentId: string; placeId: string; version: number; person: { phone?: string } }
let button: Device
let now: number

beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' } })
  officer = await signIn(server, 'officer')
  supervisor = await signIn(server, 'supervisor')
  now = await clockOf(officer)
  const buttons = await officer.all<Device>('/api/devices?kind=help-button')
  const people = await officer.all<typeof person>('/api/care?state=consent-missing')
  person = people.find(({ placeId, person: { phone } }) => phone !== undefined && buttons.some((one) => one.placeId === placeId))!
  button = buttons.find(({ placeId }) => placeId === person.placeId)!
})
afterAll(async () => {
  if (server) await discard(server)
})

const path = () => `/api/care/${person.residentId}`
const PLAN = {
  version: 1,
  contacts: [{ id: 'c1', relation: 'family', name: '陈小芳', phone: '13900002222' }],
  quiet: [{ from: '21:00', to: '07:00' }],
  consent: { at: 0, by: 'self', until: null },
}
async function press(): Promise<{ alert: Alert; incident: Incident }> {
  await post(server.url, server.feedKey, help(button.id, { time: new Date(now).toISOString(), data: { residentId: person.residentId } }))
  const { items } = await officer.get<{ items: Alert[] }>(`/api/alerts?residentId=${person.residentId}&open=true`)
  return { alert: items[0]!, incident: await officer.get<Incident>(`/api/incidents/${items[0]!.incidentId}`) }
}
const call = (incident: Incident, outcome: string, contactId: string) =>
  officer.ask<Incident & { next: { step: string; contact?: { id: string } } }>('POST', `/api/incidents/${incident.id}/call`, {
    ...{ contactId, outcome, note: '电话', version: incident.version },
  })

test('[P5] the plan of the registers is changed, and comes back masked', async () => {
  const made = await officer.ask('PUT', path(), PLAN)
  expect(made).toMatchObject({
    status: 200,
    body: { version: 2, state: 'watched', contacts: [{ id: 'c1', name: '陈*芳', phone: '139****2222' }] },
  })
  const { items } = { items: await officer.all<object>('/api/care?state=watched') }
  expect(items).toContainEqual(expect.objectContaining({ residentId: person.residentId, contacts: 1 }))
})

let first: { alert: Alert; incident: Incident }
test('[D1] the first act is a call: nobody answers, then the daughter says that all is well, and another verifies', async () => {
  first = await press()
  const { id } = first.incident
  expect(await officer.get(`/api/incidents/${id}/contacts`)).toMatchObject({ next: { step: 'call', contact: { id: 'self' } } })
  const none = await call(first.incident, 'no-answer', 'self')
  expect(none).toMatchObject({ status: 200, body: { state: 'open', next: { step: 'call', contact: { id: 'c1', phone: '139****2222' } } } })
  expect((await call(first.incident, 'ok', 'c1')).status).toBe(409)
  const well = await call(none.body, 'ok', 'c1')
  expect(well).toMatchObject({ status: 200, body: { state: 'awaiting-verification', next: { step: 'verify' } } })
  const { items } = await officer.get<{ items: Order[] }>(`/api/orders?incidentId=${id}`)
  expect(items.map(({ state }) => state)).toEqual(['cancelled'])
  const body = { version: well.body.version, reason: '已核实安好' }
  expect((await officer.ask('POST', `/api/incidents/${id}/close`, body)).status).toBe(422)
  expect(await supervisor.ask('POST', `/api/incidents/${id}/close`, body)).toMatchObject({ status: 200, body: { state: 'closed' } })
  const wall = openSession(server.url)
  await eventually(async () => !(await wall.get<WallState>('/api/wall')).alerts.some((alert) => alert.id === first.alert.id))
})

test('[D1] a verdict is kept, is the record of the detector, and stands in the history of the person', async () => {
  const current = await officer.get<Alert>(`/api/alerts/${first.alert.id}`)
  const judge = { verdict: 'false', note: '误按', version: current.version }
  const verdict = `/api/alerts/${current.id}/verdict`
  const key = { 'idempotency-key': 'verdict-1' }
  expect(await officer.ask('POST', verdict, judge, key)).toMatchObject({
    status: 200,
    body: { state: 'normal', verdict: { verdict: 'false' } },
  })
  expect((await officer.ask('POST', verdict, judge, key)).status).toBe(200)
  expect((await officer.ask('POST', verdict, judge)).status).toBe(409)
  const record = await officer.get<{ items: object[] }>('/api/detectors')
  expect(record.items).toContainEqual({ kind: 'help', raised: 1, real: 0, false: 1, unknown: 0, exercise: 0 })
  const { items } = await officer.get<{ items: object[] }>(`${path()}/history`)
  expect(items).toMatchObject([
    {
      ...{ id: current.id, kind: 'help', verdict: { verdict: 'false', note: '误按' }, ended: { act: 'close' } },
      incident: { state: 'closed', reason: '已核实安好', calls: [{ outcome: 'no-answer' }, { contactId: 'c1', outcome: 'ok' }] },
    },
  ])
})

test('[S2] who did what is in the audit, and the chain is whole', async () => {
  const acts = (await supervisor.get<{ items: { act: string }[] }>('/api/audit')).items.map(({ act }) => act)
  expect(acts).toEqual(expect.arrayContaining(['care.save', 'incident.call', 'alert.verdict', 'incident.close']))
  expect(JSON.stringify(await supervisor.get('/api/audit'))).not.toMatch(/陈小芳|13900002222/)
  expect(await supervisor.get('/api/audit/verify')).toMatchObject({ ok: true })
})

test('[X1] found to be an exercise, a press looks so on the wall and leaves its totals', async () => {
  now = (await advance(officer, 3 * 3_600)).body.now
  const wall = openSession(server.url)
  const state = () => wall.get<WallState>('/api/wall')
  const before = (await state()).alertTotals.open
  const { alert } = await press()
  await eventually(async () => (await state()).alertTotals.open === before + 1)
  expect((await officer.ask('POST', `/api/alerts/${alert.id}/verdict`, { verdict: 'exercise', version: alert.version })).status).toBe(200)
  await eventually(async () => (await state()).alertTotals.open === before)
  expect((await state()).alerts.find(({ id }) => id === alert.id)).toMatchObject({ status: 'exercise', state: 'active-unacknowledged' })
})

test('[I1] after kill -9 plan, absence, calls and verdict are there', async () => {
  const away = { kind: 'hospital', until: now + 3 * DAY, note: '住院' }
  expect((await officer.ask('POST', `${path()}/absence`, away)).status).toBe(201)
  await server.kill()
  server = await server.restart()
  officer = await signIn(server, 'officer')
  expect(await officer.get(path())).toMatchObject({ version: 3, state: 'away', absence: { kind: 'hospital', note: '住院' } })
  const { items } = await officer.get<{ items: object[] }>(`${path()}/history`)
  expect(items).toMatchObject([{ verdict: { verdict: 'exercise' } }, { verdict: { verdict: 'false' }, incident: { calls: [{}, {}] } }])
  const { incident } = await press()
  expect((await call(incident, 'no-answer', 'c1')).status, 'the engine knows the contact again').toBe(200)
})

test('[S2] when an import no longer knows the person, the plan is gone; a new one comes from the file, what the desk changed stays', async () => {
  const engineer = await signIn(server, 'engineer')
  const [other] = await officer.all<typeof person>('/api/care?state=consent-missing')
  expect((await officer.ask('PUT', `/api/care/${other!.residentId}`, PLAN)).status).toBe(200)
  const text = Object.entries(pilotFiles()).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)] as const)
  const bring = (files: object) => engineer.ask<{ imported: object }>('POST', '/api/registers/import', { files })
  const without = (only: string) => text.map(([name, rows]) => [name, only.includes(name) ? rows.replace(theirs(), '') : rows])
  const refused = await bring(Object.fromEntries(without('residents.csv')))
  expect(refused).toMatchObject({
    status: 422,
    body: { rows: expect.arrayContaining([expect.objectContaining({ file: 'care-plans.csv', column: 'residentId' })]) },
  })
  expect(await bring(Object.fromEntries(without('residents.csv care-plans.csv')))).toMatchObject({
    status: 200,
    body: { imported: { residents: 6907, carePlans: 228, carePlansKept: 1 } },
  })
  expect((await officer.ask('GET', path())).status).toBe(404)
  expect((await bring(Object.fromEntries(text))).status).toBe(200)
  expect(await officer.get(path())).toMatchObject({ version: 1, state: 'consent-missing', changedBy: 'import' })
  expect(await officer.get(`/api/care/${other!.residentId}`)).toMatchObject({ version: 2, state: 'watched' })
})
const theirs = () => new RegExp(`^${person.residentId},.*\\r?\\n`, 'gm')
