import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { WallState } from '../../shared/wall.ts'
import * as domain from '../support/domain-time.ts'
import { cloudEvent, help, motion, post } from '../support/events.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, openSession, type Session, signIn } from '../support/session.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** China keeps one time all year. */
const OFFSET = 8 * HOUR

interface Home {
  id: string
  placeId: string
  motions: string[]
  button?: string | undefined
}
let server: RunningServer
let officer: Session
let now: number
/** three who are silent from now on, and one who cannot be heard */
let unreached: Home
let well: Home
let presser: Home
let blind: Home

beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' } })
  officer = await signIn(server, 'officer')
  now = await domain.clockOf(officer)
  const devices = await officer.all<{ id: string; placeId: string; kind: string }>('/api/devices')
  const at = (placeId: string, kind: string) => devices.filter((one) => one.placeId === placeId && one.kind === kind).map(({ id }) => id)
  const homes = (await officer.all<Home>('/api/residents?category=living-alone'))
    .map((one) => ({ ...one, motions: at(one.placeId, 'motion'), button: at(one.placeId, 'help-button')[0] }))
    .filter(({ motions }) => motions.length > 0)
  presser = homes.find(({ button }) => button !== undefined)!
  ;[unreached, well, blind] = homes.filter((one) => one !== presser) as [Home, Home, Home]
  await advanceTo(Math.floor((now + OFFSET) / DAY) * DAY + DAY - OFFSET + 7.5 * HOUR)
  const all = [unreached, well, presser, blind].flatMap(({ motions }) => motions)
  await send(...all.map((id) => motion(id, true, when())))
  for (let n = 0; n < 8; n++) await advance(30 * MINUTE)
}, 180_000)
afterAll(async () => {
  if (server) await discard(server)
})

const when = () => ({ time: new Date(now).toISOString() })
async function advanceTo(to: number) {
  now = (await domain.advance(officer, (to - now) / 1000)).body.now
  expect(now).toBe(to)
}
async function send(...events: object[]) {
  expect((await post(server.url, server.feedKey, events)).body).toMatchObject({ accepted: events.length })
}
/** Time goes by, and all but the blind home are heard. */
async function advance(ms: number) {
  await advanceTo(now + ms)
  const heard = [unreached, well, presser].flatMap(({ motions }) => motions)
  await send(...heard.map((subject) => cloudEvent({ subject, type: 'linwang.heartbeat', data: { online: true }, ...when() })))
}
async function matter(home: Home, kind: string) {
  const [alert] = await officer.all<Alert>(`/api/alerts?kind=${kind}&residentId=${home.id}`)
  const incident = await officer.get<Incident>(`/api/incidents/${alert!.incidentId}`)
  const orders = await officer.all<Order>(`/api/orders?incidentId=${incident.id}`)
  return { alert: alert!, incident, orders }
}
const call = async ({ id, version }: Incident, contactId: string, outcome: string) =>
  officer.ask<Incident>('POST', `/api/incidents/${id}/call`, { contactId, outcome, version })
const onWall = async (home: Home) =>
  (await openSession(server.url).get<WallState>('/api/wall')).alerts.find(({ residentId }) => residentId === home.id)

let callBy: number
test('[D1] four hours of silence: no order yet, the officer has five minutes to ring up, and the wall knows until when', async () => {
  const { alert, incident, orders } = await matter(unreached, 'inactivity')
  expect(alert).toMatchObject({ priority: 1, state: 'active-unacknowledged' })
  callBy = alert.raisedAt + 5 * MINUTE
  expect(incident).toMatchObject({ state: 'open', callBy, orders: [] })
  expect(incident.owner).toBeDefined()
  expect(orders).toEqual([])
  await eventually(async () => (await onWall(unreached))?.callBy === callBy)
})

test('[D1] who answers and is well is visited by nobody', async () => {
  const { incident } = await matter(well, 'inactivity')
  const { items } = await officer.get<{ items: { id: string }[] }>(`/api/incidents/${incident.id}/contacts`)
  const answer = await call(incident, items[0]!.id, 'ok')
  expect(answer).toMatchObject({ status: 200, body: { state: 'awaiting-verification', next: { step: 'verify' } } })
  expect(answer.body.callBy).toBeUndefined()
})

test('[D1] a help press from the same flat sends somebody at once', async () => {
  expect((await matter(presser, 'inactivity')).orders).toEqual([])
  await send(help(presser.button!, { ...when(), data: { residentId: presser.id } }))
  const { incident, orders } = await matter(presser, 'inactivity')
  expect(orders).toMatchObject([{ priority: 1, state: 'dispatched' }])
  expect(incident.alerts).toHaveLength(2)
})

test('[A3] killed in the middle of the wait, the server still sends somebody when nobody was reached in time', async () => {
  const { incident } = await matter(unreached, 'inactivity')
  const { items } = await officer.get<{ items: { id: string }[] }>(`/api/incidents/${incident.id}/contacts`)
  expect((await call(incident, items[0]!.id, 'no-answer')).status).toBe(200)
  await server.kill()
  server = await server.restart()
  officer = await signIn(server, 'officer')
  await advanceTo(callBy - MINUTE)
  expect((await matter(unreached, 'inactivity')).orders).toEqual([])
  await advanceTo(callBy)
  const { incident: after, orders } = await matter(unreached, 'inactivity')
  expect(orders).toMatchObject([{ priority: 1, state: 'dispatched', steps: [{ by: 'system', why: '限时内电话未接通' }, { act: 'told' }] }])
  expect(after.timeline.map(({ what }) => what)).toEqual(expect.arrayContaining(['call.first', 'call.no-answer', 'order.dispatched']))
  expect(after.callBy).toBeUndefined()
  expect((await matter(well, 'inactivity')).orders).toEqual([])
})

test('[A2] a home that has been blind for long is visited: an order at once, and no emergency', async () => {
  for (let n = 0; n < 10; n++) await advance(30 * MINUTE)
  expect(await officer.all<Alert>(`/api/alerts?kind=inactivity&residentId=${blind.id}`), 'blind is not quiet').toEqual([])
  const { alert, incident, orders } = await matter(blind, 'welfare-check')
  expect(alert).toMatchObject({ priority: 3, evidence: { reason: 'blind' } })
  expect(incident).toMatchObject({ state: 'open', priority: 3 })
  expect(incident.timeline.map(({ what }) => what)).not.toContain('call.first')
  expect(orders).toMatchObject([{ kind: 'welfare-check', priority: 3, state: 'dispatched' }])
  const acts = orders[0]!.steps.map(({ act }) => act)
  expect(acts, 'nobody above is told').not.toContain('told')
  expect(orders[0]!.dispatchedAt).toBe(alert.raisedAt)
})
