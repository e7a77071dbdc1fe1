import { describe, expect, test } from 'vitest'
import { firstTime, parseDeviceTime } from '../../server/feeds/sources/device-time.ts'

const CHINA = { zone: 480 }

describe('clocks of devices', () => {
  test.each([
    ['2024-11-13T20:20:52+01:00', '2024-11-13T19:20:52Z', 60],
    ['2024-11-13T20:20:52.5Z', '2024-11-13T20:20:52.500Z', 0],
  ])('[I4] %s needs no mending', (text, iso, offset) => {
    expect(parseDeviceTime(text, CHINA)).toEqual({ ms: Date.parse(iso), offset })
  })

  test.each([
    ['2016-12-24T18:59:49-8:00', '2016-12-25T02:59:49Z', -480],
    ['2026-09-09T17:02:40+0800', '2026-09-09T09:02:40Z', 480],
    ['2026-09-09 17:02:40 +08', '2026-09-09T09:02:40Z', 480],
    ['2009-11-14T15:27Z', '2009-11-14T15:27:00Z', 0],
    ['2026/9/9 7:02:40 GMT', '2026-09-09T07:02:40Z', 0],
  ])('[I4] %s is mended and keeps its zone', (text, iso, offset) => {
    expect(parseDeviceTime(text, CHINA)).toEqual({ ms: Date.parse(iso), offset, mended: true })
  })

  test.each([
    ['2026-09-09T17:02:40', false],
    ['2019-03-13 17:38:34', false],
    ['20260909170240', true],
    ['2026-09-09 17:02', true],
    ['2026/09/09 17:02:40', true],
  ])('[I4] %s has no zone: that of the feed is assumed', (text, mended) => {
    expect(parseDeviceTime(text, CHINA)).toMatchObject({ offset: null, assumed: true, ...(mended && { mended }) })
    const shift = parseDeviceTime(text, { zone: 0 })!.ms - parseDeviceTime(text, CHINA)!.ms
    expect(shift).toBe(480 * 60_000)
  })

  test.each([
    '',
    'x',
    '0',
    '2026-02-30T01:02:03',
    '2026-13-01T01:02:03',
    '2026-01-01T25:02:03',
    '2026-01-01T10:61:03',
    '2026-01-01T10:00:00+19:00',
    '2026-9-9',
  ])('[I4] %s is no time', (text) => {
    expect(parseDeviceTime(text, CHINA)).toBeUndefined()
  })

  test('[I5] a long text is no time and takes none', () => {
    expect(parseDeviceTime(`2026-01-01T10:00:00${' '.repeat(100_000)}x`, CHINA)).toBeUndefined()
  })

  test('[I4] midnight written as the end of the day', () => {
    expect(parseDeviceTime('2026-01-01T24:00:00', CHINA)?.ms).toBe(Date.parse('2026-01-02T00:00:00+08:00'))
  })

  test('[I4] the first time that can be read', () => {
    expect(firstTime([undefined, 'never', '2026-01-01T00:00:00Z'], CHINA)?.ms).toBe(Date.parse('2026-01-01T00:00:00Z'))
    expect(firstTime([undefined], CHINA)).toBeUndefined()
  })
})
