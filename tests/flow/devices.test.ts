import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import type { Device } from '../../shared/device.ts'
import type { WallState } from '../../shared/wall.ts'
import { cloudEvent, post } from '../support/events.ts'
import { openScreen, type Screen, until } from '../support/live.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, openSession, type Session, signIn } from '../support/session.ts'

const MINUTE = 60_000
let server: RunningServer
let wall: Session
let engineer: Session
let screen: Screen
let now: number

beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' } })
  wall = openSession(server.url)
  engineer = await signIn(server, 'engineer')
  now = (await engineer.get<{ now: number }>('/api/clock')).now
  screen = openScreen(server.url, undefined)
  await until(() => screen.snapshots.length > 0)
})
afterAll(async () => {
  screen?.close()
  if (server) await discard(server)
})

const ADDRESS = 'a4:14:37:0b:0c:0d/1'
const happen = (event: string, at: number, more: object = {}) =>
  cloudEvent({
    ...{ source: '/feeds/north', subject: ADDRESS, type: 'linwang.camera', time: new Date(at).toISOString(), data: { event } },
    ...more,
  })
const advance = async (by: string) => {
  now = (await engineer.ask<{ now: number }>('POST', '/api/clock', { advance: by })).body.now
}
const senders = async () => (await engineer.get<{ items: object[]; crowdedOut: number }>('/api/quarantine/senders')).items
const alertsOf = async (deviceId: string) => (await engineer.get<{ items: Alert[] }>(`/api/alerts?deviceId=${deviceId}`)).items
const cameras = async () => (await wall.get<WallState>('/api/wall')).totals.cameras

let device: Device
test('[I3] a camera that nobody knows: what it says waits, and the desk is told what it seems to be', async () => {
  for (const n of [0, 1, 2])
    expect((await post(server.url, server.feedKey, happen('fall', now + n))).body).toMatchObject({ quarantined: 1 })
  await advance('20m')
  await post(server.url, server.feedKey, happen('loitering', now))
  expect(await senders()).toMatchObject([
    { feed: 'north', address: ADDRESS, reason: 'unknown-device', total: 4, held: 4, guess: { kind: 'camera', type: 'linwang.camera' } },
  ])
})

test('[I3] one bind: the device is in the register, on the wall and in the totals, and what it said is on record with its own times', async () => {
  const before = await cameras()
  const feed = 'north'
  const bound = await engineer.ask<{ device: Device; replayed: object }>('POST', '/api/devices', {
    ...{ feed, address: ADDRESS, kind: 'camera', placeId: 'caihong-b01', name: '1栋北门' },
  })
  expect(bound).toMatchObject({ status: 201, body: { device: { id: 'camera-1', feed, lon: expect.any(Number) } } })
  expect(bound.body.replayed).toEqual({ accepted: 4, duplicates: 0, held: 0 })
  device = bound.body.device
  expect(await senders()).toEqual([])
  expect(await engineer.get(`/api/devices/${device.id}`)).toMatchObject({ name: '1栋北门', kind: 'camera' })
  await eventually(async () => (await cameras()) === before + 1)
  await until(() => screen.state().totals.cameras === before + 1)
  const plan = await wall.get<{ features: { properties: { deviceId?: string }; geometry: object }[] }>('/api/estate')
  expect(plan.features.filter(({ properties }) => properties.deviceId === device.id)).toMatchObject([
    { properties: { layer: 'device', kind: 'camera' }, geometry: { coordinates: [device.lon, device.lat] } },
  ])
  expect(plan.features.filter(({ properties }) => properties.deviceId)).toHaveLength(213)
  const { items } = await engineer.get<{ items: { time: string; replay?: true; receivedAt: string }[] }>(
    `/api/signals?deviceId=${device.id}`,
  )
  expect(items.map(({ replay = false }) => replay)).toEqual([false, true, true, true])
  expect(Date.parse(items.at(-1)!.receivedAt)).toBeLessThan(now - 19 * MINUTE)
})

test('[I3] the falls of twenty minutes ago are no emergencies now; what it saw a moment ago is, and so is the next', async () => {
  expect(await alertsOf(device.id)).toMatchObject([{ kind: 'camera.loitering', count: 1 }])
  await post(server.url, server.feedKey, happen('fall', now))
  expect((await alertsOf(device.id)).map(({ kind }) => kind).sort()).toEqual(['camera.fall', 'camera.loitering'])
})

test('[D2] the same key binds once; the same address twice is a conflict that names the device', async () => {
  const body = { feed: 'north', address: 'second', kind: 'gate', placeId: 'caihong-b02-u1' }
  const key = { 'idempotency-key': 'bind-1' }
  const [a, b] = [await engineer.ask('POST', '/api/devices', body, key), await engineer.ask('POST', '/api/devices', body, key)]
  expect([a.status, b.status]).toEqual([201, 201])
  expect(b.body.device).toEqual(a.body.device)
  expect(await engineer.ask('POST', '/api/devices', body)).toMatchObject({ status: 409, body: { current: { id: 'gate-1' } } })
})

test('[P4] the health of each device of a feed', async () => {
  const { items, next } = await engineer.get<{ items: object[]; next: null }>('/api/feeds/north/devices')
  expect(next).toBeNull()
  expect(items).toMatchObject([
    { id: device.id, state: 'heard', expectation: 'kind', silentAfter: 300, accepted: 5, duplicates: 0, repeats: 0, lastHeard: now },
    { id: 'gate-1', state: 'never', lastHeard: null, accepted: 0 },
  ])
  const pages = await engineer.all<{ id: string }>('/api/feeds/zigbee2mqtt/devices')
  expect(new Set(pages.map(({ id }) => id)).size).toBe(pages.length)
  expect(pages.length).toBeGreaterThan(1000)
})

test('[S3] an officer sees who is unknown and binds nobody', async () => {
  const officer = await signIn(server, 'officer')
  expect((await officer.ask('GET', '/api/quarantine/senders')).status).toBe(200)
  const body = { feed: 'north', address: 'third', kind: 'gate', placeId: 'caihong-b02-u1' }
  expect((await officer.ask('POST', '/api/devices', body)).status).toBe(403)
  expect((await officer.ask('DELETE', '/api/devices/gate-1')).status).toBe(403)
})

test('[I3] a change holds at once, an undo takes back all but what was said', async () => {
  expect(await engineer.ask('PATCH', '/api/devices/gate-1', { name: '二栋门禁' })).toMatchObject({
    status: 200,
    body: { name: '二栋门禁' },
  })
  expect(await engineer.get('/api/devices/gate-1')).toMatchObject({ name: '二栋门禁' })
  expect((await engineer.ask('DELETE', `/api/devices/${device.id}`)).status).toBe(409)
  expect((await engineer.ask('DELETE', '/api/devices/gate-1')).status).toBe(204)
  expect((await engineer.ask('GET', '/api/devices/gate-1')).status).toBe(404)
  expect((await engineer.ask('DELETE', '/api/devices/gate-1')).status).toBe(404)
})

test('[I1] after kill -9 the bound device is there, and knows what it knew', async () => {
  await server.kill()
  server = await server.restart()
  engineer = await signIn(server, 'engineer')
  expect(await engineer.get(`/api/devices/${device.id}`)).toMatchObject({ id: device.id, feed: 'north' })
  const again = await post(server.url, server.feedKey, happen('fall', now, { id: 'after' }))
  expect(again.body).toMatchObject({ accepted: 1, quarantined: 0 })
})
