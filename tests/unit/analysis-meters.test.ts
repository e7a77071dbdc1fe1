import { describe, expect, test } from 'vitest'
import { meterBand } from '../../server/analysis/meter-band.ts'
import { DAYS, HOURS, inBase, pour } from '../../server/analysis/meter-slots.ts'
import type { Finding } from '../../shared/finding.ts'
import { seededRandom } from '../../shared/random.ts'
import { analysisDevices, analysisWorld, FLAT, HOUR, MINUTE, testAnalysis } from '../support/analysis.ts'

const DAY = 24 * HOUR
const at = (time: string, day = 1) => Date.parse(`2026-03-${String(day).padStart(2, '0')}T${time}:00+08:00`)
const power = { ...analysisDevices().find(({ id }) => id === 'water')!, id: 'power', kind: 'power-meter' as const, address: 'power' }

type Quantity = 'water' | 'power'
/** A meter in 101 that tells of each hour how much ran. */
function meter({ quantity = 'water' as Quantity, unit = 'L', thresholds = {}, start = at('00:00') } = {}) {
  const world = analysisWorld({ devices: [...analysisDevices(), power], thresholds })
  const t = testAnalysis({ detectors: [meterBand], world })
  let now = start
  let reading = 1000
  const read = (ms: number, amount: number, more = {}): Finding[] => {
    now += ms
    reading += amount
    const signal = t.signal('linwang.meter', quantity, { quantity, reading, unit }, { at: now, receivedAt: now, ...more })
    return [...t.take(signal)]
  }
  read(0, 0)
  return {
    ...t,
    read,
    now: () => now,
    /** hours with these litres each */
    hours: (...amounts: number[]) => amounts.flatMap((amount) => read(HOUR, amount)),
    /** usual days: nothing by night, 10 to 20 an hour by day */
    days(count: number) {
      const random = seededRandom(7)
      const found: Finding[] = []
      for (let n = 0; n < count * 24; n++) found.push(...read(HOUR, n % 24 < 6 ? 0 : random.int(10, 20)))
      return found
    },
  }
}

describe('water that runs without a pause', () => {
  test('as from a burst pipe is told after two full hours, known home or not, and ends when it stops', () => {
    const t = meter()
    expect(t.hours(0, 20, 300)).toEqual([])
    expect(t.hours(300, 300)).toMatchObject([
      {
        act: 'raise',
        kind: 'water-flow',
        priority: 2,
        placeId: FLAT,
        deviceId: 'water',
        evidence: { reason: 'burst', hours: 2, litres: 600 },
      },
    ])
    expect(t.hours(300)).toEqual([])
    expect(t.hours(0)).toMatchObject([{ act: 'clear', key: `water-flow/${FLAT}` }])
  })

  test('with a pause it is only much water', () => {
    const t = meter()
    t.hours(0)
    const found = [
      ...t.read(50 * MINUTE, 300),
      ...t.read(10 * MINUTE, 0),
      ...t.read(50 * MINUTE, 300),
      ...t.read(10 * MINUTE, 0),
      ...t.hours(20),
    ]
    expect(found).toEqual([])
  })

  test('as from a tap left on overnight is told once the home is known', () => {
    const known = meter()
    expect(known.days(8)).toEqual([])
    expect(known.hours(0, 25, 25, 25)).toMatchObject([
      { kind: 'water-flow', priority: 3, evidence: { reason: 'night', hours: 3, litres: 75 } },
    ])
    const unknown = meter()
    unknown.days(3)
    expect(unknown.hours(0, 25, 25, 25, 25)).toEqual([])
  })

  test('a drop an hour, or a home that always draws by night, is no leak', () => {
    const drip = meter()
    drip.days(8)
    expect(drip.hours(4, 4, 4, 4, 4)).toEqual([])
    const owl = meter()
    const found = Array.from({ length: 10 }, () => owl.hours(...Array.from({ length: 24 }, (_, n) => (n < 6 ? 25 : 15)))).flat()
    expect(found).toEqual([])
  })

  test('nor is what this home always draws a burst', () => {
    const t = meter({ thresholds: { 'water.day-litres': 0 } })
    const day = () => t.hours(...Array.from({ length: 24 }, (_, n) => (n > 8 && n < 14 ? 200 : 0)))
    expect(day()).toMatchObject([{ act: 'raise' }, { act: 'clear' }])
    for (let n = 0; n < 8; n++) day()
    expect(day()).toEqual([])
  })

  test('by day the same flow is housework', () => {
    const t = meter()
    t.days(8)
    expect(t.hours(...new Array(6).fill(0), 30, 30, 30, 30)).toEqual([])
  })

  test('the lines of a meter can be set, and put off', () => {
    const t = meter({ thresholds: { 'water.burst-litres@water': 0, 'water.night-litres@water': 0, 'water.day-litres@water': 0 } })
    t.days(8)
    expect(t.hours(900, 900, 900, 900)).toEqual([])
  })
})

describe('a day of much more than usual', () => {
  test('of water is told once, while the day lasts, and is over with it', () => {
    const t = meter()
    t.days(9)
    const found = t.hours(...new Array(8).fill(0), 140, 140, 10, 140, 140, 140, 140, 0, 140)
    expect(found).toMatchObject([{ kind: 'water-use', priority: 3, evidence: { unit: 'L' } }])
    const { used, usualUse } = found[0]!.evidence as { used: number; usualUse: number }
    expect(used).toBeGreaterThan(2 * usualUse)
    expect(t.hours(...new Array(8).fill(0))).toMatchObject([{ act: 'clear', key: `water-use/${FLAT}` }])
  })

  test('is twice the usual at least, however steady the home', () => {
    const t = meter({ thresholds: { 'water.day-litres': 5 } })
    t.days(9)
    expect(t.hours(...new Array(6).fill(0), ...new Array(17).fill(24), 0)).toEqual([])
  })

  test('teaches little, so that the next is told as well', () => {
    const t = meter({ thresholds: { 'water.burst-litres': 0 } })
    t.days(9)
    const wild = (amount: number) => t.hours(...Array.from({ length: 24 }, (_, n) => (n > 8 && n < 19 ? amount : 0)))
    expect(wild(500)).toMatchObject([{ act: 'raise' }])
    expect(wild(75)).toMatchObject([{ act: 'clear' }, { act: 'raise' }])
  })

  test('of power likewise', () => {
    const t = meter({ quantity: 'power', unit: 'kWh' })
    for (let n = 0; n < 9 * 24; n++) t.read(HOUR, 0.2)
    expect(t.hours(0.2, 2, 2, 2, 2, 2, 2)).toMatchObject([{ kind: 'power-use', evidence: { unit: 'kWh' } }])
  })

  test('is not known in the first week', () => {
    const t = meter()
    t.days(5)
    expect(t.hours(140, 0, 140, 0, 140, 0, 140, 0, 140, 0, 140)).toEqual([])
  })
})

describe('what is not known', () => {
  test('[A2] readings far apart tell of no hour', () => {
    const t = meter()
    expect([...t.read(12 * HOUR, 4000), ...t.read(12 * HOUR, 4000), ...t.read(12 * HOUR, 4000)]).toEqual([])
  })

  test('a changed meter begins anew', () => {
    const t = meter()
    t.days(9)
    expect([...t.read(HOUR, -900), ...t.read(HOUR, 10)]).toEqual([])
  })

  test('[I4] history teaches and raises nothing', () => {
    const t = meter({ start: at('00:00', 20) })
    let value = 0
    const find = []
    for (let n = 0; n < 9 * 24; n++) {
      value += n % 24 < 6 ? 0 : 15
      const when = at('00:00') + n * HOUR
      find.push(...t.read(0, 0, { at: when, receivedAt: at('00:00', 20) }))
      find.push(
        ...t.take(
          t.signal(
            'linwang.meter',
            'water',
            { quantity: 'water', reading: value, unit: 'L' },
            { at: when + 1, receivedAt: at('00:00', 20) },
          ),
        ),
      )
    }
    expect(find).toEqual([])
  })

  test('[I4] a home that is known from history alone is asked after at once', () => {
    const t = testAnalysis({ detectors: [meterBand] })
    const now = at('00:00', 20)
    const tell = (reading: number, when: number, receivedAt: number) =>
      t.take(t.signal('linwang.meter', 'water', { quantity: 'water', reading, unit: 'L' }, { at: when, receivedAt }))
    tell(9000, now, now)
    let value = 0
    for (let n = 0; n < 9 * 24; n++) {
      value += n % 24 < 6 ? 0 : 15
      expect(tell(value, at('00:00') + n * HOUR, now)).toEqual([])
    }
    const found = [1, 2, 3, 4].flatMap((n) => [...tell(9000 + n * 30, now + n * HOUR, now + n * HOUR)])
    expect(found).toMatchObject([{ kind: 'water-flow', evidence: { reason: 'night' } }])
  })

  test.each([{ status: 'exercise' as const }, { replay: true }])('[X1] %o counts nothing', (more) => {
    const t = meter()
    const found = [0, 300, 300, 300, 300].flatMap((litres) => t.read(HOUR, litres, more))
    expect(found).toEqual([])
  })

  test('a unit that is not known counts nothing, and a meter of a whole house is no home', () => {
    expect(meter({ unit: 'gal' }).hours(900, 900, 900, 900)).toEqual([])
    const house = { ...power, id: 'water', kind: 'water-meter' as const, placeId: 'caihong-b01' }
    const t = testAnalysis({ detectors: [meterBand], world: analysisWorld({ devices: [house] }) })
    for (let n = 0; n < 6; n++)
      expect(t.send('linwang.meter', 'water', { quantity: 'water', reading: n * 900, unit: 'L' }, { at: at('00:00') + n * HOUR })).toEqual(
        [],
      )
  })
})

describe('what runs between two readings', () => {
  const midnight = at('00:00') - 8 * HOUR + 8 * HOUR
  test('is spread over the hours between, and only whole hours are told', () => {
    const first = pour(undefined, { at: midnight + 30 * MINUTE, value: 0 }, { at: midnight + 90 * MINUTE, value: 60 }, HOURS, 480)
    expect(first).toMatchObject({ full: [], open: { amount: 30, covered: 30 * MINUTE } })
    const next = pour(first.open, { at: midnight + 90 * MINUTE, value: 60 }, { at: midnight + 150 * MINUTE, value: 70 }, HOURS, 480)
    expect(next).toMatchObject({ full: [{ amount: 35, covered: HOUR }], open: { amount: 5 } })
  })

  test('a day begins at the community’s midnight', () => {
    const whole = pour(undefined, { at: midnight, value: 0 }, { at: midnight + DAY, value: 24 }, DAYS, 480)
    expect(whole).toMatchObject({ full: [{ amount: 24 }] })
    expect(whole.open).toBeUndefined()
  })

  test('is litres or kilowatt hours', () => {
    expect(inBase('water', 1.5, 'm³')).toBe(1500)
    expect(inBase('water', 2, 'L')).toBe(2)
    expect(inBase('power', 500, 'Wh')).toBe(0.5)
    expect(inBase('power', 1, 'L')).toBeUndefined()
  })
})

test('[A1] the state of a meter stays small', () => {
  const t = meter()
  t.days(20)
  const state = t.analysis.dirty().find(({ part, key }) => part === 'analysis.meter-band' && key === 'water water')!
  expect(JSON.stringify(state.value).length).toBeLessThan(2_000)
})
