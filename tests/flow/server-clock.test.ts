import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { WallState } from '../../shared/wall.ts'
import { cloudEvent, motion, passage, post } from '../support/events.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { openSession, type Session, signIn } from '../support/session.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** China keeps one time all year. */
const OFFSET = 8 * HOUR

interface Person {
  id: string
  placeId: string
}
let server: RunningServer
let officer: Session
let now: number
let silent: Person & { motions: string[] }
let blind: Person & { motions: string[] }
let pupil: Person & { gate: string }

beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' } })
  officer = await signIn(server, 'officer')
  now = (await officer.get<{ now: number }>('/api/clock')).now
  const devices = await officer.all<{ id: string; placeId: string; kind: string }>('/api/devices')
  const motionsAt = (placeId: string) =>
    devices.filter((device) => device.kind === 'motion' && device.placeId === placeId).map(({ id }) => id)
  const alone = (await officer.all<Person>('/api/residents?category=living-alone'))
    .map((person) => ({ ...person, motions: motionsAt(person.placeId) }))
    .filter(({ motions }) => motions.length > 0)
  ;[silent, blind] = alone as [typeof silent, typeof blind]
  const child = (await officer.all<Person>('/api/residents?category=left-behind-child'))[0]!
  const gate = devices.find((device) => device.kind === 'gate' && child.placeId.startsWith(`${device.placeId}-`))!
  pupil = { ...child, gate: gate.id }
  await advanceTo(nextSchoolMorning(now))
})
afterAll(async () => {
  if (server) await discard(server)
})

/** 07:30 of the next Monday to Friday */
function nextSchoolMorning(from: number): number {
  let midnight = Math.floor((from + OFFSET) / DAY) * DAY + DAY
  while ([0, 6].includes(new Date(midnight).getUTCDay())) midnight += DAY
  return midnight - OFFSET + 7.5 * HOUR
}
async function advanceTo(to: number) {
  const { status, body } = await officer.ask<{ now: number }>('POST', '/api/clock', { advance: (to - now) / 1000 })
  expect([status, body.now]).toEqual([200, to])
  now = to
}
const at = () => ({ time: new Date(now).toISOString() })
const beat = (subject: string) => cloudEvent({ subject, type: 'linwang.heartbeat', data: { online: true }, ...at() })
async function send(...events: object[]) {
  expect((await post(server.url, server.feedKey, events)).body).toEqual({ accepted: events.length, duplicates: 0, quarantined: 0 })
}
/** Hours go by; every sensor named is heard in each of them. */
async function hours(count: number, heard: readonly string[]) {
  for (let n = 0; n < count; n++) {
    await advanceTo(now + HOUR)
    await send(...heard.map(beat))
  }
}
const alertsOf = (kind: string, residentId: string) => officer.all<Alert>(`/api/alerts?kind=${kind}&residentId=${residentId}`)

test('[A1] with CLOCK=manual domain time stands until it is advanced, by seconds or a duration', async () => {
  const first = (await officer.get<{ now: number; mode: string }>('/api/clock'))!
  await new Promise((wake) => setTimeout(wake, 50))
  expect(await officer.get('/api/clock')).toMatchObject({ now: first.now, mode: 'manual' })
  for (const [advance, by] of [
    ['PT1S', 1_000],
    ['1s', 1_000],
    [1, 1_000],
  ] as const) {
    now += by
    expect((await officer.ask<{ now: number }>('POST', '/api/clock', { advance })).body.now).toBe(now)
  }
  for (const advance of [-5, 0, 'soon', null]) {
    const { status, body } = await officer.ask('POST', '/api/clock', { advance })
    expect([status, body.status]).toEqual([400, 400])
  }
})

test('[A2] hours of silence of a person living alone alert; a home that is not heard does not, but gets a look-in', async () => {
  const motions = [...silent.motions, ...blind.motions]
  await send(...motions.map((id) => motion(id, true, at())))
  await hours(3, silent.motions)
  expect(await alertsOf('inactivity', silent.id), 'three hours are nothing').toEqual([])
  await hours(2, silent.motions)
  const [alert] = await alertsOf('inactivity', silent.id)
  expect(alert).toMatchObject({ priority: 1, state: 'active-unacknowledged', placeId: silent.placeId, status: 'actual' })
  const incident = await officer.get<Incident>(`/api/incidents/${alert!.incidentId}`)
  expect(await officer.get<Order>(`/api/orders/${incident.orders[0]}`)).toMatchObject({ state: 'dispatched', priority: 1 })
  await hours(3, silent.motions)
  expect(await alertsOf('inactivity', blind.id), 'blind is not quiet').toEqual([])
  expect(await officer.all<Alert>(`/api/alerts?kind=device-silent`), 'the blindness is the engineer’s').not.toEqual([])
  expect(await alertsOf('welfare-check', blind.id)).toMatchObject([{ priority: 3 }])
  const wall = openSession(server.url)
  const careOf = async (person: Person) =>
    (await wall.get<WallState>('/api/wall')).care.find(({ residentId, state }) => residentId === person.id && state !== 'usual')
  expect(await careOf(silent), 'the slow half of the wall too').toMatchObject({ state: 'silent', alertId: alert!.id })
  expect(await careOf(blind)).toMatchObject({ state: 'blind' })
})

test('[A4] a sign of life returns the alert, and leaves it to be acknowledged: silence closes nothing, nor does a step', async () => {
  await send(...silent.motions.map((id) => motion(id, true, at())))
  const [alert] = await alertsOf('inactivity', silent.id)
  expect(alert).toMatchObject({ state: 'returned-unacknowledged' })
  const { status } = await officer.ask('POST', `/api/alerts/${alert!.id}/acknowledge`, { version: alert!.version })
  expect(status).toBe(200)
})

test('[A4] a child that left in the morning and is not home by half past six alerts, and coming home returns it', async () => {
  const day = Math.floor((now + OFFSET) / DAY) * DAY - OFFSET
  await send(passage(pupil.gate, { data: { direction: 'out', granted: true, residentId: pupil.id }, ...at() }))
  await advanceTo(day + 18 * HOUR + 29 * 60_000)
  await send(beat(pupil.gate))
  expect(await alertsOf('child-not-home', pupil.id)).toEqual([])
  await advanceTo(now + 2 * 60_000)
  expect(await alertsOf('child-not-home', pupil.id)).toMatchObject([{ priority: 2, state: 'active-unacknowledged' }])
  await send(passage(pupil.gate, { data: { direction: 'in', granted: true, residentId: pupil.id }, ...at() }))
  expect(await alertsOf('child-not-home', pupil.id)).toMatchObject([{ state: 'returned-unacknowledged' }])
})

test('[D1] an order that nobody accepts is overdue and climbs the ladder', async () => {
  const orders = await officer.all<Order>('/api/orders?state=dispatched&priority=1')
  const { timeline } = await officer.get<Incident>(`/api/incidents/${orders[0]!.incidentId}`)
  expect(timeline.map(({ what }) => what)).toContain('deadline.missed')
})

test('[A1] killed and started again, the clock stands where it stood and nothing is told twice', async () => {
  const before = await officer.all<Alert>('/api/alerts')
  await server.kill()
  server = await server.restart()
  officer = await signIn(server, 'officer')
  expect(await officer.get('/api/clock')).toMatchObject({ now, mode: 'manual' })
  expect(await officer.all<Alert>('/api/alerts')).toEqual(before)
  await advanceTo(now + 60_000)
  const after = await officer.all<Alert>('/api/alerts')
  expect(after.filter(({ kind }) => kind !== 'device-silent').map(({ id }) => id)).toEqual(
    before.filter(({ kind }) => kind !== 'device-silent').map(({ id }) => id),
  )
})
