import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import mqtt, { type MqttClient } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../shared/access.ts'
import type { Broadcast } from '../../shared/broadcast.ts'
import { cloudEvent, post } from '../support/events.ts'
import { discard, freePort, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'

let server: RunningServer
let speaker: MqttClient
const heard: { topic: string; payload: { id: string; text?: string; repeat?: number; clip?: { url: string } } }[] = []
/** what the speakers answer to being told to play; undefined: nothing */
let answer: ((address: string) => object | undefined) | undefined
const sessions = new Map<Role, Session>()

beforeAll(async () => {
  server = await startServer({ env: { CLOCK: 'manual' } })
  speaker = await mqtt.connectAsync(`mqtt://127.0.0.1:${server.mqttPort}`)
  await speaker.subscribeAsync('linwang/speakers/#', { qos: 1 })
  speaker.on('message', (topic, bytes) => {
    const payload = JSON.parse(bytes.toString())
    if (topic.endsWith('/state')) return
    heard.push({ topic, payload })
    const address = topic.split('/')[2]!
    const said = topic.endsWith('/play') ? answer?.(address) : undefined
    if (said) speaker.publish(`linwang/speakers/${address}/state`, JSON.stringify({ id: payload.id, ...said }), { qos: 1 })
  })
}, 60_000)
afterAll(async () => {
  await speaker.endAsync(true)
  await discard(server)
})

const as = (role: Role) => sessions.get(role) ?? openAs(role)
async function openAs(role: Role) {
  const session = await signIn(server, role)
  sessions.set(role, session)
  return session
}
const call = async <T = Broadcast>(role: Role, method: string, path: string, body?: object) => (await as(role)).ask<T>(method, path, body)
const read = async (id: string) => (await call('officer', 'GET', `/api/broadcasts/${id}`)).body
const draft = async (more: object = {}) =>
  (await call('officer', 'POST', '/api/broadcasts', { text: '请不要在消防通道停车', placeId: 'caihong', repeat: 2, ...more })).body

test('[S2] nothing is heard before it is confirmed; then every speaker says it, and who had it said stands on record', async () => {
  answer = () => ({ state: 'played' })
  const made = await draft()
  expect(made).toMatchObject({ state: 'draft', repeat: 2, seconds: 3 })
  expect(made.speakers).toHaveLength(5)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(heard).toEqual([])
  expect((await call('field', 'POST', `/api/broadcasts/${made.id}/send`, { version: 1 })).status).toBe(403)
  expect((await call('officer', 'POST', `/api/broadcasts/${made.id}/send`, { version: 1 })).body).toMatchObject({ state: 'sent' })
  await eventually(async () => (await read(made.id)).state === 'ended')
  expect(heard.map(({ topic }) => topic).sort()).toEqual([1, 2, 3, 4, 5].map((n) => `linwang/speakers/speaker-${n}/play`))
  expect(heard[0]!.payload).toMatchObject({ text: '请不要在消防通道停车', repeat: 2 })
  expect((await read(made.id)).steps.map(({ act }) => act)).toEqual(['drafted', 'sent', 'ended'])
  const again = await call('officer', 'POST', `/api/broadcasts/${made.id}/send`, { version: 1 })
  expect(again.status).toBe(409)
  const audit = await call<{ items: { act: string; by: string; detail: { text: string } }[] }>(
    'admin',
    'GET',
    `/api/audit?act=broadcast.send`,
  )
  expect(audit.body.items[0]).toMatchObject({ detail: { text: '请不要在消防通道停车' } })
})

test('[D2] stop silences those that speak; one that fails and one that never answers are told apart', async () => {
  answer = (address) =>
    address === 'speaker-1' ? { state: 'failed', error: 'amplifier' } : address === 'speaker-2' ? undefined : { state: 'playing' }
  const { id } = await draft({ text: '请注意' })
  await call('officer', 'POST', `/api/broadcasts/${id}/send`, { version: 1 })
  await eventually(async () => (await read(id)).speakers.filter(({ state }) => state === 'failed').length === 1)
  const before = await read(id)
  heard.length = 0
  const stopped = await call('officer', 'POST', `/api/broadcasts/${id}/stop`, { version: before.version })
  expect(stopped.body.state).toBe('stopped')
  expect(stopped.body.speakers.map(({ state }) => state)).toEqual(['failed', 'stopped', 'stopped', 'stopped', 'stopped'])
  await eventually(async () => heard.filter(({ topic }) => topic.endsWith('/stop')).length === 5)
})

test('[X1] a drill says so in its first word', async () => {
  expect(await draft({ status: 'exercise', text: '请撤离' })).toMatchObject({ text: '演练：请撤离', status: 'exercise' })
})

test('[I3] what cannot be said is refused with its field', async () => {
  for (const [body, field] of [
    [{ placeId: 'caihong' }, 'text'],
    [{ text: '请', speakers: ['cam-001'] }, 'speakers.0'],
    [{ text: '请', placeId: 'nowhere' }, undefined],
    [{ text: '请'.repeat(501), placeId: 'caihong' }, 'text'],
  ] as const) {
    const refused = await call<{ errors?: { field: string }[] }>('officer', 'POST', '/api/broadcasts', body)
    expect(refused.status, JSON.stringify(body)).toBeGreaterThanOrEqual(400)
    if (field) expect(refused.body.errors![0]!.field).toBe(field)
  }
})

test('[D1] fire proposes what an officer has only to confirm, once for the matter, and names no flat', async () => {
  const devices = await call<{ items: { id: string; address: string; feed: string }[] }>(
    'officer',
    'GET',
    '/api/devices?kind=smoke&limit=1',
  )
  const subject = devices.body.items[0]!.id
  const { feed } = devices.body.items[0]!
  const send = async (id: string) => {
    const { now } = (await call<{ now: number }>('officer', 'GET', '/api/clock')).body
    const data = { hazard: 'fire', active: true }
    const said = { id, source: `/feeds/${feed}`, subject, type: 'linwang.hazard', time: new Date(now).toISOString(), data }
    return post(server.url, server.feedKey, cloudEvent(said))
  }
  expect((await send('f1')).status).toBe(202)
  expect((await send('f2')).status).toBe(202)
  const found = (await call<{ items: Broadcast[] }>('officer', 'GET', '/api/broadcasts')).body.items.filter(
    ({ state }) => state === 'proposed',
  )
  expect(found).toHaveLength(1)
  expect(found[0]!.text).toMatch(/栋发生火情/)
  expect(found[0]!.incidentId).toMatch(/^incident-/)
})

test('[I5] a link over HTTP: signed, a recording is fetched with the key of its address, and a speaker that hangs delays no other', async () => {
  const secret = 'a secret of sixteen and more'
  const port = await freePort()
  const calls: { path: string; body: string; signature: string; id: string; timestamp: string }[] = []
  const receiver: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const { 'webhook-signature': signature, 'webhook-id': id, 'webhook-timestamp': timestamp } = request.headers as Record<string, string>
      calls.push({ path: request.url!, body, signature: signature!, id: id!, timestamp: timestamp! })
      if (!request.url!.includes('speaker-3')) response.end('{}')
    })
  }).listen(port, '127.0.0.1')
  try {
    const put = await call('admin', 'PUT', '/api/speakers/link', { link: { kind: 'http', url: `http://127.0.0.1:${port}/horn` }, secret })
    expect(put.status, JSON.stringify(put.body)).toBe(200)
    expect(JSON.stringify((await call('admin', 'GET', '/api/speakers/link')).body)).not.toContain(secret)
    const recorded = await fetch(`${server.url}/api/clips?seconds=2`, {
      method: 'POST',
      headers: { cookie: (await as('officer')).cookie!, 'content-type': 'audio/ogg' },
      body: 'OggS a voice',
    })
    const clip = { status: recorded.status, body: (await recorded.json()) as { hash: string } }
    expect(clip.status).toBe(201)
    const made = await call('officer', 'POST', '/api/broadcasts', { clip: clip.body, placeId: 'caihong' })
    await call('officer', 'POST', `/api/broadcasts/${made.body.id}/send`, { version: 1 })
    await eventually(async () => (await read(made.body.id)).speakers.filter(({ state }) => state === 'playing').length === 4)
    const { body, signature, id, timestamp } = calls[0]!
    expect(signature).toBe(`v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
    const { url } = JSON.parse(body).clip
    expect(await (await fetch(url)).text()).toBe('OggS a voice')
    expect((await fetch(url.replace(/key=.*/, 'key=wrong'))).status).toBe(403)
    await eventually(
      async () => (await read(made.body.id)).speakers.some(({ deviceId, state }) => deviceId === 'speaker-3' && state === 'failed'),
      10_000,
    )
  } finally {
    receiver.closeAllConnections()
    receiver.close()
  }
}, 30_000)
