import { describe, expect, test } from 'vitest'
import { createAnalysis } from '../../server/analysis/analysis.ts'
import type { InactivityState } from '../../server/analysis/inactivity-state.ts'
import { noCells, pack, unpack } from '../../server/analysis/quiet/cells.ts'
import { CELLS, STARTS } from '../../server/analysis/quiet/grid.ts'
import { lineFor, linesFor } from '../../server/analysis/quiet/line.ts'
import { confidenceOf, drawLines, hearPast, hearSign, newQuiet, type Quiet, tooLongUnder } from '../../server/analysis/quiet/model.ts'
import { newTally, teach } from '../../server/analysis/quiet/tally.ts'
import { seededRandom } from '../../shared/random.ts'
import { analysisWorld, HOME_SENSORS, HOUR, MINUTE, ofKind, testAnalysis } from '../support/analysis.ts'

const DAY = 24 * HOUR
const MIDNIGHT = Date.parse('2026-01-05T00:00:00+08:00')
const ALL_EARS = { utcOffset: 480, heardSince: 0 }

/** A made-up day: up about seven, something every half hour, a nap of two hours after noon, in bed by ten. */
function day(n: number, random: () => number): number[] {
  const signs: number[] = []
  for (let minute = 420 + random() * 40; minute < 1320; minute += 5 + random() * 30) {
    if (minute > 750 && minute < 850) minute = 850 + random() * 30
    signs.push(MIDNIGHT + n * DAY + Math.round(minute * MINUTE))
  }
  return signs
}
const days = (count: number, seed = 7) => {
  const { next: random } = seededRandom(seed)
  return Array.from({ length: count }, (_, n) => day(n, random)).flat()
}
function taught(count: number): Quiet {
  const quiet = newQuiet()
  for (const at of days(count)) hearSign(quiet, { at, after: 'home' }, ALL_EARS)
  return quiet
}
const startAt = (hour: number) => Math.floor((hour * 60) / 10)

describe('what silences teach', () => {
  test('[A1] cells come back from their packing as they were', () => {
    const cells = noCells()
    cells.ends[3] = 255
    cells.stays[CELLS - 1] = 65_535
    expect(unpack(pack(cells))).toEqual(cells)
    expect(unpack('')).toEqual(noCells())
  })

  test('a silence by day is too long sooner than one that begins at bedtime', () => {
    const line = lineFor(taught(60).home, 0.5)
    expect(line).toHaveLength(STARTS)
    expect(line[startAt(22)]! - line[startAt(16)]!).toBeGreaterThan(24)
    expect(line[startAt(16)]! * 10).toBeLessThan(4 * 60)
    expect(line[startAt(22)]! * 10).toBeLessThan(14 * 60)
  })

  test('the dial: the fewer false alarms are wanted the later it calls', () => {
    const sums = linesFor(taught(60).home, [0.1, 0.5, 2]).map((line) => line.reduce((sum, step) => sum + step))
    expect(sums).toEqual([...sums].sort((a, b) => b - a))
    expect(sums[0]).toBeGreaterThan(sums[2]!)
  })

  test('under heat or cold it calls sooner, but for no silence that is quite ordinary', () => {
    const quiet = taught(60)
    drawLines(quiet, MIDNIGHT + 60 * DAY, 480, 0.1)
    const lengths = (factor: number) =>
      Array.from({ length: 24 }, (_, hour) => {
        const from = MIDNIGHT + 60 * DAY + hour * HOUR
        return (tooLongUnder(factor, quiet, from, 480)! - from) / HOUR
      })
    const [usual, hot] = [lengths(1), lengths(0.6)]
    expect(hot.every((hours, n) => hours <= usual[n]! && hours >= 0.6 * usual[n]! - 1e-9)).toBe(true)
    expect(hot.filter((hours, n) => hours < usual[n]!).length).toBeGreaterThan(12)
    // bed at ten, up by twenty to eight: whoever only sleeps is not called
    expect(hot[22]).toBeGreaterThan(9.6)
  })

  test('nothing is learned of a silence in which the home was deaf, or the person away', () => {
    const quiet = newQuiet()
    hearSign(quiet, { at: MIDNIGHT, after: 'home' }, ALL_EARS)
    hearSign(quiet, { at: MIDNIGHT + 5 * HOUR, after: 'home' }, { utcOffset: 480, heardSince: MIDNIGHT + HOUR })
    hearSign(quiet, { at: MIDNIGHT + 9 * HOUR, after: 'home' }, { utcOffset: 480, heardSince: null })
    hearSign(quiet, { at: MIDNIGHT + 14 * HOUR, after: 'home' }, { ...ALL_EARS, away: true })
    expect(quiet.home).toEqual(newTally())
  })

  test('[I4] history teaches the same as the days themselves, once', () => {
    const lived = taught(30)
    const told = newQuiet()
    for (let twice = 0; twice < 2; twice++) for (const at of days(30)) hearPast(told, { at, after: 'home' }, 480)
    expect(told.home).toEqual(lived.home)
    expect(told.last).toBeNull()
    hearSign(told, { at: MIDNIGHT + 40 * DAY, after: 'home' }, ALL_EARS)
    hearPast(told, { at: MIDNIGHT + 41 * DAY, after: 'home' }, 480)
    expect(told.home).toEqual(lived.home)
  })

  test('no line before 28 days; the confidence grows with the days', () => {
    const few = taught(27)
    drawLines(few, MIDNIGHT + 27 * DAY, 480, 0.5)
    expect(few.lines).toEqual({})
    const enough = taught(28)
    drawLines(enough, MIDNIGHT + 28 * DAY, 480, 0.5)
    expect(enough.lines.home).toHaveLength(STARTS)
    const sure = [7, 28, 90].map((count) => confidenceOf(taught(count)))
    expect(sure).toEqual([...sure].sort((a, b) => a - b))
    expect(sure[2]).toBeGreaterThan(0.85)
  })

  test('a year of a home is remembered in less than 10 kB, and old days fade', () => {
    const quiet = taught(300)
    for (const at of days(100)) teach(quiet.door, at, at + 3 * HOUR, 480)
    drawLines(quiet, MIDNIGHT + 300 * DAY, 480, 0.5)
    expect(JSON.stringify(quiet).length).toBeLessThan(9_000)
    expect(Math.max(...unpack(quiet.home.cells).ends)).toBeLessThan(255)
    expect(quiet.lines.home![startAt(16)]! * 10).toBeLessThan(4 * 60)
  })
})

describe('a home whose rhythm is known', () => {
  /** History of five weeks, then live from half past eight in the morning. */
  function known() {
    const start = MIDNIGHT + 35 * DAY + 8.5 * HOUR
    const home = testAnalysis({ start })
    for (const at of days(35)) home.motion({ at, receivedAt: start })
    for (const id of HOME_SENSORS) home.send('linwang.heartbeat', id, { online: true })
    expect(home.found, '[I4] history raises nothing').toEqual([])
    return home
  }
  /** Everyday life: something every twenty minutes. */
  function live(home: ReturnType<typeof known>, ms: number) {
    for (let n = 0; n < ms / (20 * MINUTE); n++) {
      home.motion()
      home.pass(20 * MINUTE, HOME_SENSORS)
    }
  }

  test('is called sooner than by the timer, and says why', () => {
    const home = known()
    live(home, 24 * HOUR + 30 * MINUTE)
    home.motion()
    const since = home.now()
    const [finding] = ofKind(home.pass(4 * HOUR, HOME_SENSORS), 'inactivity')
    expect(finding).toMatchObject({ priority: 1, evidence: { since, learned: true, lastDoor: null, doorOpened: false } })
    const { silentMinutes, lineMinutes, usualBy, confidence, day: strip } = finding!.evidence!
    expect(silentMinutes).toBeLessThan(240)
    expect(Number(silentMinutes) - Number(lineMinutes), 'no later than the next word of every sensor').toBeLessThanOrEqual(15)
    expect(usualBy).toMatch(/^\d\d:\d\d$/)
    expect(confidence).toBeGreaterThan(0.3)
    expect(strip).toMatch(/^[-x0-9]{48}$/)
    expect(JSON.stringify(finding!.evidence).length).toBeLessThan(500)
  })

  test('[A1] in the heat an alert says so', () => {
    const home = known()
    live(home, 24 * HOUR + 30 * MINUTE)
    const heat = { identifier: 'h', msgType: 'alert' as const, references: [], event: '11B09', headline: '高温', areas: ['全市'] }
    home.take({ ...home.signal('linwang.warning', '/feeds/weather', { ...heat, colour: 'red' }), feed: 'weather' })
    home.motion()
    expect(ofKind(home.pass(4 * HOUR, HOME_SENSORS), 'inactivity')).toMatchObject([{ evidence: { learned: true, strain: 'heat' } }])
  })

  test('[A2] a dead battery or a gateway that is out for six hours calls nobody', () => {
    const dead = known()
    live(dead, 25 * HOUR)
    const found = dead.pass(5 * HOUR, ['motion-bedroom', 'door'])
    expect(ofKind(found, 'inactivity')).toEqual([])
    const out = known()
    live(out, 25 * HOUR)
    expect([...ofKind(out.pass(6 * HOUR - MINUTE), 'inactivity'), ...ofKind(out.found, 'not-returned')]).toEqual([])
    expect(out.analysis.care(out.now(), [])).toMatchObject([{ state: 'blind' }])
  })

  test('[A1] a restart forgets nothing: the same alerts come at the same minute', () => {
    const whole = known()
    live(whole, 25 * HOUR)
    const half = createAnalysis({ world: analysisWorld() })
    half.restore(JSON.parse(JSON.stringify(whole.analysis.dirty())))
    const at = whole.now()
    const beat = (now: number) =>
      HOME_SENSORS.map((id) => whole.signal('linwang.heartbeat', id, { online: true }, { at: now, receivedAt: now }))
    const run = (analysis: typeof half) => {
      const found = []
      for (let now = at; now < at + 8 * HOUR; now += MINUTE) {
        if (now % (30 * MINUTE) < MINUTE) for (const signal of beat(now)) found.push(...analysis.onSignal(signal))
        found.push(...analysis.onTick(now))
      }
      return found
    }
    const again = run(half)
    expect(ofKind(again, 'inactivity')).toHaveLength(1)
    expect(again).toEqual(run(whole.analysis))
  })

  test('what a tick did not change is not saved again', () => {
    const home = known()
    live(home, HOUR)
    home.analysis.dirty()
    home.analysis.onTick(home.now() + MINUTE)
    const parts = () => home.analysis.dirty().map(({ part }) => part)
    expect(parts()).not.toContain('analysis.inactivity')
    home.analysis.onTick(home.now() + HOUR)
    expect(parts()).toContain('analysis.inactivity')
  })

  test('who is announced to be away is not called, and is missed from the day of return on', () => {
    const world = analysisWorld()
    const home = known()
    live(home, 25 * HOUR)
    const back = home.now() + 20 * HOUR
    const analysis = createAnalysis({ world, awayUntil: (id, from) => (id === 'zhang' && from < back ? back : undefined) })
    analysis.restore(JSON.parse(JSON.stringify(home.analysis.dirty())))
    const found = []
    for (let n = 1; n < 44 * 60; n++) {
      if (n % 10 === 0)
        for (const id of HOME_SENSORS)
          analysis.onSignal(
            home.signal('linwang.heartbeat', id, { online: true }, { at: home.now() + n * MINUTE, receivedAt: home.now() + n * MINUTE }),
          )
      found.push(...analysis.onTick(home.now() + n * MINUTE))
    }
    const calls = ofKind(found, 'inactivity')
    expect(calls).toHaveLength(1)
    expect(calls[0]!.at - back).toBeGreaterThan(HOUR)
    expect(calls[0]!.evidence!.lineMinutes).toBeLessThan(24 * 60)
  })
})

describe('who went out', () => {
  /** Every day at nine to the market, back by ten. */
  function marketGoer() {
    const home = testAnalysis({ start: MIDNIGHT + 6 * HOUR })
    for (let n = 0; n < 32; n++) {
      const at = (hour: number) => MIDNIGHT + n * DAY + Math.round(hour * HOUR)
      const until = (hour: number) => home.pass(at(hour) - home.now(), HOME_SENSORS)
      const stir = (from: number, to: number) => {
        for (let hour = from; hour < to; hour += 0.5) {
          until(hour)
          home.motion()
        }
      }
      stir(7, 9)
      until(9 + (n % 5) / 20)
      home.contact(true)
      home.contact(false)
      until(10 + (n % 7) / 20)
      home.contact(true)
      stir(10.5, 21.6)
      home.contact(false)
      home.motion()
      until(30)
    }
    home.found.length = 0
    home.pass(HOUR, HOME_SENSORS)
    home.motion()
    home.pass(2 * HOUR, HOME_SENSORS)
    home.contact(true)
    home.contact(false)
    return home
  }

  test('and is not back by the usual time is asked after, softly, long before the day ends; a fall behind the door looks the same', () => {
    const home = marketGoer()
    const found = home.pass(24 * HOUR, HOME_SENSORS)
    expect(ofKind(found, 'inactivity')).toEqual([])
    const [finding] = ofKind(found, 'not-returned')
    expect(finding).toMatchObject({ priority: 3, residentId: 'zhang', evidence: { learned: true } })
    expect(finding!.at - (home.now() - 24 * HOUR)).toBeLessThan(8 * HOUR)
    home.contact(true)
    expect(home.pass(MINUTE, HOME_SENSORS)).toContainEqual(
      expect.objectContaining({ act: 'clear', key: 'not-returned/caihong-b01-u1-101' }),
    )
  }, 30_000)
})

test('a home with a water meter alone goes by the meter, with a rule of a day until it is known', () => {
  const home = testAnalysis({ world: analysisWorld(), start: MIDNIGHT + 8 * HOUR })
  const read = (litres: number) => home.send('linwang.meter', 'water', { quantity: 'water', reading: litres, unit: 'L' })
  read(100)
  home.pass(HOUR)
  read(120)
  const found = []
  for (let n = 0; n < 26; n++) {
    found.push(...home.pass(HOUR))
    read(120)
  }
  const [finding] = ofKind(found, 'inactivity')
  expect(finding).toMatchObject({ evidence: { hours: 24, learned: false } })
})

test('states of before are completed', () => {
  const analysis = createAnalysis({ world: analysisWorld() })
  const [old] = analysis.care(MIDNIGHT, [])
  const state = JSON.parse(
    JSON.stringify({
      moved: null,
      door: null,
      passed: null,
      where: { presence: 'unsure', since: 0, known: 0 },
      heardSince: null,
      blindSince: null,
      silent: false,
      welfare: null,
      water: null,
      rhythm: { day: -1, today: [], usual: new Array(48).fill(0), days: 0 },
    }),
  ) as InactivityState
  analysis.restore([{ part: 'analysis.inactivity', key: 'zhang', value: state }])
  analysis.onTick(MIDNIGHT)
  expect(analysis.health().every(({ errors }) => errors === 0)).toBe(true)
  expect(old).toBeDefined()
})

test('[A2] where a water meter alone listens, a silence with a hole in the readings teaches nothing, one lost reading does', () => {
  const home = testAnalysis({ start: MIDNIGHT })
  const stateOf = () =>
    home.analysis.dirty().find(({ part, key }) => part === 'analysis.inactivity' && key === 'zhang')?.value as InactivityState
  let litres = 100
  const read = (hours: number, drawn: number) => {
    home.pass(hours * HOUR)
    litres += drawn
    home.send('linwang.meter', 'water', { quantity: 'water', reading: litres, unit: 'L' })
    return stateOf().quiet.home.starts.reduce((sum, one) => sum + one, 0)
  }
  for (let hour = 0; hour < 6; hour++) read(1, 0)
  read(1, 20)
  expect(read(2, 20)).toBe(1)
  read(1, 0)
  expect(read(4, 20)).toBe(1)
  expect(read(1, 20)).toBe(2)
})
