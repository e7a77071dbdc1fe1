import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAnalysis } from '../../server/analysis/analysis.ts'
import type { Detector } from '../../server/analysis/detector.ts'
import { DETECTORS } from '../../server/analysis/register.ts'
import type { Finding } from '../../shared/finding.ts'
import type { Signal } from '../../shared/signal.ts'
import { analysisWorld, HOUR, kinds, MINUTE, testAnalysis } from '../support/analysis.ts'
import { MONDAY_TEN } from '../support/work.ts'

type Event = { signal: Signal } | { tick: number }

const anEvent = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('tick' as const), minutes: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constantFrom('motion', 'contact', 'in', 'out', 'press', 'smoke', 'clear', 'crowd', 'loss', 'beat', 'water'),
      device: fc.nat(),
      late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 * HOUR })),
      status: fc.constantFrom('actual' as const, 'actual' as const, 'actual' as const, 'exercise' as const),
      replay: fc.boolean().map((replay) => replay && undefined),
      battery: fc.integer({ min: 0, max: 100 }),
    }),
  },
)

/** Signals and ticks in commit order, times and all. */
function unfold(plan: readonly (typeof anEvent extends fc.Arbitrary<infer E> ? E : never)[]): Event[] {
  const estate = testAnalysis()
  const ids = estate.world.devices().map(({ id }) => id)
  let now = MONDAY_TEN
  return plan.flatMap((one): Event[] => {
    if (one.what === 'tick') {
      const from = now
      now += one.minutes * MINUTE
      return Array.from({ length: one.minutes * 3 }, (_, n) => ({ tick: from + (n + 1) * 20_000 }))
    }
    const { what, device, late, status, battery } = one as Exclude<typeof one, { minutes: number }>
    const more = { receivedAt: now, at: now - late, status }
    const make = {
      motion: () => estate.signal('linwang.motion', 'motion-living', { occupied: true }, more),
      contact: () => estate.signal('linwang.contact', 'door', { open: true }, more),
      in: () =>
        estate.signal('linwang.passage', 'gate-b01-u1', { direction: 'in', residentId: device % 2 ? 'li' : 'zhang', granted: true }, more),
      out: () =>
        estate.signal('linwang.passage', 'gate-b01-u1', { direction: 'out', residentId: device % 2 ? 'li' : 'zhang', granted: true }, more),
      press: () => estate.signal('linwang.help', 'help', {}, more),
      smoke: () => estate.signal('linwang.hazard', device % 2 ? 'smoke' : 'smoke-2', { hazard: 'smoke', active: true }, more),
      clear: () => estate.signal('linwang.hazard', device % 2 ? 'smoke' : 'smoke-2', { hazard: 'smoke', active: false }, more),
      crowd: () => estate.signal('linwang.camera', device % 2 ? 'cam-1' : 'cam-2', { event: 'crowd', active: device % 3 > 0 }, more),
      loss: () => estate.signal('linwang.camera', 'cam-1', { event: 'video-loss' }, more),
      beat: () => estate.signal('linwang.heartbeat', ids[device % ids.length]!, { online: device % 7 > 0, battery }, more),
      water: () => estate.signal('linwang.meter', 'water', { quantity: 'water', reading: device % 1000, unit: 'L' }, more),
    }[what]
    return [{ signal: make() }]
  })
}

type Analysis = ReturnType<typeof createAnalysis>
const play = (analysis: Analysis, events: readonly Event[]): Finding[] =>
  events.flatMap((event) => [...('tick' in event ? analysis.onTick(event.tick) : analysis.onSignal(event.signal))])
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const everything = (analysis: Analysis, now: number) => ({
  care: analysis.care(now, []),
  figures: analysis.figures(now),
  devices: analysis.devices(now),
})

describe('[A1] pure and repeatable', () => {
  test('the same signals and ticks find the same, across a checkpoint at any point, with a replay from an older one', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 80 }), fc.nat(), fc.nat(), (plan, first, second) => {
        const events = unfold(plan)
        const saved = events.length && first % events.length
        const died = events.length && saved + (second % (events.length - saved))
        const world = analysisWorld()
        const whole = createAnalysis({ world })
        const expected = events.map((event) => play(whole, [event]))

        const before = createAnalysis({ world })
        const store = new Map<string, { part: string; key: string; value: unknown }>()
        const save = () => {
          for (const one of before.dirty())
            store.set(`${one.part} ${one.key}`, { ...one, value: one.value === undefined ? undefined : copy(one.value) })
        }
        play(before, events.slice(0, saved >> 1))
        save()
        play(before, events.slice(saved >> 1, saved))
        save()
        const after = createAnalysis({ world })
        after.restore([...store.values()].filter(({ value }) => value !== undefined))
        play(after, events.slice(saved, died))
        expect(events.slice(died).map((event) => play(after, [event]))).toEqual(expected.slice(died))
        const end = MONDAY_TEN + 100 * HOUR
        expect(everything(after, end)).toEqual(everything(whole, end))
      }),
      {
        numRuns: 60,
        examples: [
          // once failed: minutes without any signal were not saved
          [
            [
              { what: 'tick', minutes: 25 },
              { what: 'tick', minutes: 21 },
              { what: 'tick', minutes: 4 },
              { what: 'motion', device: 0, late: 0, status: 'exercise', replay: undefined, battery: 0 },
            ],
            2147450878,
            0,
          ],
        ],
      },
    )
  })

  test('what need not be remembered any more is forgotten in the store as well', () => {
    const estate = testAnalysis()
    estate.see('crowd', 'cam-1', { active: true })
    expect(estate.analysis.dirty()).toContainEqual(expect.objectContaining({ part: 'analysis.camera', value: expect.anything() }))
    estate.see('crowd', 'cam-1', { active: false })
    expect(estate.analysis.dirty()).toContainEqual({ part: 'analysis.camera', key: 'crowd/caihong-square', value: undefined })
  })

  test('a restart within a minute does not make the minute look longer', () => {
    const looks: number[] = []
    const watcher = (): Detector<unknown> => ({
      name: 'watcher',
      types: [],
      keyOf: () => undefined,
      seeds: () => ['x'],
      start: () => ({}),
      onSignal: () => [],
      onTick: (_state, { now }) => {
        looks.push(now)
        return []
      },
    })
    const make = () => createAnalysis({ world: analysisWorld(), detectors: [watcher] })
    const before = make()
    before.onTick(MONDAY_TEN)
    const after = make()
    after.restore(copy(before.dirty()))
    after.onTick(MONDAY_TEN + 59_999)
    after.onTick(MONDAY_TEN + MINUTE)
    expect(looks).toEqual([MONDAY_TEN, MONDAY_TEN + MINUTE])
  })

  test('states are plain JSON', () => {
    const analysis = createAnalysis({ world: analysisWorld() })
    play(analysis, unfold([{ what: 'tick', minutes: 3 }]))
    for (const { value } of analysis.dirty()) expect(copy(value)).toEqual(value)
  })

  test('an import changes what is watched and forgets nothing', () => {
    const estate = testAnalysis()
    const [smoke] = estate.smoke(true)
    estate.analysis.setWorld(analysisWorld({ residents: [] }))
    expect(estate.smoke(false)).toMatchObject([{ act: 'clear', key: smoke!.key }])
    expect(estate.analysis.care(estate.now(), [])).toEqual([])
    estate.analysis.setWorld(analysisWorld())
    expect(estate.analysis.care(estate.now(), [])).toHaveLength(1)
  })
})

describe('[A3] a detector that throws', () => {
  const broken = (): Detector<unknown> => ({
    name: 'broken',
    types: ['linwang.help'],
    keyOf: () => 'x',
    seeds: () => ['x'],
    start: () => ({}),
    onSignal: () => {
      throw new Error('out of its depth')
    },
    onTick: () => {
      throw new Error('out of time')
    },
  })

  test('loses nothing of the others and shows in health', () => {
    const estate = testAnalysis({ detectors: [broken, ...DETECTORS] })
    expect(kinds(estate.press())).toEqual(['help'])
    estate.pass(MINUTE)
    expect(estate.analysis.health()).toContainEqual({ detector: 'broken', errors: 2, lastError: 'out of time' })
    expect(estate.analysis.health().filter(({ errors }) => errors > 0)).toHaveLength(1)
  })
})

describe('figures', () => {
  test('signals of each minute, and of the last sixty seconds', () => {
    const estate = testAnalysis()
    for (const count of [3, 5, 2]) {
      for (let n = 0; n < count; n++) estate.motion()
      estate.pass(MINUTE)
    }
    const figures = estate.analysis.figures(estate.now())
    expect(figures.signals.slice(-4)).toEqual([0, 3, 5, 2])
    expect(figures.signals).toHaveLength(60)
    expect(figures.perMinute).toBe(2)
    expect(figures.usualSignals).toEqual([])
  })

  test('after a day it is known what is usual', () => {
    const estate = testAnalysis()
    for (let n = 0; n < 25 * 60; n++) {
      estate.motion()
      estate.motion()
      estate.pass(MINUTE)
    }
    expect(estate.analysis.figures(estate.now()).usualSignals).toEqual(new Array(60).fill(2))
  })

  test('passages by hour of today, from midnight anew', () => {
    const estate = testAnalysis()
    estate.passage('li', 'out')
    estate.passage('li', 'in')
    estate.passage('zhang', 'in', 'gate-east', { at: estate.now() - 2 * HOUR, receivedAt: estate.now() })
    estate.passage('zhang', 'in', 'gate-east', { at: estate.now() - 23 * HOUR, receivedAt: estate.now() })
    const { passagesIn, passagesOut } = estate.analysis.figures(estate.now())
    expect([passagesIn[8], passagesIn[10], passagesOut[10]]).toEqual([1, 1, 1])
    expect(passagesIn.reduce((sum, count) => sum + count)).toBe(2)
    estate.pass(14 * HOUR + MINUTE)
    expect(estate.analysis.figures(estate.now()).passagesIn).toEqual(new Array(24).fill(0))
  })

  test('medians of today against their targets, incidents of seven days by kind', () => {
    const estate = testAnalysis()
    const order = (id: string, seconds: number) =>
      ({ id, status: 'actual', dispatchedAt: 0, acceptedAt: seconds * 1000, steps: [] }) as never
    const orders = [30, 90, 60].map((seconds, n) => ({ before: undefined, order: order(`order-${n}`, seconds), act: 'accept', by: 's1' }))
    const opened = (kind: string, status = 'actual') => ({
      before: undefined,
      incident: { kind, status } as never,
      act: 'opened' as const,
      by: '',
    })
    const incidents = [opened('help'), opened('hazard.smoke'), opened('help'), opened('help', 'exercise')]
    estate.analysis.observe({ orders, incidents }, estate.now())
    const figures = estate.analysis.figures(estate.now())
    expect(figures.response.find(({ step }) => step === 'accept')).toEqual({ step: 'accept', median: 60, target: 120, count: 3 })
    expect(figures.incidents).toEqual([
      { kind: 'help', count: 2 },
      { kind: 'hazard.smoke', count: 1 },
    ])
    const nextWeek = estate.now() + 8 * 24 * HOUR
    expect(estate.analysis.figures(nextWeek)).toMatchObject({ incidents: [], response: [{ median: null }, {}, {}, {}, {}] })
  })

  test('[X1] exercises and tests count in none', () => {
    const estate = testAnalysis()
    estate.motion({ status: 'exercise' })
    estate.passage('li', 'out', 'gate-east', { status: 'test' })
    const { perMinute, passagesOut } = estate.analysis.figures(estate.now())
    expect([perMinute, Math.max(...passagesOut)]).toEqual([0, 0])
  })
})
