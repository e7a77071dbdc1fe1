import { describe, expect, test } from 'vitest'
import { dayOf, MINUTE, minuteOf } from '../../server/demo/day.ts'
import { tripsOf } from '../../server/demo/habits.ts'
import { planDay } from '../../server/demo/plan.ts'
import { createRounds } from '../../server/demo/rounds.ts'
import { createTown } from '../../server/demo/town.ts'
import { waterReading } from '../../server/demo/water.ts'
import { createWorld } from '../../server/registers/world.ts'
import { pilotRegisters } from '../support/registers.ts'

const world = createWorld(pilotRegisters())
/** A Tuesday and the Sunday before, at the community. */
const TUESDAY = Date.parse('2026-11-24T00:00:00+08:00')
const SUNDAY = TUESDAY - 2 * 24 * 60 * MINUTE
const town = createTown(world, 7, new Date(TUESDAY))
const tuesday = dayOf(TUESDAY, 480)
const plan = planDay(town, tuesday)
const inHour = (direction: 'in' | 'out', hour: number, found = plan, day = tuesday) =>
  found.filter((one) => one.what === 'passage' && one.direction === direction && Math.floor(minuteOf(day, one.at) / 60) === hour).length

describe('a day of 6,908 people', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(planDay(town, tuesday)).toEqual(plan)
    expect(planDay({ ...town, seed: 8 }, tuesday).length).not.toBe(plan.length)
  })

  test('is in the order of time and within the day', () => {
    for (let i = 1; i < plan.length; i++) expect(plan[i]!.at).toBeGreaterThanOrEqual(plan[i - 1]!.at)
    expect(plan[0]!.at).toBeGreaterThanOrEqual(TUESDAY)
  })

  test('sleeps at night, goes out in the morning and comes home in the evening', () => {
    const out = Array.from({ length: 24 }, (_, hour) => inHour('out', hour))
    const back = Array.from({ length: 24 }, (_, hour) => inHour('in', hour))
    expect(Math.max(...out.slice(0, 5), ...back.slice(0, 5))).toBeLessThan(20)
    expect(out.indexOf(Math.max(...out))).toBe(7)
    expect(back[16]! + back[17]! + back[18]!).toBeGreaterThan(5_000)
    const total = (hours: number[]) => hours.reduce((sum, count) => sum + count, 0)
    expect(total(out)).toBeGreaterThan(10_000)
    expect(Math.abs(total(out) - total(back)) / total(out)).toBeLessThan(0.03)
  })

  test('is another day on Sunday: nobody hurries at seven', () => {
    const day = dayOf(SUNDAY, 480)
    expect(inHour('out', 7, planDay(town, day), day)).toBeLessThan(inHour('out', 7) / 3)
  })

  test('names only devices and residents of the registers', () => {
    for (const one of plan) {
      expect(world.device(one.deviceId), one.deviceId).toBeDefined()
      if (one.what === 'passage' && one.residentId) expect(world.resident(one.residentId)).toBeDefined()
    }
  })
})

test('left-behind children are home by six', () => {
  for (const child of town.people.filter(({ leftBehind }) => leftBehind))
    for (const { back } of tripsOf(child, tuesday, town.seed)) expect(back!, child.id).toBeLessThan(18 * 60)
})

test('who lives alone never lies still at home for three hours of the day, so that only stories alarm', () => {
  for (const { flat } of town.careHomes) {
    let last = 0
    for (const one of plan.filter(({ home }) => home === flat)) {
      const minute = minuteOf(tuesday, one.at)
      if (minute < 7 * 60 || minute > 21 * 60) continue
      if (last) expect(one.at - last, flat).toBeLessThan(3 * 60 * MINUTE)
      last = one.at
    }
    expect(last, flat).toBeGreaterThan(0)
  }
})

test('nothing moves in a home while its only person is out', () => {
  for (const { flat, who } of town.careHomes) {
    for (const { out, back } of tripsOf(who, tuesday, town.seed)) {
      const between = plan.filter(
        ({ home, what, at }) => home === flat && what === 'motion' && minuteOf(tuesday, at) > out! + 2 && minuteOf(tuesday, at) < back!,
      )
      expect(
        between.filter((one) => one.what === 'motion' && one.occupied),
        flat,
      ).toEqual([])
    }
  }
})

test('a water meter never runs backwards', () => {
  let last = 0
  for (let at = TUESDAY; at < TUESDAY + 3 * 24 * 60 * MINUTE; at += 17 * MINUTE) {
    const reading = waterReading('water-b12-u1-302', at)
    expect(reading).toBeGreaterThanOrEqual(last)
    last = reading
  }
})

test('every device reports once a round, spread out, however the time is cut', () => {
  const rounds = createRounds(world.devices())
  const whole = rounds.due(TUESDAY, TUESDAY + 480 * MINUTE)
  const cut = Array.from({ length: 480 }, (_, n) => rounds.due(TUESDAY + n * MINUTE, TUESDAY + (n + 1) * MINUTE)).flat()
  expect(cut.length).toBe(whole.length)
  expect(new Set(whole.map(({ deviceId }) => deviceId)).size).toBe(world.devices().length)
  const perMinute = cut.filter(({ deviceId }) => !deviceId.startsWith('cam-')).length / 480
  expect(perMinute).toBeLessThan(120)
})
