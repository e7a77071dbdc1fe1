import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAnalysis } from '../../server/analysis/analysis.ts'
import type { FeedRule } from '../../server/analysis/detector.ts'
import { beat, isClockwork, type Pulse, patience } from '../../server/analysis/pulse.ts'
import { seededRandom } from '../../shared/random.ts'
import { analysisWorld, HOUR, kinds, MINUTE, ofKind, SECOND, testAnalysis } from '../support/analysis.ts'

const DAY = 24 * HOUR
const learn = (pauses: readonly number[], from?: Pulse) => pauses.reduce<Pulse | undefined>((pulse, pause) => beat(pulse, pause), from)
const times = (n: number, pause: number) => Array.from({ length: n }, () => pause)
const CAMERA = { floor: 3 * MINUTE, usual: 5 * MINUTE }
const SMOKE = { floor: 3 * MINUTE, usual: 26 * HOUR }

describe('[P4] the rhythm of one device', () => {
  test('a camera that speaks every ten seconds is missed after minutes, not before', () => {
    expect(patience(learn(times(60, 10 * SECOND)), CAMERA)).toBe(3 * MINUTE)
  })
  test('a smoke detector that speaks every six hours is not missed before a day', () => {
    for (const n of [1, 4, 30, 60]) expect(patience(learn(times(n, 6 * HOUR)), SMOKE)).toBeGreaterThanOrEqual(24 * HOUR)
    expect(patience(learn(times(60, 6 * HOUR)), SMOKE)).toBeLessThanOrEqual(2 * DAY)
  })
  test('two messages a day are no rhythm yet: it is waited for as for its kind', () => {
    expect(patience(undefined, CAMERA)).toBe(CAMERA.usual)
    expect(patience(learn([20 * SECOND, 30 * SECOND]), CAMERA)).toBe(CAMERA.usual)
  })
  test('a camera without a clock, that speaks when something moves, is not missed at each quiet hour', () => {
    const pulse = learn([5 * MINUTE, 40 * MINUTE, 3 * MINUTE, 2 * HOUR, 10 * MINUTE])
    expect(patience(pulse, CAMERA)).toBeGreaterThan(5 * HOUR)
  })
  test('jitter and a lost message now and then leave a clock a clock', () => {
    const random = seededRandom(7)
    const pauses = Array.from({ length: 200 }, (_, n) => (n % 97 === 96 ? 2 : 1) * 60 * SECOND * (0.95 + 0.1 * random.next()))
    expect(isClockwork(learn(pauses)!)).toBe(true)
  })
  test('a breakdown of an hour is forgotten in minutes by what keeps a clock', () => {
    const before = learn(times(60, 10 * SECOND))
    const after = learn([HOUR, ...times(60, 10 * SECOND)], before)
    expect(patience(after, CAMERA)).toBeLessThanOrEqual(4 * MINUTE)
  })
  test('what comes by chance is hardly ever taken for a clock', () => {
    let mistaken = 0
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed)
      const pauses = Array.from({ length: 100 }, () => Math.max(2_000, -Math.log(1 - random.next()) * 10 * MINUTE))
      if (isClockwork(learn(pauses)!)) mistaken++
    }
    expect(mistaken).toBeLessThanOrEqual(20)
  })
  test('messages of one waking are one', () => {
    expect(learn([10 * MINUTE, 0, 500, 10 * MINUTE, 0])).toEqual([10 * MINUTE, 2, 10 * MINUTE])
  })
  test('whatever comes, patience is a time between the floor and eight days', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30 * DAY), { maxLength: 120 }), (pauses) => {
        const ms = patience(learn(pauses), CAMERA)
        expect(ms).toBeGreaterThanOrEqual(CAMERA.floor)
        expect(ms).toBeLessThanOrEqual(8 * DAY)
      }),
    )
  })
})

/** One who speaks every so often, for so long, among others that go on. */
function speak(estate: ReturnType<typeof testAnalysis>, ids: readonly string[], every: number, lasting: number) {
  const found = []
  for (let passed = 0; passed < lasting; passed += every) {
    for (const id of ids) found.push(...estate.send('linwang.heartbeat', id, { online: true }))
    found.push(...estate.pass(every))
  }
  return found
}

describe('[P4] a device and its feed', () => {
  const CAMERAS = ['cam-1', 'cam-2', 'cam-3', 'cam-4']
  test('a terminal that stops pushing after a reboot is found by its silence', () => {
    const estate = testAnalysis()
    expect(speak(estate, CAMERAS, 10 * SECOND, HOUR)).toEqual([])
    const silence = speak(estate, CAMERAS.slice(1), 10 * SECOND, 5 * MINUTE)
    expect(silence).toMatchObject([{ kind: 'device-silent', deviceId: 'cam-1' }])
    expect((silence[0] as { at: number }).at - (estate.now() - 5 * MINUTE)).toBeLessThanOrEqual(4 * MINUTE)
  })
  test('what is set by hand goes before what was learned', () => {
    const devices = analysisWorld()
      .devices()
      .map((device) => (device.id === 'cam-1' ? { ...device, silentAfter: 1800 } : device))
    const estate = testAnalysis({ world: analysisWorld({ devices }) })
    speak(estate, CAMERAS, 10 * SECOND, HOUR)
    expect(speak(estate, CAMERAS.slice(1), 10 * SECOND, 25 * MINUTE)).toEqual([])
    expect(kinds(speak(estate, CAMERAS.slice(1), 10 * SECOND, 10 * MINUTE))).toEqual(['device-silent'])
    expect(estate.analysis.hearing('cam-1', estate.now())).toMatchObject({ silentAfter: 1800, expectation: 'set', usualGap: 10 })
    expect(estate.analysis.hearing('cam-2', estate.now())).toMatchObject({ silentAfter: 180, expectation: 'learned' })
    expect(estate.analysis.hearing('help', estate.now())).toMatchObject({ state: 'never', expectation: 'kind', usualGap: null })
  })
  test('a night without the server is no rhythm of any device', () => {
    const estate = testAnalysis()
    speak(estate, CAMERAS, MINUTE, 2 * HOUR)
    estate.pass(8 * HOUR)
    speak(estate, CAMERAS, MINUTE, 10 * MINUTE)
    expect(estate.analysis.hearing('cam-1', estate.now())).toMatchObject({ silentAfter: 240 })
  })

  const rules: Record<string, FeedRule> = {}
  const ruled = () => {
    const estate = testAnalysis()
    return Object.assign(estate, { analysis: createAnalysis({ world: estate.world, feed: (id) => rules[id] }) })
  }
  test('[A4] a feed of one device that keeps a clock is missed, and it is the engineer’s', () => {
    const estate = testAnalysis()
    speak(estate, ['water'], 30 * SECOND, 2 * HOUR)
    const raised = ofKind(estate.pass(15 * MINUTE), 'feed-silent')
    expect(raised).toMatchObject([{ key: 'feed-silent/meters', priority: 3 }])
    expect(speak(estate, ['water'], 30 * SECOND, 3 * MINUTE)).toContainEqual(
      expect.objectContaining({ act: 'clear', key: 'feed-silent/meters' }),
    )
  })
  test('a feed of a few people who come and go is not missed in its first night', () => {
    const estate = testAnalysis()
    for (const pause of [1, 7, 2, 20, 5, 3, 11, 2]) {
      estate.passage('zhang', 'in')
      estate.pass(pause * MINUTE)
    }
    expect(ofKind(estate.pass(9 * HOUR), 'feed-silent')).toEqual([])
  })
  test('a feed that is set by hand is missed by that', () => {
    rules.meters = { state: 'active', silentAfter: 60 }
    const estate = ruled()
    const send = () => estate.analysis.onSignal(estate.signal('linwang.heartbeat', 'water', { online: true }))
    send()
    const start = estate.now()
    expect(estate.analysis.onTick(start + MINUTE)).toEqual([])
    expect(kinds(estate.analysis.onTick(start + 2 * MINUTE))).toEqual(['feed-silent'])
    expect(estate.analysis.feedPatience('meters')).toBe(MINUTE)
    delete rules.meters
  })
  test('a paused feed raises nothing, and after it goes on each device has its time anew', () => {
    const estate = ruled()
    let at = estate.now()
    const minute = () => {
      at += MINUTE
      return estate.analysis.onTick(at)
    }
    const tick = (minutes: number) => Array.from({ length: minutes }, minute).flat()
    for (const id of CAMERAS) estate.analysis.onSignal(estate.signal('linwang.heartbeat', id, { online: true }, { at, receivedAt: at }))
    expect(kinds(tick(10))).toEqual(['feed-silent'])
    rules.frigate = { state: 'paused' }
    expect(kinds(tick(60))).toEqual(['clear'])
    delete rules.frigate
    expect(tick(4)).toEqual([])
    expect(kinds(tick(4))).toEqual(['feed-silent'])
  })
  test('warnings are no rhythm: a feed without devices is not missed', () => {
    const estate = testAnalysis()
    const data = {
      identifier: 'w',
      msgType: 'alert' as const,
      references: [],
      event: 'x',
      colour: 'red' as const,
      headline: 'x',
      areas: [],
    }
    for (let n = 0; n < 60; n++) {
      estate.send('linwang.warning', '/feeds/weather', { ...data, identifier: `w${n}` }, { placeId: 'caihong' })
      estate.pass(MINUTE)
    }
    expect(ofKind(estate.pass(DAY), 'feed-silent')).toEqual([])
  })
})

test('[A1] ten thousand devices: what is remembered of them stays small', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => ({ ...analysisWorld().device('smoke')!, id: `smoke-${n}`, address: `smoke-${n}` }))
  const estate = testAnalysis({ world: analysisWorld({ devices: many }) })
  for (let round = 0; round < 3; round++) {
    for (const { id } of many) estate.send('linwang.heartbeat', id, { online: true, battery: 90 })
    estate.pass(10 * MINUTE)
  }
  const feed = estate.analysis.dirty().find(({ part, key }) => part === 'analysis.hearing' && key === 'zigbee2mqtt')
  expect(JSON.stringify(feed!.value).length / many.length).toBeLessThan(120)
})
