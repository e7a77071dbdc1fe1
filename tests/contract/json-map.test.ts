import { describe, expect, test } from 'vitest'
import { flawsOf } from '../../server/feeds/sources/json-map-flaws.ts'
import { maskText } from '../../server/feeds/sources/json-map-mask.ts'
import { planOf } from '../../server/feeds/sources/json-map-plan.ts'
import { tryMap } from '../../server/feeds/sources/json-map-try.ts'
import { dataFlaw } from '../../server/intake/check-data.ts'
import type { Feed } from '../../shared/feed.ts'
import { type JsonMap, PRESETS } from '../../shared/field-map.ts'
import { arrivalOf, bytesOf, NOW } from '../support/intake.ts'
import { sample, sampleThere } from '../support/samples.ts'
import { contextOf, decode } from '../support/sources.ts'

const preset = (id: string) => PRESETS.find((one) => one.id === id)!
const feedWith = (map: unknown, more: Partial<Feed>): Feed =>
  ({ id: 'city', kind: 'json', name: '市平台', state: 'active', version: 1, firstAt: 0, map, ...more }) as Feed

function read(map: unknown, message: unknown, more: Partial<Feed> = {}, headers?: Record<string, string>) {
  const bytes = message instanceof Uint8Array ? message : bytesOf(message)
  const context = { ...contextOf('camera'), feed: () => feedWith(map, more) }
  return decode({ ...arrivalOf(''), source: 'json', feed: 'city', bytes, ...(headers && { headers }) }, context)
}
const dataOf = (map: unknown, message: unknown, more?: Partial<Feed>) => read(map, message, more).drafts.map(({ data }) => data)

/** a map of a contact with more entries */
const contact = (more: Partial<JsonMap> = {}): JsonMap => ({
  id: '/n',
  address: '/d',
  type: 'linwang.contact',
  data: { open: '/open' },
  ...more,
})
const hello = { n: '1', d: 'door-1', open: true }
const one = (value: JsonMap['data'][string], message: Record<string, unknown>) => {
  const { drafts, rejects } = read(contact({ data: { open: true, value } }), { ...hello, ...message })
  return rejects[0] ?? (drafts[0]!.data as Record<string, unknown>).value
}

describe.skipIf(!sampleThere('hotline'))('genuine messages', () => {
  test('[I3] a work order of Wuxi’s lifeline platform is a report', () => {
    const { map } = preset('lifeline-order')
    expect(read(map, sample('hotline/wuxi-lifeline-workorder.json'))).toMatchObject({
      rejects: [],
      drafts: [
        {
          type: 'linwang.report',
          feed: 'city',
          deviceId: '/feeds/city',
          id: 'GS20240612000001/0',
          time: Date.parse('2024-06-12T12:18:11+08:00'),
          offset: null,
          status: 'actual',
          data: { number: 'GS20240612000001', category: '供水', text: '测试', place: '测试 测试', state: 'waiting', kind: 'warning' },
        },
      ],
    })
  })

  test('[I3] and the platform reads the answer that its document names', () => {
    expect(preset('lifeline-order').map.answer!.body).toEqual(JSON.parse(sample('hotline/wuxi-lifeline-response.json')))
  })
})

describe('ready maps', () => {
  test.each(PRESETS.map((one) => [one.id, one] as const))(
    '[I3] %s can be used, and its sample gives sound signals',
    (_id, { map, sample: text }) => {
      expect(flawsOf(map)).toEqual([])
      const { drafts, rejects } = read(map, text)
      expect([drafts.length > 0, rejects]).toEqual([true, []])
      for (const { type, data } of drafts) expect(dataFlaw(type, data)).toBeUndefined()
    },
  )

  test('[I2] the states of one work order are messages of their own', () => {
    const { map, sample: text } = preset('lifeline-order')
    const order = JSON.parse(text) as object
    const ids = [0, 1, 2].map((state) => read(map, { ...order, state }).drafts[0]!.id)
    expect(new Set(ids).size).toBe(3)
  })
})

describe('reading', () => {
  test.each([
    ['a pointer', '/a', { a: 'x' }, 'x'],
    ['an escaped pointer', '/a~1b~0c', { 'a/b~c': 'x' }, 'x'],
    ['a place in a list', '/list/1', { list: ['x', 'y'] }, 'y'],
    ['an index that is none', '/list/01', { list: ['x', 'y'] }, undefined],
    ['nothing there', '/no/where', {}, undefined],
    ['null', '/a', { a: null }, undefined],
    ['what every object inherits', '/constructor/name', {}, undefined],
    ['a method of every object', '/toString', {}, undefined],
    ['JSON in a text', '/payload/a/0', { payload: '{"a":["x"]}' }, 'x'],
    ['a text that is no JSON', '/payload/a', { payload: '{oops' }, undefined],
    ['a template', '{/a}-{/b/c}号', { a: 1, b: { c: 'x' } }, '1-x号'],
    ['a template with a hole', '{/a}-{/b}', { a: 1 }, undefined],
    ['a constant', 'fixed', {}, 'fixed'],
    ['a constant like a pointer', { const: '/x' }, {}, '/x'],
    ['a number as it is', '/a', { a: 1.5 }, 1.5],
    ['a number from text', { at: '/a', as: 'number' }, { a: ' 12.5 ' }, 12.5],
    ['scaled', { at: '/a', times: 0.001 }, { a: '1234' }, 1.234],
    ['moved', { at: '/a', times: 1.8, plus: 32 }, { a: 100 }, 212],
    ['a text from a number', { at: '/a', as: 'text' }, { a: 12 }, '12'],
    ['a case by its text', { at: '/a', cases: { '1': 'one' } }, { a: 1 }, 'one'],
    ['a boolean case', { at: '/a', cases: { true: 'yes' } }, { a: true }, 'yes'],
    ['an inherited case', { at: '/a', cases: { '1': 'one' }, otherwise: 'other' }, { a: 'constructor' }, 'other'],
    ['otherwise for no case', { at: '/a', cases: { '1': 'one' }, otherwise: 'other' }, { a: 7 }, 'other'],
    ['otherwise for nothing', { at: '/a', otherwise: 'none' }, {}, 'none'],
    ['a case that leaves the field out', { at: '/a', cases: { '1': null } }, { a: 1 }, undefined],
    ['a list', { at: '/a', as: 'list' }, { a: ['x', 2] }, ['x', '2']],
    ['a list in a text', { at: '/a', as: 'list' }, { a: 'x, y，z' }, ['x', 'y', 'z']],
    ['a time', { at: '/a', as: 'time' }, { a: '2026-03-02 10:00:00' }, NOW],
  ] as const)('[I3] %s', (_what, value, message, result) => {
    expect(one(value as never, message)).toEqual(result)
  })

  test.each([
    [true, true],
    ['TRUE', true],
    [1, true],
    ['是', true],
    [false, false],
    ['0', false],
    ['off', false],
  ])('[I3] %j where yes or no is wanted is %s', (open, result) => expect(dataOf(contact(), { ...hello, open })).toEqual([{ open: result }]))

  test.each([
    ['2026-03-02 10:00:00', NOW, null],
    ['2026-03-02T02:00:00Z', NOW, 0],
    ['20260302100000', NOW, null],
    [NOW, NOW, 0],
    [NOW / 1000, NOW, 0],
    [`${NOW}`, NOW, 0],
    [NOW / 1000 + 0.25, NOW + 250, 0],
  ])('[I4] the time %j', (t, time, offset) => {
    expect(read(contact({ time: '/t' }), { ...hello, t }).drafts[0]).toMatchObject({ time, offset })
  })

  test('[I4] the zone of the map, then of the feed, then of the community', () => {
    const t = { ...hello, t: '2026-03-02 10:00:00' }
    expect(read(contact({ time: { at: '/t', zone: 0 } }), t, { zone: 540 }).drafts[0]!.time).toBe(NOW + 8 * 3_600_000)
    expect(read(contact({ time: '/t' }), t, { zone: 540 }).drafts[0]!.time).toBe(NOW - 3_600_000)
  })

  test('[I4] a time that cannot be read: by receipt, with what was said; set aside when strict', () => {
    const t = { ...hello, t: 'yesterday' }
    expect(read(contact({ time: '/t' }), t).drafts[0]).toMatchObject({ time: NOW, timeAssumed: true, data: { said: 'yesterday' } })
    expect(read(contact({ time: '/t' }), t, { strict: true }).rejects[0]).toMatchObject({ where: '/t' })
  })

  test('[I3] many in one message: each by itself, one bad one does not spoil the rest', () => {
    const map = contact({ each: '/events', id: '{^/batch}/{/n}', data: { open: { at: '/open', cases: { '1': true, '2': false } } } })
    const events = [1, 9, 2].map((open, n) => ({ n, d: 'door-1', open }))
    const { drafts, rejects, part } = read(map, { batch: 'B', events })
    expect(drafts.map(({ id, data }) => [id, data])).toEqual([
      ['B/0', { open: true }],
      ['B/2', { open: false }],
    ])
    expect(rejects).toMatchObject([{ reason: 'not-understood', where: '/events/1/open', part: JSON.stringify(events[1]) }])
    expect(part!(drafts[1]!)).toBe(JSON.stringify(events[2]))
  })

  test('[I3] a bare list, and a single thing where a list is expected', () => {
    expect(read(contact(), [hello, { ...hello, n: '2' }]).drafts.map(({ id }) => id)).toEqual(['1', '2'])
    expect(read(contact({ each: '/events' }), { events: hello }).drafts).toHaveLength(1)
  })

  test('[I3] what the map says to skip is counted and not kept', () => {
    const map = contact({
      skipWhen: [
        { at: '/kind', equals: ['beat', 7] },
        { at: '/open', exists: false },
      ],
    })
    expect(read(map, [{ ...hello, kind: 'beat' }, { ...hello, kind: '7' }, { n: 1, d: 'x' }, hello])).toMatchObject({
      ignored: 3,
      drafts: [{ id: '1' }],
    })
    expect(
      read(contact({ type: { at: '/kind', cases: { x: 'linwang.contact' }, otherwise: null } }), { ...hello, kind: 'y' }),
    ).toMatchObject({ ignored: 1 })
  })

  test('[I2] without an id the same content is the same message', () => {
    const map = contact({ id: undefined, time: '/t' })
    const ids = [1, 1, 2].map((t) => read(map, { ...hello, t: NOW + t }).drafts[0]!.id)
    expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false])
  })

  test('[I3] a form, JSON in GBK', () => {
    const form = read(contact(), bytesOf('n=1&d=door-1&open=1'), {}, { 'content-type': 'application/x-www-form-urlencoded' })
    expect(form.drafts).toMatchObject([{ id: '1', data: { open: true } }])
    const gbk = Buffer.concat([Buffer.from('{"n":"1","open":1,"d":"'), Buffer.from([0xc3, 0xc5]), Buffer.from('"}')])
    expect(read(contact(), gbk, {}, { 'content-type': 'application/json;charset=GBK' }).drafts).toMatchObject([{ address: '门' }])
  })

  test('[I3] a warning by JSON', () => {
    const map: JsonMap = {
      id: '/id',
      type: 'linwang.warning',
      data: {
        identifier: '/id',
        msgType: 'alert',
        event: '/kind',
        colour: '/colour',
        headline: '/title',
        expires: { at: '/end', as: 'time' },
      },
    }
    expect(flawsOf(map)).toEqual([])
    const [draft] = read(map, { id: 'w', kind: '大风', colour: 'blue', title: '大风蓝色预警', end: '2026-03-02T12:00:00+08:00' }).drafts
    expect(draft).toMatchObject({ deviceId: '/feeds/city', data: { references: [], areas: [], expires: NOW + 2 * 3_600_000 } })
    expect(dataFlaw(draft!.type, draft!.data)).toBeUndefined()
  })
})

describe('where it stops', () => {
  test.each([
    ['no JSON', '{"n":', contact(), '5'],
    ['a bare value', '7', contact(), ''],
    ['too deep', `${'['.repeat(600)}${']'.repeat(600)}`, contact(), '0'],
    ['no list there', '{"events":3}', contact({ each: '/events' }), '/events'],
    ['no id', { d: 'x', open: true }, contact(), '/n'],
    ['no device', { n: '1', open: true }, contact(), '/d'],
    ['no yes or no', { ...hello, open: 'maybe' }, contact(), '/open'],
    ['an object for a value', { ...hello, open: {} }, contact(), '/open'],
    ['a status that is none', { ...hello, s: 'real' }, contact({ status: '/s' }), '/s'],
    ['a type that is none', { ...hello, k: 'linwang.ufo' }, contact({ type: '/k' }), '/k'],
    ['no type', hello, contact({ type: '/k' }), '/k'],
  ])('[I3] %s', (_what, message, map, where) => {
    expect(read(map, message)).toMatchObject({ drafts: [], rejects: [{ reason: 'not-understood', where }] })
  })

  test('[I3] a feed without a map keeps its messages until it has one', () => {
    expect(read(undefined, hello).rejects[0]!.detail).toContain('no field map yet')
    expect(read({ type: 'x' }, hello).rejects[0]!.detail).toContain('map.data is missing')
  })
})

describe('flaws of a map', () => {
  test.each<[string, unknown, string]>([
    ['is no object', 'x', 'map'],
    ['has no type', { data: {} }, 'map.type'],
    ['has no data', { type: 'linwang.contact' }, 'map.data'],
    ['names a type that is none', contact({ type: 'linwang.ufo' }), 'map.type'],
    ['lacks a field that its type needs', contact({ data: {} }), 'map.data.open'],
    ['lacks a device', contact({ address: undefined }), 'map.address'],
    ['has an entry that is none', { ...contact(), adress: '/x' }, 'map.adress'],
    ['has a key that is none', contact({ data: { open: { at: '/x', case: {} } as never } }), 'map.data.open.case'],
    ['has a bad pointer', contact({ id: '/a~2' }), 'map.id'],
    ['has an open brace', contact({ id: '{/a' }), 'map.id'],
    ['looks up a constant', contact({ data: { open: { at: 'x' } } }), 'map.data.open.at'],
    ['converts to nothing', contact({ data: { open: { at: '/x', as: 'date' as never } } }), 'map.data.open.as'],
    ['has cases and a conversion', contact({ data: { open: { at: '/x', as: 'number', cases: { a: 1 } } } }), 'map.data.open'],
    ['has no cases', contact({ data: { open: { at: '/x', cases: {} } } }), 'map.data.open.cases'],
    ['has a list for a value', contact({ data: { open: [] as never } }), 'map.data.open'],
    ['has a format that is none', contact({ time: { at: '/t', format: 'unix' as never } }), 'map.time.format'],
    ['has a zone that is none', contact({ time: { at: '/t', zone: 8.5 } }), 'map.time.zone'],
    ['compares with nothing', contact({ skipWhen: { at: '/x' } }), 'map.skipWhen'],
    ['has a constant for a list', contact({ each: 'events' }), 'map.each'],
    ['answers with nothing', contact({ answer: { status: 200 } as never }), 'map.answer.body'],
    ['answers with a refusal', contact({ answer: { status: 500, body: '' } }), 'map.answer.status'],
    [
      'names a field that every object has',
      JSON.parse('{"type":"linwang.contact","address":"/d","data":{"open":true,"__proto__":"/x"}}'),
      'map.data.__proto__',
    ],
  ])('[I3] one that %s', (_what, map, field) => {
    const flaws = flawsOf(map)
    expect(flaws.map((flaw) => flaw.field)).toContain(field)
    for (const { detail, fix } of flaws) expect(detail !== '' && fix !== '').toBe(true)
  })

  test('[I5] however broken, it says so and does not throw', () => {
    for (const map of [null, [], 7, { type: [], data: [] }, { type: {}, data: { a: { at: {} } }, skipWhen: [[]], answer: [], time: [] }])
      expect(flawsOf(map).length).toBeGreaterThan(0)
  })
})

describe('people', () => {
  test.each(['callerName', 'contactPhone', 'contact_phone', 'phone', 'mobile', 'idCard', '联系电话', '来电人姓名'])(
    '[S2] %s is not taken',
    (field) => {
      const report: JsonMap = { id: '/n', type: 'linwang.report', data: { number: '/n', category: '/c', text: `/${field}` } }
      expect(flawsOf(report).map((flaw) => flaw.field)).toEqual(['map.data.text'])
      expect(flawsOf({ ...report, data: { ...report.data, text: { at: `/x/${field}` } } })).toHaveLength(1)
      expect(flawsOf({ ...report, data: { ...report.data, text: `{/a} {/${field}}` } })).toHaveLength(1)
    },
  )

  test('[S2] a report keeps its own fields and no others', () => {
    const report: JsonMap = { id: '/n', type: 'linwang.report', data: { number: '/n', category: '/c', who: '/who' } }
    expect(flawsOf(report).map((flaw) => flaw.field)).toEqual(['map.data.who'])
  })

  test.each([
    ['请回电13812345678谢谢', '请回电138****5678谢谢'],
    ['138-1234-5678', '138****5678'],
    ['座机0851-12345678', '座机085****5678'],
    ['身份证52010219900101123X，', '身份证520****123X，'],
    ['联系人：张三丰，3栋', '联系人：张*，3栋'],
    ['编号GS20240612000001', '编号GS20240612000001'],
    ['水表 202406120000017', '水表 202406120000017'],
  ])('[S2] %s is kept as %s', (text, kept) => expect(maskText(text)).toBe(kept))

  test('[S2] what a caller says is masked before it is kept', () => {
    const { map, sample: text } = preset('lifeline-order')
    const [data] = dataOf(map, { ...JSON.parse(text), workordercontent: '漏水，联系人：王小明 13812345678' })
    expect(data).toMatchObject({ text: '漏水，联系人：王* 138****5678' })
  })
})

test('[I3] a trial tells what of the map and of the sample was of no use', () => {
  const map = contact({ each: '/events', status: '/mode', data: { open: '/open', label: '/name' } })
  const text = JSON.stringify({
    batch: 3,
    events: [
      { ...hello, more: { a: 1 } },
      { ...hello, open: 'ajar' },
    ],
  })
  const trial = tryMap(planOf(map), text, { feedId: 'city', feed: undefined, context: { now: NOW, utcOffset: 480 } })
  expect(trial.decoded).toMatchObject({ drafts: [{ id: '1' }], rejects: [{ where: '/events/1/open' }] })
  expect(trial.unused).toEqual(['/status', '/data/label'])
  expect(trial.unread).toEqual(['/batch', '/events/0/more/a'])
  expect(trial.origin(trial.decoded.drafts[0]!, 'open')).toBe('/events/0/open')
})
