import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { applyPatch } from '../../shared/patch.ts'
import type { WallState } from '../../shared/wall.ts'
import { help, post } from '../support/events.ts'
import { openScreen, type Screen, until } from '../support/live.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, openMqtt, openSession, type Session, signIn } from '../support/session.ts'
import { fleetOf } from '../trials/kill-run.ts'
import { createLedger } from '../trials/ledger.ts'
import { eventMaker, sendBatches, sendPosts, sendPublishes } from '../trials/senders.ts'

let server: RunningServer
let wall: Session
let officer: Session
let mqtt: MqttClient
const screens: Screen[] = []

beforeAll(async () => {
  server = await startServer()
  wall = openSession(server.url)
  officer = await signIn(server, 'officer')
  mqtt = await openMqtt(server.mqttPort)
})
afterAll(async () => {
  for (const screen of screens) screen.close()
  await mqtt?.endAsync(true)
  if (server) await discard(server)
})

async function watch(): Promise<Screen> {
  const screen = openScreen(server.url, undefined)
  screens.push(screen)
  await until(() => screen.snapshots.length > 0)
  return screen
}
const buttons = async () => (await officer.all<{ id: string; address: string; placeId: string }>('/api/devices?kind=help-button'))!
const press = (address: string) =>
  mqtt.publishAsync(`zigbee2mqtt/${address}`, JSON.stringify({ action: 'emergency', battery: 100, linkquality: 18 }), { qos: 1 })

test('[§5] without a simulator the pilot is 5 grids, 115 clusters, 45 buildings, 1305 households, 6908 residents, 113 cameras and 5 speakers', async () => {
  const { totals, grids, clusters } = await wall.get<WallState>('/api/wall')
  expect(totals).toMatchObject({
    ...{ grids: 5, clusters: 115, buildings: 45, households: 1305, residents: 6908, cameras: 113, speakers: 5 },
  })
  expect([grids.length, clusters.length]).toEqual([5, 115])
})

test('[§3] an MQTT press becomes a commit, an alert, an incident, an order, a patch and a row', async () => {
  const screen = await watch()
  const button = (await buttons())[0]!
  await press(button.address)
  const stored = await officer.get<{ items: { subject: string; type: string; source: string }[] }>(`/api/signals?deviceId=${button.id}`)
  expect(stored.items, 'committed before the PUBACK').toMatchObject([
    { subject: button.id, type: 'linwang.help', source: '/feeds/zigbee2mqtt' },
  ])
  await until(() => screen.state().alerts.some(({ deviceId }) => deviceId === button.id))
  const row = screen.state().alerts.find(({ deviceId }) => deviceId === button.id)!
  expect(row).toMatchObject({
    kind: 'help',
    priority: 1,
    state: 'active-unacknowledged',
    status: 'actual',
    placeId: button.placeId,
    count: 1,
  })
  const incident = await officer.get<Incident>(`/api/incidents/${row.incidentId}`)
  expect(incident).toMatchObject({ state: 'open', alerts: [row.id], orders: [expect.stringMatching(/^order-/)] })
  expect(incident.timeline.map(({ what }) => what)).toEqual(expect.arrayContaining(['alert.raised', 'order.dispatched', 'order.told']))
  const order = await officer.get<Order>(`/api/orders/${incident.orders[0]}`)
  expect(order).toMatchObject({ incidentId: incident.id, state: 'dispatched' })
  expect(order.assignee).toMatch(/^s\d{3}$/)
  expect(screen.state().orders.map(({ id }) => id)).toContain(order.id)
  const now = await wall.get<WallState>('/api/wall')
  expect(now.clusters.find(({ id }) => id === row.clusterId)?.state).toBe('alert')
})

test('[P2] killed and resumed: a screen that says its revision gets what it missed, and equals the server again', async () => {
  const before = await watch()
  const [, button, another] = await buttons()
  await press(button!.address)
  await until(() => before.state().alerts.some(({ deviceId }) => deviceId === button!.id))
  const known = before.state()
  before.close()
  await server.kill()
  await mqtt.endAsync(true)
  server = await server.restart()
  officer = await signIn(server, 'officer')
  mqtt = await openMqtt(server.mqttPort)
  await press(another!.address)
  const resumed = openScreen(server.url, undefined, { revision: known.revision })
  screens.push(resumed)
  await until(() => resumed.patches.length + resumed.snapshots.length > 0)
  expect(resumed.snapshots, 'only what was missed').toEqual([])
  const state = () => resumed.patches.reduce((folded, patch) => applyPatch(folded, patch), known)
  expect(state().alerts.map(({ deviceId }) => deviceId)).toEqual(expect.arrayContaining([button!.id, another!.id]))
  await eventually(async () => (await wall.get<WallState>('/api/wall')).revision === state().revision)
  const now = await wall.get<WallState>('/api/wall')
  if (now.revision === state().revision) expect(state()).toEqual(now)
})

test('[D1] acknowledged, accepted, arrived, handled and verified by another, the matter is closed and leaves the wall', async () => {
  const button = (await buttons())[3]!
  await press(button.address)
  const alert = await eventually(async () => (await wall.get<WallState>('/api/wall')).alerts.find(({ deviceId }) => deviceId === button.id))
  const step = async (path: string, session: Session, body: object = {}) => {
    const current = await officer.get<{ version: number }>(path.replace(/\/[^/]+$/, ''))
    const { status, body: answer } = await session.ask('POST', path, { version: current.version, ...body })
    expect(status, `${path}: ${JSON.stringify(answer)}`).toBe(200)
    return answer
  }
  await step(`/api/alerts/${alert.id}/acknowledge`, officer)
  const supervisor = await signIn(server, 'supervisor')
  for (const name of ['accept', 'arrive', 'handle']) await step(`/api/orders/${alert.orderId}/${name}`, officer, { result: '老人无恙' })
  const verified = await step(`/api/orders/${alert.orderId}/verify`, supervisor)
  expect(verified).toMatchObject({ state: 'verified' })
  const incident = await officer.get<Incident>(`/api/incidents/${alert.incidentId}`)
  expect(incident.state).toBe('closed')
  await eventually(async () => !(await wall.get<WallState>('/api/wall')).alerts.some(({ id }) => id === alert.id))
})

test('[I2] a repeated id is stored once, and the reply counts the duplicates', async () => {
  const button = (await buttons())[4]!
  const event = help(button.id, { source: '/feeds/zigbee2mqtt' })
  expect((await post(server.url, server.feedKey, event)).body).toEqual({ accepted: 1, duplicates: 0, quarantined: 0 })
  expect((await post(server.url, server.feedKey, [event, event])).body).toEqual({ accepted: 0, duplicates: 2, quarantined: 0 })
  await server.kill()
  server = await server.restart()
  officer = await signIn(server, 'officer')
  expect((await post(server.url, server.feedKey, event)).body).toEqual({ accepted: 0, duplicates: 1, quarantined: 0 })
})

test('[I1] stopped while senders and screens are connected it ends at once, and what it acknowledged is there', async () => {
  await watch()
  const ledger = createLedger()
  const make = eventMaker(await fleetOf(server), 3)
  const loads = await Promise.all([sendBatches, sendPosts, sendPublishes].map((start) => start(server, make, ledger)))
  await eventually(() => ledger.counts().acknowledged > 100)
  const begin = performance.now()
  expect(await server.stop()).toBe(0)
  expect(performance.now() - begin).toBeLessThan(5_000)
  for (const load of loads) load.stop()
  server = await server.restart()
  const acknowledged = ledger.texts('acknowledged')
  const again = await post(
    server.url,
    server.feedKey,
    acknowledged.map((text) => JSON.parse(text)),
  )
  expect(again.body).toEqual({ accepted: 0, duplicates: acknowledged.length, quarantined: 0 })
})
