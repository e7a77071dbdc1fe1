import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readQuarantine } from '../../server/store/quarantine-lists.ts'
import { readSignals } from '../../server/store/signal-lists.ts'
import { binaryHeaders, conformanceEvents, requestsOf, structured } from '../support/conformance.ts'
import { httpFeed, talk } from '../support/http-feed.ts'
import { cloudEvent, NOW } from '../support/intake.ts'
import { KEY } from '../support/receiver.ts'
import { fixture } from '../support/samples.ts'

let feed: Awaited<ReturnType<typeof httpFeed>>
beforeEach(async () => {
  feed = await httpFeed()
})
afterEach(() => feed.close())

const ONE = 'application/cloudevents+json'
const BATCH = 'application/cloudevents-batch+json'
const json = JSON.stringify
const stored = () => readSignals(feed.engine.t.db, { limit: 100 }).items
const held = () => readQuarantine(feed.engine.t.db, { limit: 100 }).items

describe('the conformance set of CloudEvents', () => {
  const good = ['v1.yaml', 'v1_minimum.yaml'].flatMap((file) => conformanceEvents(fixture(`cloudevents/accepted/${file}`)))
  const old = ['v03.yaml', 'v03_minimum.yaml'].flatMap((file) => conformanceEvents(fixture(`cloudevents/rejected/${file}`)))

  test('[I3] the set was read', () => {
    expect([good.length, old.length]).toEqual([8, 7])
    expect(good[0]!.attributes).toMatchObject({ specversion: '1.0', id: '4321-4321-4321', time: '2018-04-05T03:56:24Z' })
  })

  test.each(good)('[I3] version 1.0 is understood structured: $attributes.id', async (event) => {
    const { status, body } = await feed.post(json(structured(event)), `${ONE}; charset=utf-8`)
    expect([status, body]).toEqual([202, { accepted: 0, duplicates: 0, quarantined: 1 }])
    expect(held()[0]).toMatchObject({ eventId: event.attributes.id })
  })

  test.each(good)('[I3] version 1.0 is understood binary: $attributes.id', async (event) => {
    const { contentType, headers } = binaryHeaders(event)
    const { status, body } = await feed.post(event.data, contentType, headers)
    expect([status, body]).toEqual([202, { accepted: 0, duplicates: 0, quarantined: 1 }])
    expect(held()[0]).toMatchObject({ eventId: event.attributes.id, source: 'cloudevents-binary' })
  })

  test('[I3] version 1.0 is understood in a batch', async () => {
    const { status, body } = await feed.post(json(good.map(structured)), BATCH)
    expect([status, body]).toEqual([202, { accepted: 0, duplicates: 0, quarantined: good.length }])
  })

  test.each(old)('[I3] version 0.3 is refused by name of the field, structured and binary: $attributes.id', async (event) => {
    const asOne = await feed.post(json(structured(event)), ONE)
    const { contentType, headers } = binaryHeaders(event)
    const asBinary = await feed.post(event.data, contentType, headers)
    const asBatch = await feed.post(json([structured(event)]), BATCH)
    expect([asOne.status, asBinary.status, asBatch.status]).toEqual([400, 400, 400])
    expect(asOne.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const fix = 'send CloudEvents 1.0: "specversion": "1.0"'
    expect(asOne.body).toMatchObject({ status: 400, errors: [{ field: 'specversion', detail: 'is "0.3"', fix }] })
    expect(asBinary.body).toMatchObject({ errors: [{ field: 'ce-specversion' }] })
    expect(asBatch.body).toMatchObject({ errors: [{ field: '/0/specversion' }] })
    expect(held()).toEqual([])
  })

  test('[I3] the requests of the feature file, byte for byte', async () => {
    const requests = requestsOf(fixture('cloudevents/accepted/http-protocol-binding.feature'))
    expect(requests).toHaveLength(4)
    for (const request of requests) {
      const sent = request
        .replace('/someresource', '/feeds/events')
        .replace('Host: example.com', `Host: example.com\r\nAuthorization: Bearer ${KEY}\r\nConnection: close`)
      const withHost = sent.includes('Host:')
        ? sent
        : sent.replace('\r\n', `\r\nHost: example.com\r\nAuthorization: Bearer ${KEY}\r\nConnection: close\r\n`)
      expect(await talk(feed.port, withHost, 2_000)).toMatch(/^HTTP\/1\.1 202 /)
    }
    expect(held().every(({ eventId }) => eventId === '1234-1234-1234')).toBe(true)
  })
})

describe('the three modes store the same signal', () => {
  const same = { source: '/feeds/gates', id: 'e1', type: 'linwang.passage', subject: 'gate-east', time: new Date(NOW).toISOString() }
  const data = { direction: 'in', granted: true }
  const accepted = { accepted: 1, duplicates: 0, quarantined: 0 }

  test('[I3] structured, batch, bare JSON, and JSON with a charset', async () => {
    for (const [i, [contentType, body]] of (
      [
        [ONE, cloudEvent({ id: '0' })],
        [BATCH, [cloudEvent({ id: '1' })]],
        ['application/json', cloudEvent({ id: '2' })],
        ['APPLICATION/CloudEvents+JSON;charset=UTF-8', cloudEvent({ id: '3' })],
      ] as const
    ).entries()) {
      expect((await feed.post(json(body), contentType)).body).toEqual(accepted)
      expect(stored()[0]).toMatchObject({ ...same, id: String(i), data })
    }
  })

  test('[I3] binary: attributes percent-decoded, data in the body', async () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'e%20%E9%97%A8',
      'ce-source': '/feeds/gates',
      'ce-type': 'linwang.passage',
      'ce-subject': 'gate-east',
      'ce-status': 'exercise',
    }
    expect((await feed.post(json(data), 'application/json', headers)).body).toEqual(accepted)
    expect(stored()[0]).toMatchObject({ id: 'e 门', status: 'exercise', data })
  })

  test('[I3] binary with a vendor’s JSON type, with a legacy charset, and with broken percent signs', async () => {
    const headers = { 'ce-specversion': '1.0', 'ce-source': '/feeds/gates', 'ce-type': 'linwang.passage', 'ce-subject': 'gate-east' }
    await feed.post(json(data), 'application/vnd.gate+json', { ...headers, 'ce-id': '100%' })
    const gbk = Buffer.concat([Buffer.from('{"direction":"in","granted":true,"name":"'), Buffer.from([0xc3, 0xc5]), Buffer.from('"}')])
    await feed.post(gbk, 'application/json; charset=gbk', { ...headers, 'ce-id': 'gbk' })
    expect(stored()).toMatchObject([{ id: 'gbk', data: { name: '门' } }, { id: '100%' }])
  })

  test('[I3] data_base64', async () => {
    const event = cloudEvent({
      data: undefined,
      data_base64: Buffer.from(json(data)).toString('base64'),
      datacontenttype: 'application/json',
    })
    expect((await feed.post(json(event), ONE)).body).toEqual(accepted)
    expect(stored()[0]).toMatchObject({ data })
  })
})

describe('what is refused', () => {
  test.each([
    ['malformed JSON', '{"specversion":"1.0",', ''],
    ['an empty body', '', ''],
    ['no object', '"hello"', ''],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), ''],
    ['no id', json(cloudEvent({ id: undefined })), 'id'],
    ['an empty id', json(cloudEvent({ id: '' })), 'id'],
    ['an id that is a number', json(cloudEvent({ id: 7 })), 'id'],
    ['a huge id', json(cloudEvent({ id: 'x'.repeat(600) })), 'id'],
    ['no source', json(cloudEvent({ source: undefined })), 'source'],
    ['an empty type', json(cloudEvent({ type: '' })), 'type'],
    ['no specversion', json(cloudEvent({ specversion: undefined })), 'specversion'],
    ['specversion as a number', json(cloudEvent({ specversion: 1.0 })), 'specversion'],
    ['a time without zone', json(cloudEvent({ time: '2026-03-02T10:00:00' })), 'time'],
    ['a time as a number', json(cloudEvent({ time: 1_772_416_800 })), 'time'],
    ['a subject that is a list', json(cloudEvent({ subject: ['gate-east'] })), 'subject'],
    ['data twice', json(cloudEvent({ data_base64: 'e30=' })), 'data_base64'],
  ])('[I3] %s is 400 and nothing is kept', async (_what, body, field) => {
    const { status, body: problem } = await feed.post(body, ONE)
    expect(status).toBe(400)
    expect(problem).toMatchObject({ type: 'about:blank', title: 'Malformed CloudEvent', errors: [{ field, fix: expect.any(String) }] })
    expect([stored(), held()]).toEqual([[], []])
  })

  test('[I3] a batch that is no list', async () => {
    expect((await feed.post(json(cloudEvent()), BATCH)).status).toBe(400)
  })

  test('[I3] an empty batch is nothing', async () => {
    expect(await feed.post('[]', BATCH)).toMatchObject({ status: 202, body: { accepted: 0, duplicates: 0, quarantined: 0 } })
  })

  test('[I3] a body over 8 MiB is 413, one just under it is taken', async () => {
    const large = await feed.post(Buffer.alloc(8 * 1024 * 1024 + 1, 32), ONE)
    expect([large.status, large.body.title]).toEqual([413, 'Too large'])
    const padded = json(cloudEvent()).padEnd(8 * 1024 * 1024, ' ')
    expect((await feed.post(padded, ONE)).body).toMatchObject({ accepted: 1 })
  })

  test('[I3] media types that say nothing of events are 415', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=b', 'application/cloudevents+avro', undefined])
      expect((await feed.post('hello', type)).status).toBe(415)
  })

  test('[S1] without a key, or with a wrong one, 401 and nothing is read', async () => {
    for (const authorization of ['', 'Bearer wrong', `Basic ${KEY}`]) {
      const { status, headers } = await feed.post(json(cloudEvent()), ONE, { authorization })
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="feeds"'])
    }
    expect(feed.engine.arrivals).toEqual([])
  })

  test('[I2] a feed’s own key names the feed', async () => {
    await feed.post(json(cloudEvent({ source: '/feeds/meters' })), ONE, { authorization: 'Bearer gates-key' })
    expect(held()[0]).toMatchObject({ reason: 'wrong-feed' })
  })

  test('[I5] an overloaded engine is 503 with Retry-After', async () => {
    feed.engine.refuse = 1
    const { status, headers } = await feed.post(json(cloudEvent()), ONE)
    expect([status, headers.get('retry-after')]).toEqual([503, '1'])
    expect((await feed.post(json(cloudEvent()), ONE)).status).toBe(202)
  })

  test('[I1] the answer comes after the commit', async () => {
    feed.engine.hold()
    let answered = false
    const posted = feed.post(json(cloudEvent()), ONE).then((answer) => {
      answered = true
      return answer
    })
    await new Promise((done) => setTimeout(done, 50))
    expect(answered).toBe(false)
    feed.engine.release()
    expect((await posted).body).toMatchObject({ accepted: 1 })
  })

  test('[I3] binary garbage on the port harms nobody', async () => {
    for (let seed = 1; seed < 20; seed++)
      await talk(feed.port, Buffer.from(Array.from({ length: 500 }, (_, i) => (i * seed * 7 + seed) & 255)), 50)
    expect((await feed.post(json(cloudEvent()), ONE)).status).toBe(202)
  })
})
