import fc from 'fast-check'
import { expect, test } from 'vitest'
import { advanceClock, type Clock, parseDuration, readClock, setRate, startClock, TICK_SPAN, tickTimes } from '../../server/clock.ts'

const DAY = 86_400_000
const real = (at: number, wall: number, rate = 1): Clock => ({ mode: 'real', rate, at, wall })

test('[A1] a new real clock shows what the machine shows', () => {
  const clock = startClock(undefined, { mode: 'real' }, 1_000)
  expect(readClock(clock, 1_500)).toBe(1_500)
})

test('[A1] a rate runs domain time faster from where it stands', () => {
  const clock = setRate(real(1_000, 1_000), 60, 2_000)
  expect(readClock(clock, 2_000)).toBe(2_000)
  expect(readClock(clock, 3_000)).toBe(62_000)
})

test('[A1] the machine’s clock jumping back makes domain time wait, not return', () => {
  const clock = real(10_000, 10_000)
  expect(readClock(clock, 4_000)).toBe(10_000)
})

test('[A1] after a stop a clock that was on time is on time; one that was ahead stays as far ahead', () => {
  expect(readClock(startClock(real(5_000, 5_000), { mode: 'real' }, DAY), DAY)).toBe(DAY)
  expect(readClock(startClock(real(5_000 + DAY, 5_000, 60), { mode: 'real' }, 6_000), 6_000)).toBe(6_000 + DAY)
})

test('[A1] a manual clock stands until it is moved, and comes back where it stood', () => {
  const clock = advanceClock(startClock(undefined, { mode: 'manual', start: 100 }, 5_000), 50)
  expect(readClock(clock, 9_000_000)).toBe(150)
  expect(readClock(startClock(clock, { mode: 'manual', start: 7 }, 9_000_000), 0)).toBe(150)
})

test('[A1] whatever is saved and wanted, domain time never goes back over a restart', () => {
  const mode = fc.constantFrom('real' as const, 'manual' as const)
  fc.assert(
    fc.property(mode, mode, fc.nat(), fc.nat(), fc.nat(), fc.integer({ min: 1, max: 120 }), (was, becomes, at, wall, later, rate) => {
      const saved: Clock = { mode: was, rate: was === 'manual' ? 1 : rate, at, wall }
      expect(readClock(startClock(saved, { mode: becomes, rate }, later), later)).toBeGreaterThanOrEqual(at)
    }),
  )
})

test('[A1] ticks end at the time, leave no gap over a minute, and go forward', () => {
  fc.assert(
    fc.property(fc.nat(10 * DAY), fc.integer({ min: 1, max: 3 * DAY }), (from, span) => {
      const times = tickTimes(from, from + span)
      expect(times.at(-1)).toBe(from + span)
      expect([from, ...times].every((at, n, all) => n === 0 || (at > all[n - 1]! && at - all[n - 1]! <= TICK_SPAN))).toBe(true)
    }),
  )
  expect(tickTimes(5, 5)).toEqual([5])
})

test.each([
  [90, 90_000],
  [0.5, 500],
  ['90m', 5_400_000],
  ['1.5h', 5_400_000],
  ['PT1H30M', 5_400_000],
  ['P1DT1S', DAY + 1_000],
  ['120', 120_000],
])('a duration of %s', (given, millis) => {
  expect(parseDuration(given)).toBe(millis)
})

test.each(['', 'soon', -5, 0, '0m', 'P', 'PT', '-3h', Number.NaN, null, {}, '1w'])('%s is no duration', (given) => {
  expect(parseDuration(given)).toBeUndefined()
})
