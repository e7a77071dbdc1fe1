import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoWithOffset, parseRfc3339 } from '../../shared/time.ts'

test.each([
  ['2018-04-05T03:56:24Z', Date.UTC(2018, 3, 5, 3, 56, 24), 0],
  ['2026-11-23t08:00:00.5+08:00', Date.UTC(2026, 10, 23, 0, 0, 0, 500), 480],
  ['2026-11-23T08:00:00.123456789-03:30', Date.UTC(2026, 10, 23, 11, 30, 0, 123), -210],
  ['2024-02-29T00:00:00z', Date.UTC(2024, 1, 29), 0],
  ['2016-12-31T23:59:60Z', Date.UTC(2016, 11, 31, 23, 59, 59), 0],
])('[I4] %s', (text, ms, offset) => {
  expect(parseRfc3339(text)).toEqual({ ms, offset })
})

test.each([
  '',
  'soon',
  '2026-11-23',
  '2026-11-23T08:00:00',
  '2026-11-23T08:00Z',
  '2026-11-23 08:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-11-31T00:00:00Z',
  '2026-11-23T24:00:00Z',
  '2026-11-23T08:60:00Z',
  '2026-11-23T08:00:00.Z',
  '2026-11-23T08:00:00+8:00',
  '2026-11-23T08:00:00-8:00',
  '2026-11-23T08:00:00+0800',
  '2026-11-23T08:00:00Zulu',
  '+2026-11-23T08:00:00Z',
  '0000-00-00T00:00:00Z',
  '2026-1a-23T08:00:00Z',
])('[I4] not RFC 3339: %s', (text) => {
  expect(parseRfc3339(text)).toBeUndefined()
})

test('[I4] what is written with an offset reads back the same', () => {
  const ms = fc.integer({ min: 0, max: Date.UTC(2199, 0, 1) })
  const offset = fc.integer({ min: -1439, max: 1439 })
  fc.assert(
    fc.property(ms, offset, (m, o) => {
      expect(parseRfc3339(isoWithOffset(m, o))).toEqual({ ms: m, offset: o })
    }),
  )
})
