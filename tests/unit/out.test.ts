import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { isAllowedPush } from '../../server/out/allowed-host.ts'
import { GIVE_UP_AFTER, LONGEST_RETRY, retryAfter, retryIn } from '../../server/out/backoff.ts'
import { readCityAnswer } from '../../server/out/city-answer.ts'
import { cutBytes } from '../../server/out/formats/format.ts'
import { FORMATS } from '../../server/out/formats/index.ts'
import { createLane } from '../../server/out/lane.ts'
import { outcomeOf } from '../../server/out/outcome.ts'
import { LONGEST_REPLY, post } from '../../server/out/post.ts'
import { dingtalkSign, feishuSign, standardSignature, verifyStandard } from '../../server/out/signing.ts'
import { wordsOf } from '../../server/out/words.ts'
import type { StoredMessage } from '../../server/store/outbox.ts'
import type { EndpointFormat } from '../../shared/message.ts'
import { seededRandom } from '../../shared/random.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const world = testWorld({
  residents: [
    {
      id: 'r1',
      placeId: 'caihong-b01-u1-101',
      name: '欧阳小试',
      sex: 'f',
      birthDate: '1940-01-01',
      relation: 'head',
      categories: ['living-alone'],
    },
  ],
})
const message = (more: Partial<StoredMessage> = {}): StoredMessage => ({
  ...{ id: 'msg-abc-7', n: 7, channel: 'webhook', recipient: 'hook', lane: 'endpoint:hook', target: null, afterChannels: [] },
  ...{ kind: 'incident.opened', priority: 1, status: 'actual', incidentId: 'incident-3', orderId: null, placeId: 'caihong-b01-u1-101' },
  params: { kind: 'help', state: 'open', version: 1 },
  ...{ createdAt: MONDAY_TEN, notBefore: null, state: 'sending', attempts: 1, nextAt: null, firstAt: null, sentAt: null, readAt: null },
  ...{ lastError: null, reason: null },
  ...more,
})

describe('signatures', () => {
  const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const vector = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }
  const body = Buffer.from('{"test": 2432232314}')

  test('Standard Webhooks: the vector of the reference libraries', () => {
    expect(standardSignature(SECRET, vector.id, 1_614_265_330, body)).toBe(vector.signature)
  })

  test.each([
    ['now', vector, 1_614_265_330, true],
    ['with an older secret’s signature before it', { ...vector, signature: `v1,AAAA ${vector.signature}` }, 1_614_265_330, true],
    ['five minutes later', vector, 1_614_265_630, true],
    ['a replay of an hour ago', vector, 1_614_268_930, false],
    ['from the future', vector, 1_614_261_000, false],
    ['for another id', { ...vector, id: 'msg_other' }, 1_614_265_330, false],
    ['without a time', { ...vector, timestamp: 'undefined' }, 1_614_265_330, false],
    ['without a signature', { ...vector, signature: '' }, 1_614_265_330, false],
  ])('a signature %s', (_name, given, seconds, good) => {
    expect(verifyStandard(SECRET, given, body, seconds)).toBe(good)
  })
  test('a changed body is refused', () => {
    expect(verifyStandard(SECRET, vector, Buffer.from('{"test": 2432232315}'), 1_614_265_330)).toBe(false)
  })

  // worked out with the Python code of their own documentation
  test('DingTalk signs the time and the secret with the secret', () => {
    expect(dingtalkSign('this is secret', 1_577_262_236_757)).toBe('hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=')
  })
  test('Feishu signs nothing with the time and the secret', () => {
    expect(feishuSign('demo', 1_599_360_473)).toBe('l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=')
  })
})

describe('formats', () => {
  const made = (
    format: EndpointFormat,
    detail: 'flat' | 'building' = 'building',
    secret: string | undefined = 'whsec_c2VjcmV0LXNlY3JldA==',
  ) =>
    FORMATS[format].request(message({ kind: format === 'city' ? 'change.incident' : 'incident.opened' }), {
      ...{ endpoint: { id: 'hook', format, detail }, url: 'https://example.org/send?key=k1', secret, world, now: 1_700_000_000_123 },
    })

  test('企业微信: markdown, the key in the address, no signature', () => {
    const { url, body } = made('wecom')
    expect(url).toBe('https://example.org/send?key=k1')
    expect(JSON.parse(String(body))).toMatchObject({
      msgtype: 'markdown',
      markdown: { content: expect.stringContaining('新事件 一级 求助') },
    })
  })
  test('钉钉: timestamp in ms and sign in the query, beside the token', () => {
    const { searchParams } = new URL(made('dingtalk').url)
    expect(Object.fromEntries(searchParams)).toEqual({
      ...{ key: 'k1', timestamp: '1700000000123', sign: dingtalkSign('whsec_c2VjcmV0LXNlY3JldA==', 1_700_000_000_123) },
    })
  })
  test('飞书: timestamp in s and sign in the body; without a secret neither', () => {
    const secret = 'whsec_c2VjcmV0LXNlY3JldA=='
    expect(JSON.parse(String(made('feishu').body))).toMatchObject({
      timestamp: '1700000000',
      sign: feishuSign(secret, 1_700_000_000),
      msg_type: 'post',
    })
    const target = {
      endpoint: { id: 'f', format: 'feishu', detail: 'flat' } as const,
      url: 'https://example.org/',
      secret: undefined,
      world,
      now: 0,
    }
    expect(JSON.parse(String(FORMATS.feishu.request(message(), target).body))).not.toHaveProperty('sign')
  })
  test('the city gets a CloudEvent with the id of the row, a sequence and the version', () => {
    const { headers, body } = made('city', 'flat')
    expect(headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': 'msg-abc-7',
      'idempotency-key': 'msg-abc-7',
    })
    expect(headers['webhook-signature']).toBe(standardSignature('whsec_c2VjcmV0LXNlY3JldA==', 'msg-abc-7', 1_700_000_000, String(body)))
    expect(JSON.parse(String(body))).toMatchObject({
      ...{ specversion: '1.0', id: 'msg-abc-7', type: 'linwang.incident.changed', subject: 'incident-3', sequence: '000000000007' },
      data: { id: 'incident-3', state: 'open', version: 1, placeId: 'caihong-b01-u1-101' },
    })
  })
  test.each(['wecom', 'dingtalk', 'feishu'] as const)('[P5] %s says the building and not the flat', (format) => {
    const { body } = made(format)
    expect(String(body)).toContain('1栋')
    expect(String(body)).not.toMatch(/101|欧/)
  })
  test.each(Object.keys(FORMATS) as EndpointFormat[])('[P5] no resident is named by %s', (format) => {
    expect(String(made(format, 'flat').body)).not.toContain('欧')
  })
  test('[X1] an exercise says so in its first word', () => {
    expect(wordsOf(message({ status: 'exercise' }), world, { detail: 'flat', staffNames: true }).title).toMatch(/^【演练】/)
  })
  test('long Chinese text is cut between letters, within the limit in bytes', () => {
    const cut = cutBytes('漏水'.repeat(3000), 4096)
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(4096)
    expect(cut).toMatch(/^[漏水]+…$/)
  })
  test.each([
    ['wecom', '{"errcode":0,"errmsg":"ok"}', { outcome: 'sent' }],
    ['wecom', '{"errcode":45009,"errmsg":"api freq out of limit"}', { outcome: 'retry', wait: 60_000, reason: 'throttled' }],
    ['wecom', '{"errcode":93000,"errmsg":"invalid webhook url"}', { outcome: 'retry', error: 'errcode 93000 invalid webhook url' }],
    ['dingtalk', '{"errcode":310000,"errmsg":"sign not match"}', { outcome: 'retry' }],
    ['feishu', '{"code":0,"msg":"success"}', { outcome: 'sent' }],
    ['feishu', '{"code":19021,"msg":"sign match fail"}', { outcome: 'retry', error: 'code 19021 sign match fail' }],
    ['feishu', '<html>', { outcome: 'retry', error: 'code missing' }],
  ] as const)('%s that answers 200 with %s', (format, body, outcome) => {
    expect(FORMATS[format].judge!(body)).toMatchObject(outcome)
  })
})

describe('when it is tried again', () => {
  const reply = (status: number, headers = {}) => outcomeOf({ status, headers, body: '' }, 0)
  test.each([
    [200, 'sent'],
    [204, 'sent'],
    [302, 'retry'],
    [400, 'failed'],
    [401, 'retry'],
    [404, 'retry'],
    [410, 'failed'],
    [422, 'failed'],
    [429, 'retry'],
    [500, 'retry'],
  ])('%i is %s', (status, outcome) => {
    expect(reply(status).outcome).toBe(outcome)
  })
  test('Retry-After is kept to, in seconds or as a date, and for an hour at most', () => {
    expect(reply(503, { 'retry-after': '7' })).toMatchObject({ wait: 7_000 })
    expect(retryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 20_000)).toBe(40_000)
    expect(retryAfter('999999', 0)).toBe(3_600_000)
    expect(retryAfter('soon', 0)).toBeUndefined()
  })
  test('waits double up to half an hour, half of each left to chance, and a day holds enough of them', () => {
    const random = seededRandom(5)
    const waits = Array.from({ length: 60 }, (_, n) => retryIn(n + 1, random.next()))
    for (const [n, wait] of waits.entries()) {
      const whole = Math.min(LONGEST_RETRY, 2_000 * 2 ** n)
      expect(wait >= whole / 2 && wait <= whole).toBe(true)
    }
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(GIVE_UP_AFTER / 2)
  })

  test('a lane that fails five times in a row is probed one at a time, less and less often, and forgiven by one success', () => {
    const lane = createLane(0, 1_000)
    const limits = { concurrency: 4 }
    for (let n = 0; n < 4; n++) {
      lane.began(0)
      lane.failed(0, 1)
    }
    expect(lane.room(limits, 0)).toBe(4)
    const closed: number[] = []
    for (let n = 0, now = 0; n < 12; n++) {
      lane.began(now)
      lane.failed(now, 1)
      closed.push(lane.opensAt(limits, now)! - now)
      expect(lane.room(limits, now)).toBe(0)
      now += closed.at(-1)!
      expect(lane.room(limits, now)).toBe(1)
    }
    expect(closed.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000])
    expect(closed.at(-1)).toBe(300_000)
    lane.began(0)
    lane.worked()
    expect(lane.room(limits, 0)).toBe(4)
  })
  test('twenty a minute are twenty a minute', () => {
    const lane = createLane()
    const limits = { concurrency: 1, perMinute: 20 }
    for (let n = 0; n < 20; n++) {
      expect(lane.room(limits, n)).toBe(1)
      lane.began(n)
      lane.worked()
    }
    expect(lane.room(limits, 30)).toBe(0)
    expect(lane.opensAt(limits, 30)).toBe(60_000)
    expect(lane.room(limits, 60_000)).toBe(1)
  })
})

describe('one POST', () => {
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })
  const listen = async (answer: RequestListener) => {
    server = createServer(answer).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/`, headers: {}, body: 'x' }
  }
  const never = new AbortController().signal

  test('follows no redirect', async () => {
    const asked: string[] = []
    const request = await listen(({ url = '' }, response) => {
      asked.push(url)
      response.writeHead(302, { location: '/inside' }).end()
    })
    expect(outcomeOf(await post(request, never), 0)).toMatchObject({ outcome: 'retry', error: expect.stringContaining('redirects') })
    expect(asked).toEqual(['/'])
  })
  test('is over in time when nobody answers, and when the answer trickles', async () => {
    const request = await listen(() => {})
    await expect(post(request, never, 200)).rejects.toThrow('no answer within 0.2 s')
    const slow = await listen((_request, response) => void setInterval(() => response.write('.'), 50).unref())
    await expect(post(slow, never, 300)).rejects.toThrow()
  })
  test('reads no more than it must', async () => {
    const request = await listen((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(16_384)));
        response.once('drain', more)
      }
      more()
    })
    expect((await post(request, never, 5_000)).body).toHaveLength(LONGEST_REPLY)
  })
  test('a connection that breaks is no answer', async () => {
    const request = await listen(({ socket }) => void socket.resetAndDestroy())
    await expect(post(request, never, 5_000)).rejects.toThrow()
  })
})

test.each([
  ['https://fcm.googleapis.com/x', ['fcm.googleapis.com'], true],
  ['https://web.push.apple.com/x', ['*.push.apple.com'], true],
  ['https://push.apple.com.evil.example/x', ['*.push.apple.com'], false],
  ['https://evilpush.apple.com/x', ['*.push.apple.com'], false],
  ['http://fcm.googleapis.com/x', ['fcm.googleapis.com'], false],
  ['https://user@fcm.googleapis.com/x', ['fcm.googleapis.com'], false],
  ['http://127.0.0.1:9999/x', ['127.0.0.1'], true],
  ['http://127.0.0.1:9999/x', ['127.0.0.1:8888'], false],
  ['https://169.254.169.254/x', [], false],
  ['no address', ['*'], false],
])('Web Push to %s with %j allowed: %s', (endpoint, hosts, allowed) => {
  expect(isAllowedPush(endpoint, hosts)).toBe(allowed)
})

test.each([
  ['{"state":"处理中","version":4,"note":"已派单"}', [{ state: '处理中', version: 4, note: '已派单' }]],
  ['{"states":[{"incidentId":"incident-9","state":"done"},{"state":7}]}', [{ incidentId: 'incident-9', state: 'done' }]],
  ['{"specversion":"1.0","data":{"state":"a\\u0000b\\nc"}}', [{ state: 'a b c' }]],
  ['{"state":"x","incidentId":"../../1","version":1.5}', [{ state: 'x' }]],
  ['{"ok":true}', []],
  ['[1', []],
  ['null', []],
])('the city answers %s', (body, said) => {
  expect(readCityAnswer(body)).toEqual(said)
})
