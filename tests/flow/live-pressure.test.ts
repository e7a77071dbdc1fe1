import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createWorld } from '../../server/registers/world.ts'
import { project } from '../../shared/project.ts'
import { openScreen, pause, type Screen, serveLive, until } from '../support/live.ts'
import { busyCommunity } from '../support/push.ts'
import { pilotRegisters } from '../support/registers.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const pilot = createWorld(pilotRegisters())
const json = (value: unknown) => JSON.parse(JSON.stringify(value))

async function start(seed: number, limits = {}) {
  const center = busyCommunity(pilot, seed)
  const served = await serveLive(center, pilot, { limits })
  closing.push(served.close)
  const open = (token = 'wall', watch?: Parameters<typeof openScreen>[2]): Screen => {
    const screen = openScreen(served.url, token, watch)
    closing.push(screen.close)
    return screen
  }
  return { ...served, center, open }
}
/** The TCP connection below a client. */
const wire = (screen: Screen) =>
  (screen.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket

test('[P3] a screen that stops reading costs bounded memory, delays nobody, and is brought up to date when it reads again', async () => {
  const { center, open, server, live } = await start(31, { waitingBytes: 256 * 1024, waitingPackets: 32 })
  const connections: { waiting(): number }[] = []
  server.on('upgrade', (_, socket) => connections.push({ waiting: () => socket.writableLength }))
  const [slow, quick] = [open(), open()]
  await until(() => slow.snapshots.length > 0 && quick.snapshots.length > 0)
  wire(slow).pause()
  const waits: number[] = []
  let most = 0
  for (let i = 0; i < 400; i++) {
    const seen = quick.patches.length
    const from = performance.now()
    for (let n = 0; n < 5; n++) center.step()
    const wanted = center.engine.state().revision
    if (i % 10 === 0) {
      await until(() => quick.state().revision >= wanted)
      waits.push(performance.now() - from)
    } else await pause(8)
    expect(quick.patches.length).toBeGreaterThanOrEqual(seen)
    most = Math.max(most, ...connections.map(({ waiting }) => waiting()))
  }
  expect(live.stats().dropped).toBeGreaterThan(0)
  expect(live.stats().lagging).toBe(1)
  expect(most).toBeLessThan(1024 * 1024)
  expect(waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.9)]).toBeLessThan(150)
  wire(slow).resume()
  await until(() => slow.state().revision === quick.state().revision && live.stats().lagging === 0)
  expect(slow.state()).toEqual(json(project(center.engine.state(), { role: 'wall', scope: 'xinan' }, pilot)))
})

test('[P3] a client that watches a thousand times a second is answered now and then, and hung up on', async () => {
  const { open, live } = await start(32)
  const [mad, calm] = [open(), open()]
  await until(() => mad.snapshots.length > 0 && calm.snapshots.length > 0)
  for (let i = 0; i < 30; i++) mad.socket.emit('watch', {})
  await pause(300)
  expect(mad.snapshots.length).toBeLessThanOrEqual(5)
  await until(() => mad.snapshots.length === 6, 2_000)
  for (let i = 0; i < 1_000; i++) mad.socket.emit('watch', {})
  await until(() => !mad.socket.connected)
  expect(mad.problems[0]).toMatchObject({ status: 503 })
  expect([calm.socket.connected, live.stats().watchers]).toEqual([true, 1])
})

test.each([
  ['a long message', (socket: WebSocket) => socket.send(`42/live,["watch",{"scope":"${'x'.repeat(100_000)}"}]`)],
  ['binary', (socket: WebSocket) => socket.send(Buffer.alloc(2_000, 7))],
  ['not the protocol', (socket: WebSocket) => socket.send('42/live,["watch",{')],
  ['nothing', () => {}],
])('[I3] garbage on the socket ends that connection and no other: %s', async (_, send) => {
  const { open, url, live } = await start(33)
  const calm = open()
  await until(() => calm.snapshots.length > 0)
  const garbage = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  garbage.on('error', () => {})
  await once(garbage, 'open')
  const closed = once(garbage, 'close')
  send(garbage)
  await closed
  expect([calm.socket.connected, live.stats().watchers]).toEqual([true, 1])
})

test('[P3] more screens than the limit are refused with a reason', async () => {
  const { open } = await start(34, { watchers: 3 })
  const screens = [open(), open(), open()]
  await until(() => screens.every(({ snapshots }) => snapshots.length > 0))
  const fourth = open()
  let reason = ''
  fourth.socket.on('connect_error', (error) => {
    reason = error.message
  })
  await until(() => reason)
  expect(reason).toBe('Too many screens are watching')
})

test('[P3] upgrades of other paths are left to their owners, who may take their time', async () => {
  const { server, url } = await start(35)
  const feeds = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/feeds/ws') setTimeout(() => feeds.handleUpgrade(request, socket, head, (client) => client.send('here')), 1_200)
  })
  const client = new WebSocket(`${url.replace('http', 'ws')}/feeds/ws`)
  const [said] = await once(client, 'message')
  expect(String(said)).toBe('here')
  client.close()
})

test('[P3] two hundred screens of one role share one projection and one encoding', async () => {
  const { open, center, live } = await start(36)
  const screens = Array.from({ length: 200 }, () => open())
  await until(() => screens.every(({ snapshots }) => snapshots.length > 0), 15_000)
  expect(live.stats()).toMatchObject({ watchers: 200, channels: 1 })
  const spent: number[] = []
  for (let i = 0; i < 20; i++) {
    const from = performance.now()
    center.step()
    spent.push(performance.now() - from)
    await pause(60)
  }
  await until(() => screens.every((screen) => screen.state().revision === center.engine.state().revision))
  expect(JSON.stringify(screens[199]!.state())).toBe(JSON.stringify(screens[0]!.state()))
  expect(spent.sort((a, b) => a - b)[10]).toBeLessThan(40)
}, 40_000)
