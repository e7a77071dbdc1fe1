import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { discard, type RunningServer, startServer } from '../support/server.ts'
import { eventually, openMqtt, type Session, signIn } from '../support/session.ts'

let server: RunningServer
let engineer: Session
const PASSWORD = 'pw-of-the-recorder-on-the-roof'
const AES_KEY = '00112233445566778899AABBCCDDEEFF'

beforeAll(async () => {
  server = await startServer({ env: { LOG_LEVEL: 'info' } })
  engineer = await signIn(server, 'engineer')
})
afterAll(() => discard(server))

interface FeedAnswer {
  id: string
  kind: string
  state: string
  version: number
  key: string
  path?: string
  current?: FeedAnswer
  errors?: { field: string; fix: string }[]
  detail?: string
  [name: string]: unknown
}
const make = (body: object, headers = {}) => engineer.ask<FeedAnswer>('POST', '/api/feeds', body, headers)
const feed = (id: string) => engineer.get<FeedAnswer>(`/api/feeds/${id}`)
const act = (id: string, what: string, body: object) => engineer.ask<FeedAnswer>('POST', `/api/feeds/${id}/${what}`, body)
const made = async (body: object) => {
  const answer = await make(body)
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body
}
const post = (path: string, key: string, body: string | object, type = 'application/json') =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const event = (source: string, id: string, subject = 'gate-b01-u1') => ({
  ...{ specversion: '1.0', id, source: `/feeds/${source}`, subject },
  ...{ type: 'linwang.passage', time: new Date().toISOString(), data: { direction: 'in', granted: true } },
})
interface Held {
  id: string
  reason: string
  feed: string
}
const held = async (id: string) => (await engineer.get<{ items: Held[] }>(`/api/quarantine?feed=${id}`)).items

describe('a feed is a record', () => {
  test('[I2] made with a key that is shown once, it is listed with the address to post to', async () => {
    const made = await make({ id: 'gate-east', kind: 'hikvision', name: '东门', zone: 480, allow: ['127.0.0.1'] })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ id: 'gate-east', kind: 'hikvision', name: '东门', state: 'active', version: 1 })
    expect(made.body.key).toMatch(/^[\w-]{43}$/)
    const shown = await feed('gate-east')
    expect(shown).toMatchObject({
      ...{ name: '东门', zone: 480, allow: ['127.0.0.1'], version: 1 },
      state: 'never',
      path: '/feeds/hikvision/gate-east',
    })
    expect(JSON.stringify(shown)).not.toContain(made.body.key)
    expect((await post('/feeds/hikvision/gate-east', made.body.key, '<x/>')).status).toBe(202)
  })

  test('[D2] the same request again makes one feed and tells the same key', async () => {
    const key = { 'idempotency-key': 'once' }
    const [first, again] = [await make({ id: 'twice', kind: 'json' }, key), await make({ id: 'twice', kind: 'json' }, key)]
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body])
    expect(await make({ id: 'twice', kind: 'json' })).toMatchObject({
      status: 409,
      body: { current: { id: 'twice' }, errors: [{ field: 'id' }] },
    })
  })

  test.each([
    ['an unknown kind', { kind: 'hikvison' }, 'kind'],
    ['a bad id', { id: 'no spaces' }, 'id'],
    ['a bad block', { allow: ['10.0.0.0/8', '10.0.0.0/40'] }, 'allow.1'],
    ['a name for an address', { allow: ['gate.local'] }, 'allow.0'],
    ['a rate of nothing', { rate: 0 }, 'rate'],
    ['a setting that is none', { ratePerSecond: 3 }, 'ratePerSecond'],
    ['a connection where the device calls us', { connection: { url: 'http://10.0.0.5' } }, 'connection'],
    ['no connection where we call', { kind: 'hikvision-alertstream' }, 'connection'],
    ['a bad address', { kind: 'dahua-attach', connection: { url: 'http://' } }, 'connection.url'],
    ['a password in the address', { kind: 'dahua-attach', connection: { url: 'http://a:b@10.0.0.5' } }, 'connection.url'],
    ['accounts of no panel', { accounts: [{ account: '1234' }] }, 'accounts'],
    ['the same account twice', { kind: 'sia-dc09', accounts: [{ account: '12' }, { account: '12' }] }, 'accounts.1.account'],
    ['a map where none is read', { map: { type: 'linwang.help' } }, 'map'],
  ])('[§5] %s names the field and the fix', async (_what, more, field) => {
    const { status, body } = await make({ id: 'wrong', kind: 'hikvision', ...more })
    expect([status, body.errors?.map((error) => error.field)], JSON.stringify(body)).toEqual([400, expect.arrayContaining([field])])
    expect(body.errors?.every(({ fix }) => fix.length > 3)).toBe(true)
  })

  test('[D2] changes carry the version that was seen; a later one is a conflict with the feed as it is', async () => {
    await made({ id: 'changing', kind: 'onenet', rate: 5 })
    const change = (body: object) => engineer.ask<FeedAnswer>('PATCH', '/api/feeds/changing', body)
    expect((await change({ version: 1, name: '水表', rate: null })).body).toMatchObject({ version: 2, name: '水表' })
    expect(await change({ version: 1, name: 'late' })).toMatchObject({ status: 409, body: { current: { version: 2, name: '水表' } } })
    expect(await feed('changing')).not.toHaveProperty('rate')
    expect((await engineer.ask('PATCH', '/api/feeds/nowhere', { version: 1 })).status).toBe(404)
  })

  test('[I2] a feed of the register that nobody changed yet can be changed', async () => {
    const { version } = await feed('meters')
    expect((await engineer.ask<FeedAnswer>('PATCH', '/api/feeds/meters', { version, silentAfter: 600 })).body).toMatchObject({
      silentAfter: 600,
      kind: 'cloudevents',
    })
    for (const [id, kind] of Object.entries({ frigate: 'frigate', zigbee2mqtt: 'zigbee2mqtt', speakers: 'cloudevents' }))
      expect(await feed(id)).toMatchObject({ kind })
  })

  test('[I2] it goes when no device hangs on it, and its key with it', async () => {
    const { key } = await made({ id: 'passing', kind: 'json' })
    const drop = (id: string, version: number) => engineer.ask<FeedAnswer>('DELETE', `/api/feeds/${id}?version=${version}`)
    expect((await drop('passing', 7)).status).toBe(409)
    expect((await drop('passing', 1)).status).toBe(204)
    expect((await engineer.ask('GET', '/api/feeds/passing')).status).toBe(404)
    expect((await post('/feeds/json/passing', key, '{}')).status).toBe(401)
    const { version } = await feed('gates')
    expect(await drop('gates', version)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('devices hang on') } })
  })

  test('[S3] an officer sees how it is heard, not where it stands; a resident nothing', async () => {
    const officer = await signIn(server, 'officer')
    const seen = await officer.get<FeedAnswer>('/api/feeds/gate-east')
    expect(seen).toMatchObject({ id: 'gate-east', kind: 'hikvision' })
    expect(seen).not.toHaveProperty('allow')
    expect((await officer.ask('POST', '/api/feeds', { id: 'mine', kind: 'json' })).status).toBe(403)
    const resident = await signIn(server, 'resident')
    expect((await resident.ask('GET', '/api/feeds')).status).toBe(403)
  })

  test('[§5] the kinds say which way they are spoken', async () => {
    const { items } = await engineer.get<{ items: { kind: string; direction: string; path?: string }[] }>('/api/feeds/kinds')
    expect(items).toEqual(
      expect.arrayContaining([
        { kind: 'cloudevents', direction: 'in', path: '/feeds/events' },
        { kind: 'hikvision', direction: 'in', path: '/feeds/hikvision/{feed}' },
        { kind: 'hikvision-alertstream', direction: 'out' },
        { kind: 'frigate', direction: 'mqtt', port: server.mqttPort },
        { kind: 'sia-dc09', direction: 'port', port: 0 },
      ]),
    )
  })
})

describe('secrets', () => {
  test('[S1] after a rotation the old key works until its grace ends, and both post as this feed alone', async () => {
    const { key: old } = await made({ id: 'turning', kind: 'hikvision' })
    const rotated = await act('turning', 'rotate', { version: 1, graceHours: 1 })
    expect(rotated).toMatchObject({ status: 200, body: { version: 2, key: expect.stringMatching(/^[\w-]{43}$/) } })
    const status = async (key: string) => (await post('/feeds/hikvision/turning', key, '<x/>')).status
    expect([await status(old), await status(rotated.body.key)]).toEqual([202, 202])
    const at_once = await act('turning', 'rotate', { version: 2, graceHours: 0 })
    expect([await status(old), await status(rotated.body.key), await status(at_once.body.key)]).toEqual([401, 401, 202])
    expect((await post('/feeds/hikvision/gate-east', at_once.body.key, '<x/>')).status).toBe(403)
    const keys = await engineer.get<{ items: { own: boolean; expiresAt: number | null }[] }>('/api/feeds/turning/keys')
    expect(keys.items.filter(({ expiresAt }) => expiresAt === null)).toMatchObject([{ own: true }])
    expect((await act('turning', 'rotate', { version: 1 })).status).toBe(409)
  })

  test('[I2] more keys stand beside it, each dropped by itself', async () => {
    const { body } = await engineer.ask<FeedAnswer>('POST', '/api/feeds/turning/keys')
    expect((await post('/feeds/hikvision/turning', body.key, '<x/>')).status).toBe(202)
    expect((await engineer.ask('DELETE', `/api/feeds/turning/keys/${body.id}`)).status).toBe(204)
    expect((await post('/feeds/hikvision/turning', body.key, '<x/>')).status).toBe(401)
  })

  test('[S2] passwords and panel keys are sealed: in no answer, no file, no log, no audit', async () => {
    const body = {
      id: 'roof',
      kind: 'hikvision-alertstream',
      connection: { url: 'http://127.0.0.1:9', username: 'admin' },
      password: PASSWORD,
    }
    const roof = await make(body, { 'idempotency-key': 'roof' })
    expect(roof.body).toMatchObject({ connection: { username: 'admin', hasPassword: true } })
    expect(roof.body).not.toHaveProperty('key')
    expect((await make(body, { 'idempotency-key': 'roof' })).status).toBe(201)
    const panels = await made({ id: 'panels', kind: 'sia-dc09', accounts: [{ account: '1234', key: AES_KEY }, { account: '5678' }] })
    expect(panels.accounts).toEqual([
      { account: '1234', hasKey: true },
      { account: '5678', hasKey: false },
    ])
    const moved = { version: 1, connection: { url: 'http://10.9.9.9', username: 'admin' } }
    expect(await engineer.ask('PATCH', '/api/feeds/roof', moved)).toMatchObject({ status: 422, body: { errors: [{ field: 'password' }] } })
    const renamed = await engineer.ask<FeedAnswer>('PATCH', '/api/feeds/roof', { version: 1, name: '屋顶' })
    expect(renamed.body).toMatchObject({ version: 2, connection: { hasPassword: true } })

    const supervisor = await signIn(server, 'supervisor')
    const told = [await feed('roof'), await feed('panels'), await supervisor.get('/api/audit?limit=1000')]
      .map((one) => JSON.stringify(one))
      .join()
    const files = readdirSync(server.dataDir).map((name) => readFileSync(join(server.dataDir, name)).toString('latin1'))
    for (const secret of [PASSWORD, AES_KEY, AES_KEY.toLowerCase(), AES_KEY.slice(4)])
      for (const text of [told, server.output(), ...files]) expect(text.includes(secret), secret).toBe(false)
    expect(told).toContain('feed.create')
  })

  test('[S2] keys in paths, queries and headers stay out of the log', async () => {
    const { key } = await made({ id: 'logged', kind: 'hikvision' })
    await fetch(`${server.url}/feeds/hikvision/logged/${key}`, { method: 'POST', body: '<x/>' })
    await fetch(`${server.url}/feeds/hikvision/logged?key=${key}`, { method: 'POST', body: '<x/>' })
    await fetch(`${server.url}/feeds/hikvision/logged/${key}/more`, { method: 'POST', body: '<x/>' })
    await eventually(() => server.output().includes('/feeds/hikvision/logged'))
    expect(server.output()).not.toContain(key)
  })
})

describe('a paused feed', () => {
  test('[I3] over MQTT what comes is set aside, and can be retried when it goes on', async () => {
    const { version } = await feed('zigbee2mqtt')
    expect((await act('zigbee2mqtt', 'pause', { version })).body).toMatchObject({ state: 'paused', version: version + 1 })
    expect(await feed('zigbee2mqtt')).toMatchObject({ state: 'paused' })
    const client = await openMqtt(server.mqttPort)
    await client.publishAsync('zigbee2mqtt/help-b01-u1-101', '{"action":"emergency"}', { qos: 1 })
    expect(await held('zigbee2mqtt')).toMatchObject([{ reason: 'feed-paused' }])
    await act('zigbee2mqtt', 'resume', { version: version + 1 })
    const [{ id }] = (await held('zigbee2mqtt')) as [Held]
    expect((await engineer.ask<{ accepted: number }>('POST', `/api/quarantine/${id}/retry`)).body).toMatchObject({ accepted: 1 })
    await client.endAsync()
  })

  test('[I3] a device of it that speaks by the general key is set aside too', async () => {
    const { version } = await feed('gates')
    await act('gates', 'pause', { version })
    const answer = await post('/feeds/events', server.feedKey, event('gates', 'while-paused'), 'application/cloudevents+json')
    expect(await answer.json()).toEqual({ accepted: 0, duplicates: 0, quarantined: 1 })
    await act('gates', 'resume', { version: version + 1 })
    const later = await post('/feeds/events', server.feedKey, event('gates', 'after'), 'application/cloudevents+json')
    expect(await later.json()).toMatchObject({ accepted: 1 })
  })

  test('[I1] over HTTP by its own key it is 503, and accepted after the pause', async () => {
    const { key } = (await engineer.ask<FeedAnswer>('POST', '/api/feeds/gates/keys')).body
    const { version } = await feed('gates')
    await act('gates', 'pause', { version })
    const send = () => post('/feeds/events', key, event('gates', 'held-back'), 'application/cloudevents+json')
    const refused = await send()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60'])
    await act('gates', 'resume', { version: version + 1 })
    expect(await (await send()).json()).toMatchObject({ accepted: 1 })
  })
})

describe('limits of the other doors', () => {
  const limited = async (more: object) => {
    const { version } = await feed('gates')
    const { status, body } = await engineer.ask<FeedAnswer>('PATCH', '/api/feeds/gates', { version, ...more })
    expect(status, JSON.stringify(body)).toBe(200)
  }

  test('[I5] a rate holds an MQTT sender back: nothing is lost and nothing refused', async () => {
    await limited({ rate: 5 })
    const client = await openMqtt(server.mqttPort)
    const began = performance.now()
    const sent = Array.from({ length: 55 }, (_, n) =>
      client.publishAsync('linwang/gates/events', JSON.stringify(event('gates', `mqtt-${n}`)), { qos: 1 }),
    )
    await Promise.all(sent)
    const took = performance.now() - began
    expect(took).toBeGreaterThan(700)
    expect(took).toBeLessThan(6_000)
    await client.endAsync()
    await limited({ rate: null })
  })

  test('[I5] and a WebSocket of its own key; the general key is not held back', async () => {
    const { key } = (await engineer.ask<FeedAnswer>('POST', '/api/feeds/gates/keys')).body
    await limited({ rate: 5 })
    const run = async (as: string, name: string) => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/feeds/ws?key=${as}`)
      await new Promise((open) => socket.once('open', open))
      const began = performance.now()
      let answered = 0
      socket.on('message', () => answered++)
      // what is in one packet with the fiftieth is taken, and paid for by the next
      for (let n = 0; n < 60; n++) socket.send(JSON.stringify(event('gates', `${name}-${n}`)))
      await eventually(() => answered === 60)
      socket.send(JSON.stringify(event('gates', `${name}-last`)))
      await eventually(() => answered === 61)
      socket.close()
      return performance.now() - began
    }
    const [own, general] = [await run(key, 'own'), await run(server.feedKey, 'general')]
    expect(own).toBeGreaterThan(900)
    expect(general).toBeLessThan(own / 2)
    await limited({ rate: null })
  })

  test('[I3] an MQTT message over the size is set aside with its beginning, and acknowledged', async () => {
    await limited({ maxBytes: 300 })
    const client = await openMqtt(server.mqttPort)
    await client.publishAsync('linwang/gates/events', JSON.stringify({ ...event('gates', 'large'), padding: 'x'.repeat(5_000) }), {
      qos: 1,
    })
    expect(await held('gates')).toEqual(expect.arrayContaining([expect.objectContaining({ reason: 'too-large' })]))
    await client.endAsync()
    await limited({ maxBytes: null })
  })

  test('[I2] an address that is not on the list is turned away from WebSocket and MQTT', async () => {
    const { key } = (await engineer.ask<FeedAnswer>('POST', '/api/feeds/gates/keys')).body
    await limited({ allow: ['10.0.0.0/8'] })
    const status = await new Promise((done) => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/feeds/ws?key=${key}`)
      socket.on('error', () => {})
      socket.on('unexpected-response', (_request, answer) => done(answer.statusCode))
    })
    expect(status).toBe(403)
    const client = await openMqtt(server.mqttPort)
    const closed = new Promise((done) => client.once('close', () => done('closed')))
    client.publish('linwang/gates/events', JSON.stringify(event('gates', 'from-outside')), { qos: 1 })
    expect(await closed).toBe('closed')
    await limited({ allow: null })
  })
})

test('[I1] the records are there after kill -9', async () => {
  await made({ id: 'lasting', kind: 'cap', rate: 7, strict: true })
  const before = await feed('lasting')
  await server.kill()
  server = await server.restart()
  engineer = await signIn(server, 'engineer')
  expect(await feed('lasting')).toEqual(before)
})
