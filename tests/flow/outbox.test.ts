import { createECDH, randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { standardSignature } from '../../server/out/signing.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Endpoint, Message, Notice } from '../../shared/message.ts'
import type { Order } from '../../shared/order.ts'
import { help, post } from '../support/events.ts'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, type Session, signIn } from '../support/session.ts'
import { type Sink, startWebhookSink } from '../support/sinks.ts'
import { outboxRun } from '../trials/outbox-run.ts'

let server: RunningServer
let admin: Session
let officer: Session
let platform: Sink
let secret: string
const sinks: Sink[] = []

beforeAll(async () => {
  server = await startServer({ mqttPort: 0, env: { NOTIFY_RETRY_MS: '50' }, patience: 120_000 })
  admin = await signIn(server, 'admin')
  officer = await signIn(server, 'officer')
  platform = await startWebhookSink(() => 'ok', '{"state":"已受理"}')
  const made = await admin.ask<Endpoint & { secret: string }>('POST', '/api/endpoints', { id: 'city', url: platform.url, format: 'city' })
  expect(made.status).toBe(201)
  secret = made.body.secret
}, 150_000)
afterAll(async () => {
  await Promise.all([platform, ...sinks].map((sink) => sink?.close()))
  if (server) await discard(server)
})

let pressed = 0
async function press(status: 'actual' | 'exercise' = 'actual'): Promise<Incident> {
  const buttons = await officer.all<{ id: string; placeId: string }>('/api/devices?kind=help-button')
  const button = buttons[pressed++]!
  await post(server.url, server.feedKey, help(button.id, { source: '/feeds/zigbee2mqtt', status }))
  return eventually(async () => (await officer.all<Incident>('/api/incidents')).find(({ placeId }) => placeId === button.placeId), 20_000)
}
const outbox = (query: string) => admin.all<Message>(`/api/outbox?${query}`)

test('[D1] two receivers that fail half of the time get every message, with one id each, twice only where a failure left it open, across a kill -9; one that never answers delays nobody', async () => {
  const result = await outboxRun({ matters: 6, kills: 1, seed: 20_261_123 })
  expect(result).toMatchObject({
    kills: 1,
    strange: 0,
    faults: [],
    email: { missing: 0, unexplained: 0 },
    webhook: { missing: 0, unexplained: 0 },
  })
  expect(result.email.rows).toBeGreaterThanOrEqual(6)
  expect(result.webhook.rows).toBeGreaterThanOrEqual(12)
  expect(result.email.failed + result.webhook.failed).toBeGreaterThan(5)
  expect(result.beside.hung).toBeGreaterThan(0)
}, 300_000)

test('[D1] the owner of a new order is told on the page, may read it, and it stays read', async () => {
  const incident = await press()
  const order = await officer.get<Order>(`/api/orders/${incident.orders[0]}`)
  const signedIn = await officer.ask<object>('POST', '/api/session', { role: 'field', staffId: order.assignee })
  expect(signedIn.status).toBe(200)
  const rows = await outbox(`recipient=${order.assignee}&incident=${incident.id}&channel=page`)
  expect(rows).toMatchObject([{ kind: 'order.new', state: 'sent', readAt: null, orderId: order.id }])
  expect(JSON.stringify(rows)).not.toMatch(/\p{Script=Han}/u)
  const notices = await officer.get<{ items: Notice[]; unread: number }>('/api/notifications')
  expect(notices.items[0]).toMatchObject({ incidentId: incident.id, title: expect.stringContaining('一级') })
  const { body } = await officer.ask<{ unread: number }>('POST', '/api/notifications/read', { upTo: notices.items[0]!.id })
  expect(body.unread).toBe(0)
})

test('the city hears of every change of one incident in order, answers with its state, and that is a line of the record', async () => {
  const incident = await press()
  const order = await officer.get<Order>(`/api/orders/${incident.orders[0]}`)
  for (const act of ['accept', 'arrive', 'handle']) {
    const { version } = await officer.get<Order>(`/api/orders/${order.id}`)
    expect((await officer.ask('POST', `/api/orders/${order.id}/${act}`, { version })).status).toBe(200)
  }
  const told = () => platform.attempts.map(({ body }) => JSON.parse(body)).filter(({ subject }) => subject === incident.id)
  await eventually(() => told().some(({ type, data }) => type === 'linwang.order.changed' && data.state === 'handled'), 20_000)
  const events = told()
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map(({ sequence }) => sequence).toSorted())
  const states = events.filter(({ type }) => type === 'linwang.order.changed').map(({ data }) => data.state)
  expect(states).toEqual(['dispatched', 'accepted', 'arrived', 'handled'])
  expect(JSON.stringify(events)).not.toContain('residentId')
  const { headers, body, id } = platform.attempts.find(({ body: text }) => text.includes(`"${incident.id}"`))!
  expect(headers!['webhook-signature']).toBe(standardSignature(secret, id, Number(headers!['webhook-timestamp']), body))
  const after = await officer.get<Incident>(`/api/incidents/${incident.id}`)
  expect(after.timeline.filter(({ by }) => by === 'city:city')).toMatchObject([{ what: 'city.state', to: '已受理' }])
})

test('the city says a state of its own: signed it is noted once, a contradiction is shown, unsigned it is refused', async () => {
  const incident = await press()
  // its answers to what we told it are lines too
  await eventually(async () => (await outbox(`incident=${incident.id}&recipient=city&state=waiting,sending`)).length === 0, 20_000)
  const say = async (said: object, key = secret, hookId = `hook-${Math.random()}`) => {
    const text = JSON.stringify(said)
    const seconds = Math.floor(Date.now() / 1000)
    const signature = standardSignature(key, hookId, seconds, text)
    const headers = {
      'content-type': 'application/json',
      'webhook-id': hookId,
      'webhook-timestamp': `${seconds}`,
      'webhook-signature': signature,
    }
    const response = await fetch(`${server.url}/api/endpoints/city/states`, { method: 'POST', headers, body: text })
    return { status: response.status, body: (await response.json()) as { items: { conflict: boolean; noted: boolean }[] } }
  }
  const closed = { incidentId: incident.id, state: '已结案', version: incident.version }
  expect(await say(closed)).toMatchObject({ status: 202, body: { items: [{ conflict: true, noted: true }] } })
  expect(await say(closed)).toMatchObject({ status: 202, body: { items: [{ noted: false }] } })
  expect((await say(closed, 'whsec_b3RoZXItc2VjcmV0LW90aGVy')).status).toBe(401)
  expect((await say({ state: 'x' })).status).toBe(400)
  expect((await say({ ...closed, incidentId: 'incident-999999' })).status).toBe(404)
  const after = await officer.get<Incident>(`/api/incidents/${incident.id}`)
  expect(after.timeline.filter(({ what }) => what === 'city.conflict')).toHaveLength(1)
  expect(after.state).not.toBe('closed')
})

test('[X1] an exercise pages nobody, and reaches the endpoint for drills alone', async () => {
  const drills = await startWebhookSink(() => 'ok')
  sinks.push(drills)
  await admin.ask('POST', '/api/endpoints', { id: 'drills', url: drills.url, format: 'json', drills: true })
  const incident = await press('exercise')
  expect(incident.status).toBe('exercise')
  await eventually(() => drills.attempts.length > 0, 20_000)
  const rows = await outbox(`incident=${incident.id}`)
  expect(rows.map(({ recipient }) => recipient).filter((id) => id !== 'drills')).toEqual([])
})

test('Web Push is off until a host is allowed; then the browser reads it with its own key, and a subscription that is gone is forgotten', async () => {
  const ece = createRequire(import.meta.url)('http_ece') as { decrypt(body: Buffer, params: object): Buffer }
  const browser = createECDH('prime256v1')
  browser.generateKeys()
  const authSecret = randomBytes(16)
  const bodies: Buffer[] = []
  let status = 201
  const { createServer } = await import('node:http')
  const service = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks))
      response.writeHead(status).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((ready) => service.once('listening', ready))
  const endpoint = `http://127.0.0.1:${(service.address() as { port: number }).port}/push/1`
  const keys = { p256dh: browser.getPublicKey('base64url'), auth: authSecret.toString('base64url') }
  expect((await admin.ask('POST', '/api/notifications/subscriptions', { endpoint, keys })).status).toBe(422)
  await admin.ask('PUT', '/api/notify/push', { hosts: ['127.0.0.1'], contact: 'mailto:admin@example.org' })
  expect((await admin.ask('POST', '/api/notifications/subscriptions', { endpoint, keys })).status).toBe(201)
  await admin.ask('POST', '/api/notifications/test', {})
  await eventually(() => bodies.length > 0, 20_000)
  const plain = ece.decrypt(bodies[0]!, { version: 'aes128gcm', privateKey: browser, authSecret })
  expect(JSON.parse(plain.toString())).toMatchObject({ kind: 'test', title: '测试消息', id: expect.stringMatching(/^msg-/) })
  status = 410
  await admin.ask('POST', '/api/notifications/test', {})
  await eventually(async () => (await admin.get<{ items: object[] }>('/api/notifications/subscriptions')).items.length === 0, 20_000)
  service.closeAllConnections()
  service.close()
})

test('[S2] no secret and no key of an address leaves the server; another host takes its own secret', async () => {
  const url = 'https://qyapi.example.org/send?key=very-secret-key'
  await admin.ask('POST', '/api/endpoints', { id: 'chat', url, format: 'wecom', secret: 'another-secret' })
  const { body } = await admin.ask<Endpoint>('GET', '/api/endpoints/chat')
  expect(body).toMatchObject({ origin: 'https://qyapi.example.org', hasSecret: true, detail: 'building' })
  expect(JSON.stringify(body)).not.toMatch(/very-secret|another-secret/)
  const moved = await admin.ask('PATCH', '/api/endpoints/chat', { version: body.version, url: 'https://evil.example.org/' })
  expect(moved).toMatchObject({ status: 422, body: { errors: [{ field: 'secret' }] } })
  const audit = await admin.all<{ act: string; subject: string }>('/api/audit?act=endpoint.create')
  expect(audit.map(({ subject }) => subject)).toContain('chat')
  expect(JSON.stringify(audit)).not.toMatch(/very-secret|another-secret/)
  for (const bad of ['ftp://example.org/', 'file:///etc/passwd', 'https://a:b@example.org/', 'nothing'])
    expect((await admin.ask('POST', '/api/endpoints', { id: 'bad', url: bad, format: 'json' })).status).toBe(400)
  expect((await officer.ask('GET', '/api/endpoints')).status).toBe(403)
})
