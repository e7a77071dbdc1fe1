import { describe, expect, test } from 'vitest'
import { alertLine, dayTimer, timer } from '../bench/care/baselines.ts'
import type { HomeData } from '../bench/care/data.ts'
import { callsOf } from '../bench/care/learned.ts'
import { madeUpLife } from '../bench/care/made-up.ts'
import { falseOnes, score, trialOf } from '../bench/care/score.ts'
import { onceRead, signsOfWater, waterRule } from '../bench/care/water.ts'

const HOUR = 3_600
const DAY = 24 * HOUR

/** A made-up life, no real one. */
function home(days = 90): HomeData {
  const life = madeUpLife(days)
  return {
    name: 'made up',
    at: Float64Array.from(life, ({ at }) => at),
    door: Uint8Array.from(life, ({ sensor }) => (sensor === 'door' ? 1 : 0)),
    away: [],
  }
}

describe('the protocol of the bench', () => {
  test('a sign every hour and a timer of two: never false, two hours less the wait on average', () => {
    const clockwork: HomeData = {
      name: 'clock',
      at: Float64Array.from({ length: 60 * 24 }, (_, n) => n * HOUR),
      door: new Uint8Array(60 * 24),
      away: [],
    }
    const point = score(trialOf(clockwork), 2, timer(clockwork, 2), { absencesKnown: true })
    expect(point).toMatchObject({ falseAlarms: 0, dropped: 0, missed: 0, within: { 1: 0, 2: 1 } })
    expect(point.rmdd24).toBeCloseTo(1.5, 1)
    expect(point.interval[0]).toBe(0)
    // none in so many weeks: the upper bound is what can be said
    expect(point.falseAlarmsPerWeek).toBeCloseTo(3.689 / trialOf(clockwork).weeks, 2)
  })

  test('an alarm inside a known absence does not count, and nobody falls while away', () => {
    const at = Float64Array.from([
      ...Array.from({ length: 40 * 24 }, (_, n) => n * HOUR),
      ...Array.from({ length: 10 * 24 }, (_, n) => 45 * DAY + n * HOUR),
    ])
    const away: HomeData = { name: 'away', at, door: new Uint8Array(at.length), away: [[40 * DAY - HOUR, 45 * DAY]] }
    const trial = trialOf(away)
    expect(falseOnes(trial, timer(away, 4), true)).toBe(0)
    expect(falseOnes(trial, timer(away, 4), false)).toBe(1)
    expect(trial.moments.every((moment) => !trial.isAway(moment.at))).toBe(true)
    expect(trial.moments).toEqual(trialOf(away).moments)
  })

  test('day hours put the night off to the morning', () => {
    const one = { name: 'one', at: Float64Array.of(20 * HOUR, 3 * HOUR, 10 * HOUR), door: new Uint8Array(3), away: [] }
    expect([...dayTimer(one, 4)]).toEqual([31 * HOUR, 7 * HOUR, 14 * HOUR])
  })

  test('the alert line of a life by the clock lies above its silences', () => {
    const at = Float64Array.from({ length: 60 }, (_, n) => n * DAY + 8 * HOUR)
    const regular = { name: 'regular', at, door: new Uint8Array(60), away: [] }
    expect(falseOnes(trialOf(regular), alertLine(regular, false)(1), false)).toBe(0)
    expect(falseOnes(trialOf(regular), alertLine(regular, false)(0.5), false)).toBeGreaterThan(25)
  })

  test('under ten litres in twelve hours', () => {
    const readings = [0, 20, 20, 25, 40].map((litres, n) => ({ at: n * HOUR, litres }))
    const meter = { name: 'm', people: 1, readings }
    const signs = signsOfWater(meter)
    expect([...signs.at]).toEqual([HOUR, 3 * HOUR, 4 * HOUR])
    expect([...waterRule(meter, signs, 12, 10).alone]).toEqual([13 * HOUR, 13 * HOUR, 16 * HOUR])
  })

  test('a silence without water: a drip does not end it, a hole in the readings calls nobody and teaches nothing', () => {
    // 50 l at each full day, 2 l twelve hours later; after a month the readings of 40 h are lost
    const litres = (hour: number) => 50 * Math.floor(hour / 24) + (hour % 24 >= 12 ? 2 : 0)
    const hours = Array.from({ length: 50 * 24 }, (_, hour) => hour).filter((hour) => hour < 40 * 24 || hour > 41 * 24 + 16)
    const meter = { name: 'm', people: 1, readings: hours.map((hour) => ({ at: hour * HOUR, litres: litres(hour) })) }
    const signs = signsOfWater(meter)
    const due = signs.at.map((at) => at + 6 * HOUR)
    const { alone, inStream } = onceRead(meter, signs.at, due)
    const trial = trialOf(signs)
    // once a day, though the drip makes two silences of it; the day of the hole had no alarm
    expect(falseOnes(trial, inStream, false)).toBe(21)
    expect([...alone]).toEqual([...due])
    const before = signs.at.indexOf((39 * 24 + 12) * HOUR)
    const late = onceRead(
      meter,
      signs.at,
      signs.at.map((at) => at + 14 * HOUR),
    )
    expect(late.inStream[before]! / HOUR).toBe(41 * 24 + 17)
    expect(late.alone[before]! / HOUR).toBe(40 * 24 + 2)
    expect([...signs.unheard!].flatMap((isUnheard, n) => (isUnheard ? [signs.at[n]! / HOUR] : []))).toEqual([41 * 24 + 17])
  })
})

test('the learned line comes sooner than every timer that calls no more often', () => {
  const life = home()
  const trial = trialOf(life)
  const [alarms] = callsOf(life, 'C', [0.5]).home
  const isTaken = (sign: number) => life.door[sign] === 1
  const of = (calls: Float64Array) => score(trial, 0, calls, { absencesKnown: false, isTaken })
  const learned = of(alarms!)
  const others = [3, 4, 6, 8, 10, 12].map((hours) => of(timer(life, hours)))
  const fair = others.filter(({ falseAlarms }) => falseAlarms <= learned.falseAlarms)
  expect(fair.length).toBeGreaterThan(0)
  expect(fair.every(({ rmdd24 }) => rmdd24! > learned.rmdd24!)).toBe(true)
})

test('what is used on a day was known before it: a later life changes no earlier call', () => {
  const long = home(60)
  const cut = long.at.findIndex((at) => at > 45 * DAY)
  const short = { ...long, at: long.at.slice(0, cut), door: long.door.slice(0, cut) }
  expect(callsOf(short, 'C', [0.5]).home[0]).toEqual(callsOf(long, 'C', [0.5]).home[0]!.slice(0, cut))
})
