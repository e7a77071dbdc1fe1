import { describe, expect, test } from 'vitest'
import { municipal } from '../../server/analysis/municipal.ts'
import type { Finding } from '../../shared/finding.ts'
import { analysisWorld, FLAT, HOUR, MINUTE, testAnalysis } from '../support/analysis.ts'

const at = (time: string) => Date.parse(`2026-03-03T${time}:00+08:00`)
const ALL = { 'municipal.water-12h-litres': 10, 'municipal.water-24h-litres': 10, 'municipal.door-hours': 24 }

/** Old Zhang's water meter and door, both heard every half hour. */
function home(thresholds: Record<string, number> = {}, start = at('08:00')) {
  const t = testAnalysis({ start, detectors: [municipal], world: analysisWorld({ thresholds }) })
  let litres = 5000
  const read = (more = {}) => t.send('linwang.meter', 'water', { quantity: 'water', reading: litres, unit: 'L' }, more)
  const go = (ms: number, { perHour = 0, meter = true, door = true } = {}) => {
    const found: Finding[] = []
    for (let left = ms; left > 0; left -= HOUR / 2) {
      litres += perHour / 2
      if (meter) found.push(...read())
      if (door) t.send('linwang.heartbeat', 'door', { online: true })
      found.push(...t.pass(Math.min(left, HOUR / 2)))
    }
    return found
  }
  const draw = (amount: number) => {
    litres += amount
  }
  return { ...t, go, read, draw }
}

const called = (found: readonly Finding[]) => found.filter((one) => one.act === 'raise' && one.placeId === FLAT && one.priority === 3)

describe('the rules of the city', () => {
  test('are off until somebody sets them', () => {
    const t = home()
    expect(t.go(60 * HOUR)).toEqual([])
    expect(t.analysis.dirty().filter(({ part }) => part === 'analysis.municipal')).toEqual([])
  })

  test('under 10 litres in 12 hours calls, once, and drawing water ends it', () => {
    const t = home({ 'municipal.water-12h-litres': 10 })
    expect(t.go(11.5 * HOUR)).toEqual([])
    expect(t.go(2 * HOUR)).toMatchObject([
      { kind: 'low-water', priority: 3, placeId: FLAT, residentId: 'zhang', evidence: { hours: 12, litres: 0, limit: 10 } },
    ])
    t.draw(12)
    expect(t.go(HOUR)).toMatchObject([{ act: 'clear', key: `municipal-water-12h/${FLAT}` }])
  })

  test('a home that draws enough is not called for, and one that draws a little is', () => {
    expect(home({ 'municipal.water-12h-litres': 10 }).go(48 * HOUR, { perHour: 1 })).toEqual([])
    expect(home({ 'municipal.water-24h-litres': 10 }).go(30 * HOUR, { perHour: 0.3 })).toMatchObject([
      { evidence: { hours: 24, limit: 10 } },
    ])
  })

  test('24 hours without door call', () => {
    const t = home({ 'municipal.door-hours': 24 })
    t.go(HOUR)
    t.contact(true)
    t.contact(false)
    expect(t.go(23.5 * HOUR)).toEqual([])
    expect(t.go(HOUR)).toMatchObject([{ kind: 'no-door', evidence: { hours: 24, lastDoor: at('09:00') } }])
    expect([...t.contact(true), ...t.go(HOUR / 2)]).toMatchObject([{ act: 'clear' }])
  })

  test('nobody is called in the night', () => {
    const found = home({ 'municipal.water-12h-litres': 10 }, at('13:00')).go(24 * HOUR)
    expect(found).toMatchObject([{ at: at('07:00') + 24 * HOUR }])
  })

  test('hold for a person alone when set for that person', () => {
    expect(home({ 'municipal.water-12h-litres@zhang': 10 }).go(13 * HOUR)).toHaveLength(1)
    expect(home({ 'municipal.water-12h-litres@li': 10 }).go(13 * HOUR)).toEqual([])
  })
})

describe('what is not known', () => {
  test('[A2] a meter that says nothing does not say that nothing ran', () => {
    const t = home(ALL)
    t.go(2 * HOUR)
    expect(called(t.go(40 * HOUR, { meter: false, door: false }))).toEqual([])
  })

  test('[A2] nor does one that was away meanwhile, or a door that is not heard', () => {
    const t = home(ALL)
    t.go(6 * HOUR)
    t.send('linwang.heartbeat', 'water', { online: false })
    t.send('linwang.heartbeat', 'door', { online: false })
    t.go(HOUR)
    expect(called(t.go(11 * HOUR))).toEqual([])
  })

  test('[A2] an alert does not end because the meter fell silent', () => {
    const t = home({ 'municipal.water-12h-litres': 10 })
    t.go(13 * HOUR)
    expect(t.go(40 * HOUR, { meter: false }).filter(({ act }) => act === 'clear')).toEqual([])
  })

  test('[I4] history raises nothing', () => {
    const t = home(ALL)
    for (let n = 60; n > 30; n--) t.read({ at: t.now() - n * HOUR, receivedAt: t.now() })
    expect(t.go(HOUR)).toEqual([])
  })

  test('[I4] nobody is called while a backlog comes in', () => {
    const t = home({ 'municipal.water-12h-litres': 10 })
    for (let n = 15; n > 0; n--) t.read({ at: t.now() - n * HOUR, receivedAt: t.now() })
    expect(t.pass(5 * MINUTE)).toEqual([])
  })

  test('[X1] a drill counts nothing', () => {
    const t = home({ 'municipal.water-12h-litres': 10 })
    for (let n = 0; n < 30; n++) {
      t.read({ status: 'exercise' })
      expect(t.pass(HOUR / 2)).toEqual([])
    }
  })

  test('[A1] the state of a home stays small', () => {
    const t = home(ALL)
    for (let n = 0; n < 60 * 30; n++) {
      t.draw(0.1)
      t.read()
      t.pass(MINUTE)
    }
    const state = t.analysis.dirty().find(({ part }) => part === 'analysis.municipal')!
    expect(JSON.stringify(state.value).length).toBeLessThan(3_000)
  })
})
