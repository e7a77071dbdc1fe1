import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGates } from '../../server/feeds/gates.ts'
import { patiently } from '../../server/feeds/patience.ts'
import { createVendorFeeds } from '../../server/feeds/vendor.ts'
import type { Feed } from '../../shared/feed.ts'
import { overloaded } from '../../shared/problem.ts'
import { feedOf, testBook } from '../support/feeds.ts'
import { feedDevice, testIntake } from '../support/intake.ts'
import { KEY, type TestReceiver, testReceiver, until } from '../support/receiver.ts'

const SECRET = 's3cret-of-nb'
const IMEI = '860000000000001'
const smoke = (state: number) =>
  JSON.stringify({ messageType: 'dataReport', timestamp: Date.parse('2026-03-02T09:59:58+08:00'), IMEI, payload: { smoke_state: state } })

let engine: TestReceiver
let app: FastifyInstance
let url: string
let book: ReturnType<typeof testBook>

beforeEach(async () => {
  engine = testReceiver(testIntake({ devices: [feedDevice(IMEI, 'smoke', 'nb'), feedDevice('34020000001310000001', 'camera', 'gb')] }))
  const kinds: [string, Feed['kind']][] = [
    ['nb', 'ctwing'],
    ['one', 'onenet'],
    ['gb', 'gb28181'],
  ]
  book = testBook(...kinds.map(([id, kind]) => feedOf(id, { kind })))
  const authorizeFeed = (header: string | undefined) =>
    header === `Bearer ${KEY}` ? {} : header === `Bearer ${SECRET}` ? { feed: 'nb' } : undefined
  app = Fastify()
  await app.register(createVendorFeeds({ engine, authorizeFeed, book, gates: createGates({ book }) }))
  url = await app.listen({ port: 0, host: '127.0.0.1' })
})
afterEach(async () => {
  await app.close()
  engine.close()
})

async function send(path: string, body?: string | Uint8Array, headers: Record<string, string> = {}) {
  const answer = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body !== undefined && { body: body as BodyInit }),
  })
  return { status: answer.status, text: await answer.text() }
}

describe('[I3] CTWing is answered 200, whatever it pushes', () => {
  test.each([
    ['an alarm', smoke(1), { accepted: 1, duplicates: 0, quarantined: 0 }],
    ['a terminal that nobody knows', smoke(1).replace(IMEI, '860000000000009'), { accepted: 0, duplicates: 0, quarantined: 1 }],
    ['what is not understood', '{"messageType":"greeting","IMEI":"1"}', { accepted: 0, duplicates: 0, quarantined: 1 }],
    ['what is no JSON', '{"messageType":', { accepted: 0, duplicates: 0, quarantined: 1 }],
    ['nothing', '', { accepted: 0, duplicates: 0, quarantined: 1 }],
    ['bytes', new Uint8Array([0xff, 0xd8, 0xff, 1, 2]), { accepted: 0, duplicates: 0, quarantined: 1 }],
  ])('%s', async (_what, body, counts) => {
    const answer = await send(`/feeds/ctwing/nb/${SECRET}`, body, { 'content-type': 'application/json' })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, counts])
  })
  test('with a key of ours too, of any media type, and the same again is a duplicate', async () => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'text/plain;charset=UTF-8' }
    expect((await send('/feeds/ctwing/nb', smoke(1), headers)).status).toBe(200)
    expect(await send('/feeds/ctwing/nb', smoke(1), headers)).toMatchObject({
      status: 200,
      text: expect.stringContaining('"duplicates":1'),
    })
  })
  test('its check of the address', async () => {
    expect(await send(`/feeds/ctwing/nb/${SECRET}`)).toEqual({ status: 200, text: 'ok' })
    expect(engine.arrivals).toEqual([])
  })
  test('without a secret it is refused', async () => {
    expect((await send('/feeds/ctwing/nb', smoke(1))).status).toBe(401)
  })
  test('a pause is no refusal: the message waits in quarantine', async () => {
    book.put(feedOf('nb', { kind: 'ctwing', state: 'paused' }))
    expect((await send(`/feeds/ctwing/nb/${SECRET}`, smoke(1))).status).toBe(200)
    expect(engine.arrivals).toHaveLength(1)
  })
})

describe('[I5] an overload', () => {
  test('of a moment is waited out: the platform counts no failure', async () => {
    engine.refuse = 3
    const before = performance.now()
    expect((await send(`/feeds/ctwing/nb/${SECRET}`, smoke(1))).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThan(100)
    expect([engine.arrivals.length, engine.signals.length]).toEqual([4, 1])
  })
  test('that lasts is told in the end: nothing was kept', async () => {
    let tries = 0
    const refused = patiently(100, async () => {
      tries++
      throw overloaded('The queue is full.')
    })
    await expect(refused).rejects.toThrow('The queue is full.')
    expect(tries).toBeGreaterThan(2)
  })
  test('is told at once to whoever can wait himself, and so is anything else', async () => {
    for (const [ms, problem] of [[0, overloaded('full')] as const, [1_000, overloaded('paused', { title: 'Paused' })] as const]) {
      let tries = 0
      await expect(
        patiently(ms, async () => {
          tries++
          throw problem
        }),
      ).rejects.toThrow()
      expect(tries).toBe(1)
    }
  })
})

test('[I1] the 200 leaves after the commit', async () => {
  engine.hold()
  let answered = false
  const sent = send(`/feeds/ctwing/nb/${SECRET}`, smoke(1)).then((answer) => {
    answered = true
    return answer
  })
  await until(() => engine.arrivals.length === 1)
  expect(answered).toBe(false)
  engine.release()
  expect((await sent).status).toBe(200)
})

describe('[I3] OneNET', () => {
  test('takes an address for ours when it answers with msg', async () => {
    const answer = await send(`/feeds/onenet/one/${KEY}?msg=abc%2Bdef&nonce=n&signature=s`)
    expect(answer).toEqual({ status: 200, text: 'abc+def' })
  })
  test('is answered 200', async () => {
    const push = { msg: { type: 2, dev_id: 1, status: 1, at: 1_772_416_700_000 }, msg_signature: 's', nonce: 'n' }
    expect((await send(`/feeds/onenet/one/${KEY}`, JSON.stringify(push))).status).toBe(200)
    expect((await send(`/feeds/onenet/one/${KEY}`, JSON.stringify({ enc_msg: 'AAAA' }))).status).toBe(200)
  })
})

test('[I3] a GB/T 28181 alarm comes as XML of any media type', async () => {
  const alarm =
    '<?xml version="1.0" encoding="GB2312"?><Notify><CmdType>Alarm</CmdType><SN>1</SN><DeviceID>34020000001310000001</DeviceID>' +
    '<AlarmMethod>5</AlarmMethod><AlarmTime>2026-03-02T09:59:00</AlarmTime><Info><AlarmType>6</AlarmType></Info></Notify>'
  const answer = await send(`/feeds/gb28181/gb?key=${KEY}`, alarm, { 'content-type': 'Application/MANSCDP+xml' })
  expect([answer.status, engine.signals]).toMatchObject([200, [{ deviceId: '34020000001310000001', data: { event: 'intrusion' } }]])
})
