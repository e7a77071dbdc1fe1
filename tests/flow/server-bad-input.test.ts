import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Alert } from '../../shared/alert.ts'
import { seededRandom } from '../../shared/random.ts'
import { help, motion, post } from '../support/events.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, openMqtt, type Session, signIn } from '../support/session.ts'

let server: RunningServer
let engineer: Session
let sensors: string[]
let buttons: string[]

beforeAll(async () => {
  server = await startServer()
  engineer = await signIn(server, 'engineer')
  const ids = async (kind: string) => (await engineer.all<{ id: string }>(`/api/devices?kind=${kind}`)).map(({ id }) => id)
  sensors = await ids('motion')
  buttons = await ids('help-button')
})
afterAll(async () => {
  if (server) await discard(server)
})

const MB = 1024 * 1024
const residentMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))![1]) / 1024
const events = async (body: string | Uint8Array, type = 'application/cloudevents+json', key = server.feedKey) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': type }
  const response = await fetch(`${server.url}/feeds/events`, { method: 'POST', headers, body: body as BodyInit })
  return { status: response.status, type: response.headers.get('content-type'), body: (await response.json()) as Record<string, unknown> }
}

/** Everybody else is served as if nothing were the matter. */
async function othersAreServed() {
  const begin = performance.now()
  const { status, body } = await post(server.url, server.feedKey, motion(sensors[0]!))
  expect([status, body]).toEqual([202, { accepted: 1, duplicates: 0, quarantined: 0 }])
  expect(performance.now() - begin, 'ms for one signal').toBeLessThan(2_000)
  expect(server.process.exitCode).toBeNull()
}

const sound = () => motion(sensors[1]!)
test.each([
  ['malformed JSON', '{"specversion":"1.0",', /JSON/],
  ['no JSON at all', 'hello', /JSON/],
  ['nothing', '', /JSON|empty/i],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /UTF-8/],
  ['a number', '5', /object/],
  ['null', 'null', /object/],
  ['an id that is a number', JSON.stringify({ ...motion('x'), id: 5 }), /id is a number/],
  ['no source', JSON.stringify({ ...motion('x'), source: undefined }), /source is missing/],
  ['a time without a zone', JSON.stringify(motion('x', true, { time: '2026-11-23T08:00:00' })), /time/],
  ['a time that is no day', JSON.stringify(motion('x', true, { time: '2026-02-30T08:00:00Z' })), /time/],
  ['version 0.3', JSON.stringify({ ...motion('x'), specversion: '0.3' }), /specversion/],
])('[I3] an envelope that is %s is refused with what is wrong', async (_, body, says) => {
  const answer = await events(body)
  expect(answer).toMatchObject({ status: 400, type: expect.stringContaining('application/problem+json') })
  expect(String(answer.body.detail)).toMatch(says)
})

test.each([
  ['data of a wrong type', { data: { occupied: 'yes' } }, 'invalid-data'],
  ['data that is a list', { data: [1, 2] as never }, 'invalid-data'],
  ['a type nobody knows', { type: 'linwang.dance' }, 'unknown-type'],
  ['a status nobody knows', { status: 'real' as never }, 'invalid-data'],
  ['a time longer ago than signals are kept', { time: '2020-01-01T00:00:00Z' }, 'too-old'],
])('[I3] %s goes to quarantine with its reason, and the rest of the batch is stored', async (_, flaw, reason) => {
  const bad = motion(sensors[2]!, true, flaw)
  expect((await post(server.url, server.feedKey, [sound(), bad, sound()])).body).toEqual({ accepted: 2, duplicates: 0, quarantined: 1 })
  const { items } = await engineer.get<{ items: { id: string; reason: string }[] }>('/api/quarantine?limit=1')
  expect(items[0]!.reason).toBe(reason)
  const kept = await engineer.get<Record<string, unknown>>(`/api/quarantine/${items[0]!.id}`)
  expect(JSON.stringify(kept), 'its bytes are kept').toContain(bad.id)
})

test('[I4] without a time the receipt counts, and a time to come is kept but does not run ahead', async () => {
  const { time: _, ...timeless } = motion(sensors[3]!)
  const early = motion(sensors[3]!, false, { time: new Date(Date.now() + 3_600_000).toISOString() })
  expect((await post(server.url, server.feedKey, [timeless, early])).body).toMatchObject({ accepted: 2 })
  const signals = await engineer.all<{ id: string; time: string | number; receivedAt: string | number }>(
    `/api/signals?deviceId=${sensors[3]}`,
  )
  expect(signals.map(({ id }) => id).sort()).toEqual([timeless.id, early.id].sort())
  expect(Date.parse(String(signals.find(({ id }) => id === early.id)!.time))).toBe(Date.parse(early.time))
})

test('[I3] an unknown device is quarantined by its address, and shown', async () => {
  expect((await post(server.url, server.feedKey, help('no-such-button'))).body).toEqual({ accepted: 0, duplicates: 0, quarantined: 1 })
  const mqtt = await openMqtt(server.mqttPort)
  await mqtt.publishAsync('zigbee2mqtt/0xa4c13899607febd1', '{"action":"emergency","battery":100}', { qos: 1 })
  await mqtt.endAsync()
  for (const address of ['no-such-button', '0xa4c13899607febd1']) {
    const { items } = await engineer.get<{ items: object[] }>(`/api/quarantine?address=${address}`)
    expect(items, address).toMatchObject([{ reason: 'unknown-device' }])
  }
  const senders = await engineer.get('/api/quarantine/senders')
  expect(JSON.stringify(senders)).toContain('0xa4c13899607febd1')
})

test('[I3] more than 8 MiB is too large, just under is read, and neither is kept in memory', async () => {
  const filler = (bytes: number) => JSON.stringify(motion(sensors[4]!, true, { data: { occupied: true, filler: 'x'.repeat(bytes) } }))
  expect(await events(filler(8 * MB))).toMatchObject({ status: 413, body: { detail: expect.stringContaining('bytes') } })
  expect((await events(filler(7 * MB))).body).toMatchObject({ quarantined: 1 })
  await othersAreServed()
})

test('[S1] without the key nothing is taken, over HTTP or WebSocket', async () => {
  expect((await events(JSON.stringify(sound()), undefined, 'wrong')).status).toBe(401)
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/feeds/ws`, { headers: { authorization: 'Bearer wrong' } })
  const [, response] = await once(
    socket.on('error', () => {}),
    'unexpected-response',
  )
  expect(response.statusCode).toBe(401)
})

test('[I3] ten thousand events in one batch are taken, and the one that is wrong alone is set aside', async () => {
  const many = Array.from({ length: 10_000 }, (_, n) => (n === 5_000 ? { nonsense: true } : motion(sensors[n % sensors.length]!)))
  expect((await post(server.url, server.feedKey, many)).body).toEqual({ accepted: 9_999, duplicates: 0, quarantined: 1 })
  await othersAreServed()
})

test('[I2] one press that a device repeats ten thousand times is stored once and alerts once', async () => {
  const press = help(buttons[0]!, { id: 'the-same-press' })
  const socket = await openFeed()
  const sums = { accepted: 0, duplicates: 0 }
  const all = new Promise<void>((done) => {
    let answers = 0
    socket.on('message', (raw) => {
      const answer = JSON.parse(String(raw))
      sums.accepted += answer.accepted
      sums.duplicates += answer.duplicates
      if (++answers === 10_000) done()
    })
  })
  for (let i = 0; i < 10_000; i++) socket.send(JSON.stringify(press))
  await all
  socket.close()
  expect(sums).toEqual({ accepted: 1, duplicates: 9_999 })
  expect(await engineer.all(`/api/signals?deviceId=${buttons[0]}`)).toHaveLength(1)
  expect(await engineer.all<Alert>(`/api/alerts?deviceId=${buttons[0]}`)).toMatchObject([{ count: 1 }])
})

test('[A4] a thousand different presses of one button are one alert whose count goes up', async () => {
  await post(
    server.url,
    server.feedKey,
    Array.from({ length: 1_000 }, () => help(buttons[1]!)),
  )
  expect(await engineer.all<Alert>(`/api/alerts?deviceId=${buttons[1]}`)).toMatchObject([{ count: 1_000 }])
  expect(
    await engineer.all(`/api/incidents?placeId=${(await engineer.all<Alert>(`/api/alerts?deviceId=${buttons[1]}`))[0]!.placeId}`),
  ).toHaveLength(1)
})

test('[I3] data that nests a hundred thousand deep, odd names and odd numbers end nothing', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const text = (data: string) =>
    `{"specversion":"1.0","id":"${randomBytes(6).toString('hex')}","source":"/feeds/bench","subject":"${sensors[5]}","type":"linwang.motion","data":${data}}`
  for (const data of [deep, '{"occupied":true,"__proto__":{"x":1}}', '{"occupied":1e999}', '{"occupied":true,"a":"\\ud800"}', '"\\u0000"'])
    expect((await events(text(data))).status, data.slice(0, 40)).toBe(202)
  const odd = ['\u0000', '\ud800', '💥'.repeat(100), "'; DROP TABLE signals; --", '../../etc/passwd', '__proto__', 'constructor']
  for (const name of odd) {
    expect((await post(server.url, server.feedKey, motion(sensors[5]!, true, { id: name }))).body, name).toMatchObject({ accepted: 1 })
    expect((await post(server.url, server.feedKey, motion(sensors[5]!, true, { id: name }))).body, name).toMatchObject({ duplicates: 1 })
    expect((await post(server.url, server.feedKey, motion(name))).body, name).toMatchObject({ quarantined: 1 })
    expect((await post(server.url, server.feedKey, motion(sensors[5]!, true, { source: `/feeds/${name}` }))).status, name).toBe(202)
  }
  await engineer.all('/api/signals')
  await engineer.all('/api/quarantine')
  await othersAreServed()
})

async function openFeed(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/feeds/ws`, { headers: { authorization: `Bearer ${server.feedKey}` } })
  await once(socket, 'open')
  return socket
}
async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

test('[I3] binary garbage on every port harms nobody', async () => {
  const random = seededRandom(1)
  const garbage = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => random.int(0, 255)))
  for (const port of [server.port, server.mqttPort]) {
    for (let n = 0; n < 20; n++) {
      const socket = await openSocket(port)
      socket.write(garbage(random.int(1, 3_000)))
      if (random.chance(0.5)) socket.end()
      else setTimeout(() => socket.destroy(), 50)
    }
  }
  const upgrade = await openSocket(server.port)
  upgrade.write(
    `GET /feeds/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nAuthorization: Bearer ${server.feedKey}\r\n\r\n`,
  )
  await once(upgrade, 'data')
  upgrade.write(garbage(2_000))
  const live = await openSocket(server.port)
  live.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await once(live, 'data')
  live.write(garbage(2_000))
  const socket = await openFeed()
  socket.send(garbage(1_000))
  const [answer] = await once(socket, 'message')
  expect(JSON.parse(String(answer))).toMatchObject({ problem: { status: 400 } })
  socket.close()
  const mqtt = await openMqtt(server.mqttPort)
  for (const topic of [
    'linwang/trial/events',
    `zigbee2mqtt/${buttons[2]}`,
    'zigbee2mqtt/x/availability',
    'frigate/events',
    'frigate/stats',
    'frigate/cam-001/status/detect',
    'other',
  ])
    await mqtt.publishAsync(topic, garbage(500), { qos: 1 })
  await mqtt.endAsync()
  await othersAreServed()
})

test('[I5] a WebSocket that sends and never reads is held back: memory is bounded and the others are served', async () => {
  const before = residentMb()
  const deaf = await openFeed()
  deaf.pause()
  const batch = JSON.stringify(Array.from({ length: 100 }, () => ({ nonsense: 'x'.repeat(50) })))
  let closed = false
  deaf.on('close', () => (closed = true))
  const end = performance.now() + 2_500
  while (performance.now() < end && !closed) {
    if (deaf.bufferedAmount < 8 * MB) for (let i = 0; i < 50; i++) deaf.send(batch)
    await new Promise((wake) => setTimeout(wake, 5))
  }
  await othersAreServed()
  expect(residentMb() - before, 'MB that the server grew').toBeLessThan(150)
  deaf.terminate()
})

test('[I3] after all of it the server lives, says so, and has complained of nothing but the input', async () => {
  const health = await fetch(`${server.url}/healthz`)
  expect(health.status).toBe(200)
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  expect(server.output()).not.toMatch(/unhandled|TypeError|RangeError|SqliteError/i)
  await eventually(() => residentMb() < 500, 5_000)
  expect(await server.stop()).toBe(0)
})
