import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readQuarantine } from '../../server/store/quarantine-lists.ts'
import { readSignals } from '../../server/store/signal-lists.ts'
import { arrivalOf, cloudEvent, countsOf, DAY, event, mqttArrival, NOW, type TestIntake, testIntake } from '../support/intake.ts'

let t: TestIntake
beforeEach(() => {
  t = testIntake()
})
afterEach(() => t.close())

const one = (more: Record<string, unknown>) => t.take(event(more)).receipts[0]
const stored = () => readSignals(t.db, { limit: 1000 }).items
const held = () => readQuarantine(t.db, { limit: 1000 }).items

describe('identity', () => {
  test('[I2] a repeated id is stored once and told as a duplicate', () => {
    expect(countsOf(one({}))).toEqual({ accepted: 1, duplicates: 0, quarantined: 0 })
    expect(countsOf(one({}))).toEqual({ accepted: 0, duplicates: 1, quarantined: 0 })
    expect(stored()).toHaveLength(1)
  })

  test('[I2] one event 10,000 times in one batch is stored once', () => {
    const { receipts, signals } = t.take(arrivalOf(Array.from({ length: 10_000 }, () => cloudEvent())))
    expect(countsOf(receipts[0])).toEqual({ accepted: 1, duplicates: 9_999, quarantined: 0 })
    expect(signals).toHaveLength(1)
  })

  test('[I2] what a failed commit took is new again, with the same number', () => {
    t.fail(event({ id: 'a' }), event({ id: 'b' }))
    const { signals } = t.take(event({ id: 'b' }), event({ id: 'a' }))
    expect(signals.map(({ id, seq }) => [id, seq])).toEqual([
      ['b', 1],
      ['a', 2],
    ])
    expect(t.intake.health(NOW).find(({ id }) => id === 'gates')).toMatchObject({ accepted: 2, duplicates: 0 })
  })

  test('[I2] a restart remembers every id and goes on with the numbers', () => {
    t.take(event({ id: 'a' }))
    t.restart()
    expect(countsOf(one({ id: 'a' }))).toMatchObject({ duplicates: 1 })
    expect(t.take(event({ id: 'b' })).signals[0]?.seq).toBe(2)
  })

  test('[I2] ids of the receipt are those that are stored now', () => {
    t.take(event({ id: 'a' }))
    const { receipts } = t.take(arrivalOf([cloudEvent({ id: 'b' }), cloudEvent({ id: 'a' }), cloudEvent({ id: 'c', subject: 'nobody' })]))
    expect(receipts[0]).toEqual({ accepted: 1, duplicates: 1, quarantined: 1, ids: ['b', 'a'] })
  })

  test('[I2] older than signals are kept is refused as too old, by type', () => {
    expect(countsOf(one({ id: 'p', time: new Date(NOW - 31 * DAY).toISOString() }))).toMatchObject({ quarantined: 1 })
    const motion = { source: '/feeds/zigbee2mqtt', subject: 'motion-1', type: 'linwang.motion', data: { occupied: true } }
    expect(countsOf(one({ id: 'm', ...motion, time: new Date(NOW - 89 * DAY).toISOString() }))).toMatchObject({ accepted: 1 })
    expect(countsOf(one({ id: 'n', ...motion, time: new Date(NOW - 91 * DAY).toISOString() }))).toMatchObject({ quarantined: 1 })
    expect(held().map(({ reason }) => reason)).toEqual(['too-old', 'too-old'])
  })
})

describe('whose key', () => {
  test('[I2] a feed’s own key posts only as that feed', () => {
    const { receipts } = t.take(arrivalOf(cloudEvent(), { feed: 'meters' }))
    expect(countsOf(receipts[0])).toMatchObject({ accepted: 0, quarantined: 1 })
    expect(held()[0]).toMatchObject({ reason: 'wrong-feed', where: '/source' })
  })

  test('[I2] a feed’s own key does not speak of another feed’s device', () => {
    const { receipts } = t.take(arrivalOf(cloudEvent({ source: '/feeds/meters' }), { feed: 'meters' }))
    expect(countsOf(receipts[0])).toMatchObject({ quarantined: 1 })
    expect(held()[0]).toMatchObject({ reason: 'wrong-feed', where: '/subject' })
  })

  test('[I2] the general key posts as any feed', () => {
    expect(countsOf(one({ source: '/feeds/a-new-one' }))).toMatchObject({ accepted: 1 })
    expect(t.intake.health(NOW).map(({ id }) => id)).toContain('a-new-one')
  })
})

describe('what is not understood', () => {
  test('[I3] an unknown device is quarantined by its address', () => {
    expect(countsOf(one({ subject: 'gate-nowhere' }))).toEqual({ accepted: 0, duplicates: 0, quarantined: 1 })
    expect(held()[0]).toMatchObject({ reason: 'unknown-device', feed: 'gates', address: 'gate-nowhere', state: 'held', eventId: 'e1' })
  })

  test('[I3] a device may be named by its address within its feed', () => {
    const water = { source: '/feeds/meters', type: 'linwang.meter', data: { quantity: 'water', reading: 12.5, unit: 'm3' } }
    expect(t.take(event({ ...water, subject: 'W-0001' })).signals[0]).toMatchObject({ deviceId: 'water-1', placeId: 'caihong-b01-u1-101' })
  })

  test.each([
    ['unknown-type', { type: 'linwang.teapot' }],
    ['unknown-feed', { source: '/mycontext/subcontext' }],
    ['unknown-device', { subject: undefined }],
    ['invalid-data', { data: { direction: 'up', granted: true } }],
    ['invalid-data', { data: { direction: 'in', granted: 'yes' } }],
    ['invalid-data', { data: [1, 2] }],
    ['invalid-data', { data: null }],
    ['invalid-data', { data: undefined }],
    ['invalid-data', { status: 'draft' }],
    ['invalid-data', { datacontenttype: 'text/xml', data: '<a/>' }],
    ['invalid-data', { data: undefined, data_base64: 'bm8ganNvbg==' }],
    ['invalid-data', { data: { direction: 'in', granted: true, more: 'x'.repeat(70_000) } }],
  ])('[I3] %s is quarantined, not lost (case %#)', (reason, more) => {
    expect(countsOf(one(more))).toMatchObject({ accepted: 0, quarantined: 1 })
    expect(held()[0]).toMatchObject({ reason })
    expect(stored()).toHaveLength(0)
  })

  test('[I3] a reading that is no finite number is quarantined', () => {
    const text = JSON.stringify(cloudEvent({ source: '/feeds/meters', subject: 'water-1', type: 'linwang.meter', data: 0 }))
    const data = '{"quantity":"water","unit":"m3","reading":1e999}'
    expect(countsOf(t.take(arrivalOf(text.replace('"data":0', `"data":${data}`))).receipts[0])).toMatchObject({ quarantined: 1 })
  })

  test('[I3] data that nests 100,000 deep is quarantined', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const text = JSON.stringify(cloudEvent({ data: { direction: 'in', granted: true, more: 0 } })).replace('"more":0', `"more":${deep}`)
    for (const message of [text, `[${text}]`]) expect(countsOf(t.take(arrivalOf(message)).receipts[0])).toMatchObject({ quarantined: 1 })
  })

  test('[I3] one bad event never fails its batch', () => {
    const batch = [
      cloudEvent({ id: 'a' }),
      { specversion: '0.3', id: 'b' },
      17,
      null,
      cloudEvent({ id: 'c', time: 'soon' }),
      cloudEvent({ id: 'd' }),
    ]
    const { receipts, signals } = t.take(arrivalOf(batch, { source: 'cloudevents-batch' }))
    expect(countsOf(receipts[0])).toEqual({ accepted: 2, duplicates: 0, quarantined: 4 })
    expect(signals.map(({ id }) => id)).toEqual(['a', 'd'])
    expect(held().map(({ where }) => where)).toEqual(['/4/time', '/3', '/2', '/1/specversion'])
  })

  test('[I3] 10,000 events in one batch', () => {
    const batch = Array.from({ length: 10_000 }, (_, n) => cloudEvent({ id: `e${n}`, ...(n % 10 === 0 && { subject: `stranger-${n}` }) }))
    const { receipts } = t.take(arrivalOf(batch))
    expect(countsOf(receipts[0])).toEqual({ accepted: 9_000, duplicates: 0, quarantined: 1_000 })
  })

  test('[I3] a kind of message that nothing reads, and a source that throws, are quarantined', () => {
    const { receipts } = t.take(arrivalOf('hello', { source: 'telegraph', feed: 'gates' }))
    expect(countsOf(receipts[0])).toMatchObject({ quarantined: 1 })
    expect(held()[0]).toMatchObject({ reason: 'not-understood', source: 'telegraph' })
  })
})

describe('times', () => {
  test('[I4] both times are kept with the sender’s offset', () => {
    t.take(event({ time: '2026-03-02T09:58:00.250+08:00' }))
    expect(stored()[0]).toMatchObject({ time: '2026-03-02T09:58:00.250+08:00', receivedAt: '2026-03-02T02:00:00.000Z' })
  })

  test('[I4] analysis goes by the occurrence, but never after the receipt', () => {
    const { signals } = t.take(
      event({ id: 'late', time: new Date(NOW - 5_000).toISOString() }),
      event({ id: 'ahead', time: new Date(NOW + 5_000).toISOString() }),
    )
    expect(signals.map(({ at }) => at)).toEqual([NOW - 5_000, NOW])
  })

  test('[I4] a missing time is the receipt, and is said to be assumed', () => {
    const { signals } = t.take(event({ time: undefined }))
    expect(signals[0]).toMatchObject({ time: NOW, at: NOW, offset: null, timeAssumed: true })
    expect(stored()[0]).toMatchObject({ timeAssumed: true })
  })

  test('[I4] a clock that was never set loses no emergency: what it says is kept, analysis goes by the receipt', () => {
    const help = { source: '/feeds/zigbee2mqtt', subject: 'help-1', type: 'linwang.help', data: {} }
    const { signals } = t.take(event({ ...help, time: '1970-01-01T00:03:00Z' }))
    expect(signals[0]).toMatchObject({ time: 180_000, at: NOW, timeAssumed: true })
  })

  test('[I4] a device clock off by over two minutes is shown in feed health, one within is not', () => {
    const drift = () => t.intake.health(t.now).find(({ id }) => id === 'gates')?.drift
    t.take(event({ id: 'a', time: new Date(NOW + 110_000).toISOString() }))
    expect(drift()).toBeNull()
    t.take(event({ id: 'b', time: new Date(NOW + 300_000).toISOString() }))
    expect(drift()).toBe(300)
    t.now += 2 * 3_600_000
    expect(drift()).toBeNull()
  })

  test('[I4] a device that catches up after a break is not taken for a slow clock', () => {
    const drift = () => t.intake.health(t.now).find(({ id }) => id === 'gates')?.drift
    t.take(event({ id: 'a', time: new Date(NOW - 3_600_000).toISOString() }))
    expect(drift()).toBe(-3600)
    t.take(event({ id: 'b', time: new Date(NOW - 1_000).toISOString() }))
    expect(drift()).toBeNull()
  })
})

describe('exercises and replays', () => {
  test('[X1] the status is kept; absent is actual', () => {
    t.take(event({ id: 'a' }), event({ id: 'b', status: 'exercise' }), event({ id: 'c', status: 'test' }))
    expect(stored().map(({ status }) => status)).toEqual(['test', 'exercise', 'actual'])
  })

  test('[I3] a retained message is state, not an event', () => {
    const { signals } = t.take(mqttArrival('zigbee2mqtt/help-1', { action: 'emergency' }, { retained: true }))
    expect(signals[0]).toMatchObject({ type: 'linwang.help', replay: true })
    expect(t.intake.lastHeard('help-1')).toBeUndefined()
  })
})

test('[I3] pictures are reduced to hash and length before anything is kept', () => {
  const picture = `/9j/${'A'.repeat(400)}`
  t.take(event({ data: { direction: 'in', granted: true, photo: picture, inner: [{ face: `data:image/jpeg;base64,${picture}` }] } }))
  t.take(event({ id: 'unknown', subject: 'nobody', data: { photo: picture } }))
  const text = JSON.stringify([stored(), t.db.prepare('SELECT bytes FROM quarantine').pluck().all().map(String)])
  expect(text).not.toContain('AAAAAAAA')
  expect(text.match(/\[image sha256:[0-9a-f]{64} 303 bytes\]/g)).toHaveLength(3)
})

test('[I3] binary pictures in a multipart body are cut out, the rest of it stays', () => {
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(5_000, 7), Buffer.from([0xff, 0xd9])])
  const bytes = Buffer.concat([Buffer.from('--b\r\n\r\n<Event/>\r\n--b\r\n\r\n'), jpeg, Buffer.from('\r\n--b--')])
  t.take({ source: 'telegraph', transport: 'http', bytes })
  const kept = String(t.db.prepare('SELECT bytes FROM quarantine').pluck().get())
  expect(kept).toMatch(/^--b\r\n\r\n<Event\/>\r\n--b\r\n\r\n\[image sha256:[0-9a-f]{64} 5006 bytes\]\r\n--b--$/)
})
