import { request as httpRequest } from 'node:http'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGates } from '../../server/feeds/gates.ts'
import { createVendorFeeds } from '../../server/feeds/vendor.ts'
import type { Feed } from '../../shared/feed.ts'
import { feedOf, testBook } from '../support/feeds.ts'
import { talk } from '../support/http-feed.ts'
import { KEY, type TestReceiver, testReceiver } from '../support/receiver.ts'

/** The secret of gate-1, with the signs that people like to put into a password. */
const SECRET = 's3cret-of-gate-1'
const XML = '<EventNotificationAlert><eventType>VMD</eventType></EventNotificationAlert>'

let engine: TestReceiver
let app: FastifyInstance
let url: string
let port: number
let book: ReturnType<typeof testBook>
let met: string[]
let now: number

const authorizeFeed = (header: string | undefined) => {
  const key = /^Bearer (.*)$/.exec(header ?? '')?.[1]
  return key === KEY ? {} : key === SECRET ? { feed: 'gate-1' } : key === 'other' ? { feed: 'gate-2' } : undefined
}

async function start(demo = false) {
  const gates = createGates({ book, now: () => now, hold: 5 })
  const meet = async (kind: string, id: string) => {
    met.push(`${kind}/${id}`)
    book.put(feedOf(id, { kind: kind as Feed['kind'] }))
  }
  app = Fastify({ forceCloseConnections: true })
  await app.register(createVendorFeeds({ engine, authorizeFeed, book, gates, ...(demo && { meet }) }))
  url = await app.listen({ port: 0, host: '127.0.0.1' })
  port = Number(new URL(url).port)
}
beforeEach(async () => {
  now = 0
  met = []
  engine = testReceiver()
  book = testBook(feedOf('gate-1'), feedOf('gate-2'), feedOf('nb', { kind: 'ctwing' }))
  await start()
})
afterEach(async () => {
  engine.release()
  await app.close()
  engine.close()
})

interface Sent {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}
async function send(path: string, { method = 'POST', headers = {}, body = XML }: Sent = {}) {
  const answer = await fetch(url + path, { method, headers, ...(method !== 'GET' && { body: body as BodyInit }) })
  const text = await answer.text()
  const json = answer.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Record<string, unknown>) : undefined
  return { status: answer.status, headers: answer.headers, text, json }
}
const bearer = (key = KEY) => ({ authorization: `Bearer ${key}` })
const basic = (password: string, user = 'admin') => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})
const bodies = () => engine.arrivals.map(({ bytes }) => Buffer.from(bytes).toString())

describe('[I2] who may speak, by whatever way the firmware has', () => {
  test.each([
    ['the general key', '/feeds/hikvision/gate-1', bearer(), 202],
    ['the feed’s own key', '/feeds/hikvision/gate-1', bearer(SECRET), 202],
    ['Basic with the secret as password', '/feeds/hikvision/gate-1', basic(SECRET), 200],
    ['Basic without a user', '/feeds/hikvision/gate-1', basic(SECRET, ''), 200],
    ['?key=', `/feeds/hikvision/gate-1?key=${SECRET}`, {}, 200],
    ['the last part of the path', `/feeds/hikvision/gate-1/${SECRET}`, {}, 200],
    ['the general key in the path', `/feeds/hikvision/gate-1/${KEY}`, {}, 200],
  ])('%s', async (_way, path, headers, status) => {
    const answer = await send(path, { headers: headers as Record<string, string> })
    expect([answer.status, answer.json]).toEqual([status, { accepted: 0, duplicates: 0, quarantined: 1 }])
    expect(engine.arrivals).toMatchObject([{ source: 'hikvision', transport: 'http', feed: 'gate-1', remote: '127.0.0.1' }])
  })

  test.each([
    ['nothing', '/feeds/hikvision/gate-1', {}],
    ['a wrong key', '/feeds/hikvision/gate-1', bearer('wrong')],
    ['a wrong password', '/feeds/hikvision/gate-1', basic('wrong')],
    ['the secret as user name', '/feeds/hikvision/gate-1', basic('', SECRET)],
    ['a wrong end of the path', '/feeds/hikvision/gate-1/wrong', {}],
    ['an empty key', '/feeds/hikvision/gate-1?key=', {}],
  ])('%s is 401, and a device that waits to be asked is asked', async (_what, path, headers) => {
    const answer = await send(path, { headers: headers as Record<string, string> })
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="feeds", Bearer realm="feeds"'])
    expect(engine.arrivals).toEqual([])
  })

  test('the key of another feed is 403 and names it', async () => {
    const answer = await send('/feeds/hikvision/gate-1', { headers: bearer('other') })
    expect([answer.status, answer.json?.detail]).toEqual([403, expect.stringContaining('gate-2')])
  })
})

describe('[I3] where nobody listens', () => {
  test('an unknown kind is 404 with those that there are', async () => {
    for (const kind of ['hikvison', 'constructor', '__proto__']) {
      const { status, json } = await send(`/feeds/${kind}/gate-1`, { headers: bearer() })
      expect([status, json?.kinds]).toEqual([404, expect.arrayContaining(['hikvision', 'ctwing'])])
    }
  })

  test('a feed of another kind is 409 and names both', async () => {
    const { status, json } = await send('/feeds/hikvision/nb', { headers: bearer() })
    expect(status).toBe(409)
    expect(json?.detail).toContain('ctwing')
    expect(json?.detail).toContain('hikvision')
  })

  test('a method that the kind does not know is 405', async () => {
    const { status, headers } = await send('/feeds/hikvision/gate-1', { headers: bearer(), method: 'GET' })
    expect([status, headers.get('allow')]).toEqual([405, expect.stringMatching(/^POST/)])
  })

  test('live: a feed that nobody made is 404 and says how to make it', async () => {
    const { status, json } = await send('/feeds/hikvision/new', { headers: bearer() })
    expect([status, json?.detail]).toEqual([404, expect.stringContaining('POST /api/feeds {"id": "new", "kind": "hikvision"}')])
  })

  test('demo: it comes into being with its first message, and with no other name than an id', async () => {
    await app.close()
    await start(true)
    expect((await send('/feeds/hikvision/new', { headers: bearer() })).status).toBe(202)
    expect((await send('/feeds/hikvision/new', { headers: bearer() })).status).toBe(202)
    expect((await send('/feeds/hikvision/..%2Fnew', { headers: bearer() })).status).toBe(404)
    expect(met).toEqual(['hikvision/new'])
    expect((await send('/feeds/ctwing/new', { headers: bearer() })).status).toBe(409)
  })
})

describe('[I3] bodies as firmware sends them', () => {
  test.each([
    ['XML', 'application/xml; charset="UTF-8"'],
    ['a multipart', 'multipart/form-data; boundary=MIME_boundary'],
    ['a multipart without its boundary', 'multipart/mixed; boundary='],
    ['no media type at all', '???'],
    ['one with a stray sign', 'application/xml;;'],
    ['an empty one', ''],
  ])('%s', async (_what, type) => {
    const { status } = await send('/feeds/hikvision/gate-1', { headers: { ...bearer(), 'content-type': type } })
    expect(status).toBe(202)
    expect(bodies()).toEqual([XML])
    expect(engine.arrivals[0]!.headers?.['content-type'] ?? '').toBe(type)
  })

  test('without Content-Type, byte for byte', async () => {
    const bytes = `POST /feeds/hikvision/gate-1/${SECRET} HTTP/1.1\r\nHost: x\r\nContent-Length: ${XML.length}\r\nConnection: close\r\n\r\n${XML}`
    expect(await talk(port, bytes, 2_000)).toMatch(/^HTTP\/1\.1 200 /)
    expect(bodies()).toEqual([XML])
    expect(engine.arrivals[0]!.headers).toEqual({})
  })

  test('an empty body goes in: what it lacks is for its source to say', async () => {
    expect((await send('/feeds/hikvision/gate-1', { headers: bearer(), body: '' })).status).toBe(202)
    expect(bodies()).toEqual([''])
  })

  test.each([
    ['gzip', 'gzip', gzipSync(XML)],
    ['deflate', 'deflate', deflateSync(XML)],
    ['deflate without its frame', 'deflate', deflateRawSync(XML)],
    ['deflate that is gzip', 'deflate', gzipSync(XML)],
    ['deflate that is plain text', 'deflate', Buffer.from(XML)],
    ['gzip that is plain text', 'gzip', Buffer.from(XML)],
    ['an encoding that nobody knows', 'x-lzh', Buffer.from(XML)],
  ])('packed as %s', async (_what, encoding, body) => {
    expect((await send('/feeds/hikvision/gate-1', { headers: { ...bearer(), 'content-encoding': encoding }, body })).status).toBe(202)
    expect(bodies()).toEqual([XML])
  })

  test('packed text that breaks off goes in as it is', async () => {
    const body = gzipSync(XML.repeat(50)).subarray(0, 40)
    expect((await send('/feeds/hikvision/gate-1', { headers: { ...bearer(), 'content-encoding': 'gzip' }, body })).status).toBe(202)
    expect(engine.arrivals[0]!.bytes.byteLength).toBe(40)
  })

  test('[I5] a small body that unpacks to a flood is 413', async () => {
    const body = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const answer = await send('/feeds/hikvision/gate-1', { headers: { ...bearer(), 'content-encoding': 'gzip' }, body })
    expect([body.byteLength < 70_000, answer.status]).toEqual([true, 413])
    expect(engine.arrivals).toEqual([])
  })
})

describe('what people allow a feed', () => {
  const allowing = (more: Partial<Feed>, kind: Feed['kind'] = 'hikvision') => book.put(feedOf('gate-1', { kind, ...more }))
  const post = (body = XML) => send('/feeds/hikvision/gate-1', { headers: bearer(SECRET), body })

  test('[I2] an address that is not on the list is 403, one of a block is not', async () => {
    allowing({ allow: ['10.0.0.0/8', '192.168.1.7'] })
    expect(await post()).toMatchObject({ status: 403, json: { detail: expect.stringContaining('127.0.0.1') } })
    allowing({ allow: ['10.0.0.0/8', '127.0.0.0/30'] })
    expect((await post()).status).toBe(202)
    allowing({ allow: [] })
    expect((await post()).status).toBe(202)
  })

  test('[I5] more than its rate over ten seconds is 429 with the time to wait; the other feeds do not feel it', async () => {
    allowing({ rate: 2 })
    const answers: number[] = []
    for (let n = 0; n < 22; n++) answers.push((await post()).status)
    expect(answers).toEqual([...Array(20).fill(202), 429, 429])
    const refused = await post()
    expect([refused.headers.get('retry-after'), refused.json?.detail]).toEqual(['1', expect.stringContaining('2 messages a second')])
    expect((await send('/feeds/hikvision/gate-2', { headers: bearer() })).status).toBe(202)
    now += 500
    expect([(await post()).status, (await post()).status]).toEqual([202, 429])
    expect(engine.arrivals).toHaveLength(22)
  })

  test('[I5] what nobody understands is welcome a hundred times a second, then held back; others of the feed are not', async () => {
    const answers: number[] = []
    for (let n = 0; n < 102; n++) answers.push((await post(`<broken ${n}`)).status)
    expect(answers).toEqual([...Array(100).fill(202), 429, 429])
    expect((await post()).json?.detail).toContain('quarantine')
    const gate = createGates({ book, now: () => now }).of('gate-1')
    for (let n = 0; n < 400; n++) gate.judged({ accepted: 0, duplicates: 0, quarantined: 1, ids: [] }, '10.0.0.1')
    expect([gate.wait('10.0.0.1') > 0, gate.wait('10.0.0.2'), gate.wait()]).toEqual([true, 0, 0])
    now += 100
    expect((await post()).status).toBe(202)
  })

  test('[I5] a large message that nobody understands counts by its length', async () => {
    const large = `<broken ${'x'.repeat(200 * 1024)}`
    const answers: number[] = []
    for (let n = 0; n < 5; n++) answers.push((await post(large)).status)
    expect(answers).toEqual([202, 202, 202, 202, 429])
  })

  test('[I5] a large message counts as several', async () => {
    allowing({ rate: 1 })
    expect((await post('x'.repeat(640 * 1024))).status).toBe(202)
    expect((await post()).status).toBe(429)
  })

  test('[I5] a message over its size is 413 before it is read, announced or not', async () => {
    allowing({ maxBytes: 300 })
    expect((await post('x'.repeat(301))).json).toMatchObject({ status: 413, detail: expect.stringContaining('300 bytes') })
    const chunked = await new Promise<number>((done) => {
      const request = httpRequest(`${url}/feeds/hikvision/gate-1`, { method: 'POST', headers: bearer() }, (answer) => {
        answer.resume()
        done(answer.statusCode!)
      })
      request.write('x'.repeat(200))
      request.end('x'.repeat(200))
    })
    expect(chunked).toBe(413)
    expect((await post('x'.repeat(300))).status).toBe(202)
  })

  test('[I1] a paused feed is told to come again: what is not kept is not acknowledged', async () => {
    allowing({ state: 'paused' })
    const answer = await post()
    expect([answer.status, answer.headers.get('retry-after'), answer.json?.title]).toEqual([503, '60', 'Paused'])
    expect(engine.arrivals).toEqual([])
  })

  test('[I1] a platform that takes no refusal is told that all is well, and its message goes in', async () => {
    book.put(feedOf('nb', { kind: 'ctwing', state: 'paused' }))
    const answer = await send(`/feeds/ctwing/nb/${KEY}`, { body: '{}' })
    expect([answer.status, bodies()]).toEqual([200, ['{}']])
  })

  test('[I5] however many come at once, few are on their way to the commit', async () => {
    engine.hold()
    const posted = Array.from({ length: 100 }, (_, n) => post(`${XML}${n}`))
    await new Promise((done) => setTimeout(done, 300))
    expect(engine.arrivals).toHaveLength(32)
    engine.release()
    expect((await Promise.all(posted)).map(({ status }) => status)).toEqual(Array(100).fill(202))
    expect(new Set(bodies()).size).toBe(100)
  })
})

test('[I3] the check of an address is answered at once, without the engine', async () => {
  const answer = await send(`/feeds/ctwing/nb/${KEY}?msg=hello`, { method: 'GET' })
  expect([answer.status, answer.text, engine.arrivals]).toEqual([200, 'hello', []])
  expect((await send('/feeds/ctwing/nb?msg=hello', { method: 'GET' })).status).toBe(401)
})

test('[I5] an overloaded engine is 503 with Retry-After', async () => {
  engine.refuse = 1
  const answer = await send('/feeds/hikvision/gate-1', { headers: bearer() })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
})
