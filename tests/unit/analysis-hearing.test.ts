import { describe, expect, test } from 'vitest'
import type { Device } from '../../shared/device.ts'
import { analysisWorld, HOUR, kinds, MINUTE, ofKind, SECOND, testAnalysis } from '../support/analysis.ts'

const CAMERAS = ['cam-1', 'cam-2', 'cam-3', 'cam-4']
const beat = (estate: ReturnType<typeof testAnalysis>, ids: readonly string[], data: { online?: boolean; battery?: number } = {}) =>
  ids.flatMap((id) => estate.send('linwang.heartbeat', id, { online: true, ...data }))

/** Minutes in which these cameras are heard each minute. */
function minutes(estate: ReturnType<typeof testAnalysis>, count: number, heard: readonly string[]) {
  return Array.from({ length: count }, () => [...beat(estate, heard), ...estate.pass(MINUTE)]).flat()
}

describe('a device that is not heard', () => {
  test('is the engineer’s after the time of its kind, once, and over when it is heard', () => {
    const estate = testAnalysis()
    beat(estate, CAMERAS)
    const rest = CAMERAS.slice(1)
    expect(minutes(estate, 5, rest)).toEqual([])
    expect(minutes(estate, 20, rest)).toMatchObject([{ kind: 'device-silent', priority: 4, deviceId: 'cam-1', key: 'device-silent/cam-1' }])
    beat(estate, ['cam-1'])
    expect(minutes(estate, 1, rest)).toMatchObject([{ act: 'clear', key: 'device-silent/cam-1' }])
  })

  test('goes by its own time where it has one', () => {
    const devices = analysisWorld()
      .devices()
      .map((device): Device => (device.id === 'cam-1' ? { ...device, silentAfter: 60 } : device))
    const estate = testAnalysis({ world: analysisWorld({ devices }) })
    beat(estate, CAMERAS)
    expect(kinds(minutes(estate, 2, CAMERAS.slice(1)))).toEqual(['device-silent'])
  })

  test('that was never heard is never, not silent', () => {
    const estate = testAnalysis()
    expect(estate.pass(30 * HOUR)).toEqual([])
    const { unwell, totals } = estate.analysis.devices(estate.now())
    expect(totals.camera).toEqual({ total: 4, heard: 0, never: 4 })
    expect(unwell.filter(({ kind }) => kind === 'camera').map(({ state, since }) => [state, since])).toEqual(
      CAMERAS.map(() => ['never', null]),
    )
  })

  test('that says it is offline is silent at once', () => {
    const estate = testAnalysis()
    minutes(estate, 1, CAMERAS)
    beat(estate, ['cam-1'], { online: false })
    expect(estate.pass(MINUTE)).toMatchObject([{ kind: 'device-silent', deviceId: 'cam-1', evidence: { offline: true } }])
  })

  test('[I4] is not woken by history or by a replayed state', () => {
    const estate = testAnalysis()
    estate.see('crowd', 'cam-1', { active: true }, { replay: true })
    estate.see('crowd', 'cam-1', { active: true }, { at: estate.now() - 30 * HOUR, receivedAt: estate.now() })
    expect(estate.analysis.devices(estate.now()).totals.camera!.never).toBe(4)
    expect(estate.pass(HOUR)).toEqual([])
  })
})

describe('[A4] a feed that is not heard', () => {
  test('is one alert instead of one for each of its devices', () => {
    const estate = testAnalysis()
    minutes(estate, 1, CAMERAS)
    expect(estate.pass(20 * MINUTE)).toMatchObject([
      { kind: 'feed-silent', priority: 3, key: 'feed-silent/frigate', placeId: 'caihong', evidence: { feed: 'frigate', devices: 4 } },
    ])
  })

  test('is over when half of it is back; each device then has its own time anew', () => {
    const estate = testAnalysis()
    minutes(estate, 1, CAMERAS)
    estate.pass(20 * MINUTE)
    expect(minutes(estate, 4, CAMERAS.slice(0, 3))).toMatchObject([{ act: 'clear', key: 'feed-silent/frigate' }])
    expect(minutes(estate, 3, CAMERAS.slice(0, 3))).toMatchObject([{ kind: 'device-silent', deviceId: 'cam-4' }])
  })

  test('a lively feed of many devices is missed long before each of its devices would be', () => {
    const many = Array.from({ length: 40 }, (_, n) => ({ ...analysisWorld().device('smoke')!, id: `s-${n}`, address: `s-${n}` }))
    const estate = testAnalysis({ world: analysisWorld({ devices: many }) })
    for (let n = 0; n < 400; n++) {
      estate.send('linwang.heartbeat', `s-${n % 40}`, { online: true })
      estate.pass(5 * SECOND)
    }
    expect(ofKind(estate.pass(9 * MINUTE), 'feed-silent')).toEqual([])
    expect(ofKind(estate.pass(2 * MINUTE), 'feed-silent')).toHaveLength(1)
  })

  test('two of five devices are no feed', () => {
    const estate = testAnalysis()
    minutes(estate, 1, CAMERAS)
    expect(kinds(minutes(estate, 20, CAMERAS.slice(2)))).toEqual(['device-silent', 'device-silent'])
  })
})

describe('batteries and faults', () => {
  test('a low battery is said once, and that it was changed', () => {
    const estate = testAnalysis()
    const said = [80, 15, 14, 20, 10, 100].map((battery) => kinds(beat(estate, ['help'], { battery })))
    expect(said).toEqual([[], ['device-battery'], [], [], [], ['clear']])
  })

  test('device health tells fault, low battery and silence apart', () => {
    const estate = testAnalysis()
    minutes(estate, 1, CAMERAS)
    estate.see('tamper', 'cam-2')
    beat(estate, ['help'], { battery: 5 })
    minutes(estate, 7, ['cam-2', 'cam-3', 'cam-4', 'help'])
    const { unwell, totals } = estate.analysis.devices(estate.now())
    expect(Object.fromEntries(unwell.filter(({ state }) => state !== 'never').map(({ id, state }) => [id, state]))).toEqual({
      'cam-1': 'silent',
      'cam-2': 'fault',
      help: 'low-battery',
    })
    expect(totals.camera).toEqual({ total: 4, heard: 3, never: 0 })
  })

  test('[X1] a drill with an empty battery tells the engineer nothing', () => {
    const estate = testAnalysis()
    expect(estate.send('linwang.heartbeat', 'help', { online: false, battery: 3 }, { status: 'exercise' })).toEqual([])
    estate.see('tamper', 'cam-1', {}, { status: 'exercise' })
    expect(estate.pass(MINUTE)).toEqual([])
    expect(estate.analysis.devices(estate.now()).unwell.filter(({ state }) => state !== 'never')).toEqual([])
  })
})
