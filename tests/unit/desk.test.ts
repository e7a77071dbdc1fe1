import { expect, test } from 'vitest'
import type { Place } from '../../shared/place.ts'
import { bodyOf, draftOf, faultsOf } from '../../web/desk/feeds/draft.ts'
import { byNeed, type FeedRow } from '../../web/desk/feeds/feed.ts'
import { nextPulses } from '../../web/desk/feeds/pulse.ts'
import { cut, faultOf, pointerOfField } from '../../web/desk/fieldmap/marks.ts'
import { hexRows } from '../../web/desk/quarantine/hex.ts'
import { byteOf, spanOf, spanOfPointer } from '../../web/desk/ui/json-where.ts'
import { findPlaces } from '../../web/desk/unknown/find-place.ts'
import { summaryOf } from '../../web/desk/unknown/summary.ts'
import { filled, type SetupValues, setupOf } from '../../web/desk/wizard/setup.ts'
import { freeId, TILES } from '../../web/desk/wizard/tiles.ts'
import en from '../../web/desk/words/en.ts'
import zh from '../../web/desk/words/zh-CN.ts'

const at = (text: string, where: string) => {
  const span = spanOf(text, where)
  return span && text.slice(span.from, span.to)
}

test('[I3] a JSON pointer finds the value in the text as it stands there, or the nearest above', () => {
  const text = '{ "a": [1, {"b/c": "x, \\"y\\""}], "d": {"e": true} }'
  expect(at(text, '/a/1/b~1c')).toBe('"x, \\"y\\""')
  expect(at(text, '/d/e')).toBe('true')
  expect(at(text, '/d/missing')).toBe('{"e": true}')
  expect(spanOfPointer('{"a": ', '/a/b')).toBeDefined()
})

test('[I3] a byte offset is counted in UTF-8, a line and column in characters', () => {
  expect(byteOf('byte 73')).toBe(73)
  expect(byteOf('/data/3')).toBeUndefined()
  expect(at('水管漏', 'byte 3')).toBe('管')
  expect(at('ab\ncd', 'line 2 column 2')).toBe('d')
  expect(spanOf('abc', 'byte 99')).toEqual({ from: 3, to: 3 })
})

test('[I3] bytes are shown sixteen a row, what is no letter as a dot', () => {
  const [row] = hexRows(new Uint8Array([0x41, 0x00, 0xff]), 64)
  expect(row!.cells.map(({ hex }) => hex)).toEqual(['41', '00', 'ff'])
  expect(row!.cells.map(({ ascii }) => ascii)).toEqual(['A', '', ''])
})

const place = (id: string, kind: Place['kind'], label: string) => ({ id, kind, parentId: null, name: label.split(' ').at(-1)!, label })
const PLACES = [
  place('b12', 'building', '12栋'),
  place('b2', 'building', '2栋'),
  place('b12-u1-302', 'flat', '12栋 1单元 302'),
  place('b2-u1-302', 'flat', '2栋 1单元 302'),
  place('c1', 'cluster', '第12联户'),
]

test('[§5] a place is found as people type it: 12栋, 302, 12栋302, 12-1-302', () => {
  const found = (query: string) => findPlaces(PLACES, query).map(({ id }) => id)
  expect(found('12栋')[0]).toBe('b12')
  expect(found('2栋')[0]).toBe('b2')
  expect(found('302')).toEqual(['b2-u1-302', 'b12-u1-302'])
  expect(found('12栋302')).toEqual(['b12-u1-302'])
  expect(found('12-1-302')).toEqual(['b12-u1-302'])
  expect(found('联户')).toEqual([])
})

test('[§5] the gist of a message begins with what happened', () => {
  const xml = '<?xml version="1.0"?><A xmlns="x"><ipAddress>1.2.3.4</ipAddress><portNo>80</portNo><eventType>VMD</eventType></A>'
  expect(summaryOf(xml)).toBe('eventType VMD · ipAddress 1.2.3.4')
  expect(summaryOf('{"a":{"time":1,"alarm":"smoke"}}')).toBe('alarm smoke · time 1')
  expect(summaryOf('NULL  0000')).toBe('NULL 0000')
})

test('[P4] bars are what came since the round before; a counter that began anew brings nothing', () => {
  const row = (accepted: number) => ({ id: 'f', accepted, duplicates: 0, quarantined: 0, repeats: 0 }) as FeedRow
  const bars = [5, 8, 2, 4].reduce((pulses, n) => nextPulses(pulses, [row(n)]), new Map() as ReturnType<typeof nextPulses>)
  expect(bars.get('f')!.bars).toEqual([0, 3, 0, 2])
})

test('[P4] what is not heard stands first', () => {
  const row = (id: string, more: Partial<FeedRow>) => ({ id, name: id, state: 'heard', quarantined: 0, ...more }) as FeedRow
  const rows = [
    row('paused', { state: 'paused' }),
    row('well', {}),
    row('never', { state: 'never' }),
    row('silent', { state: 'silent' }),
    row('down', { link: { state: 'down', since: 0 } }),
  ]
  expect(rows.sort(byNeed).map(({ id }) => id)).toEqual(['down', 'silent', 'never', 'well', 'paused'])
})

test('[§5] a form says what is wrong, and null takes a setting back to what is usual', () => {
  const draft = { ...draftOf({ id: 'x', name: 'n', rate: 5 }), rate: null }
  expect(faultsOf({ ...draft, id: '东门' }, 'hikvision', true)).toEqual({ id: 'desk.form.badId' })
  expect(faultsOf(draft, 'onvif-pull', true)).toEqual({ url: 'desk.form.badUrl' })
  expect(bodyOf(draft, 'hikvision', false)).toMatchObject({ name: 'n', rate: null, strict: null })
  expect(JSON.parse(JSON.stringify(bodyOf(draft, 'hikvision', true)))).toEqual({ name: 'n' })
})

test('[§5] a panel that is taken leniently stays so when its feed is saved, and a certificate of its own making too', () => {
  const accounts = [{ account: '1', strict: false }, { account: '2', strict: true }, { account: '3' }]
  const draft = draftOf({ id: 'x', name: 'n', accounts, connection: { url: 'https://10.0.0.9', selfSigned: true } })
  expect(bodyOf(draft, 'sia-dc09', false).accounts).toEqual(accounts)
  expect(bodyOf(draft, 'onvif-pull', false).connection).toEqual({ url: 'https://10.0.0.9', selfSigned: true })
  const keyed = (key: string) => ({ ...draft, accounts: [{ ...draft.accounts[0]!, key }] })
  expect(faultsOf(keyed('AAAAAAAAAAAAAAAA'), 'sia-dc09', false)).toEqual({})
  expect(faultsOf(keyed('short'), 'sia-dc09', false)).toEqual({ accounts: 'desk.form.badKey' })
})

test('[§5] marks cut a text without losing a letter; a broken JSON says where', () => {
  const text = '{"a": 1}'
  const pieces = cut(text, [{ from: 1, to: 4, tone: 'bad' }])
  expect(pieces.map((piece) => piece.text).join('')).toBe(text)
  expect(pieces.filter(({ tone }) => tone)).toEqual([{ text: '"a"', tone: 'bad' }])
  expect(faultOf('{"a": }')!.at).toBe(6)
  expect(faultOf('{}')).toBeUndefined()
  expect(pointerOfField('map.data.active')).toBe('/data/active')
})

test('[§5] every tile has its words and steps in both languages, and no step names a value that does not exist', () => {
  const value: SetupValues = {
    ...{ host: 'h', port: '1', path: 'p', secretPath: 's', url: 'u', secretUrl: 'v' },
    ...{ key: 'k', id: 'i', mqttPort: '2', siaPort: '3', origin: 'o' },
  }
  for (const { id } of TILES) {
    expect(Object.keys(zh.tile)).toContain(id)
    for (const locale of ['zh-CN', 'en'] as const) {
      const { steps } = setupOf(id, locale)
      const said = steps.flatMap(({ text, fields = [], code = '' }) => [text, code, ...fields.map(([, each]) => each)])
      expect(said.map((each) => filled(each, value)).join(' ')).not.toMatch(/\{\w+\}/)
    }
  }
  expect(freeId('hikvision', new Set(['hikvision', 'hikvision-2']))).toBe('hikvision-3')
})

test('[§5] the desk has the same words in both languages', () => {
  const keys = (words: object, path = ''): string[] =>
    Object.entries(words).flatMap(([key, value]) => (typeof value === 'object' ? keys(value, `${path}${key}.`) : [path + key]))
  expect(keys(en).sort()).toEqual(keys(zh).sort())
})
