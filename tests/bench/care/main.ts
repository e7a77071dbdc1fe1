import { parseArgs } from 'node:util'
import { alertLine, dayTimer, timer } from './baselines.ts'
import { costOf } from './cost.ts'
import { type HomeData, isThere, type MeterData, outside, readHome, readMeters } from './data.ts'
import { callsOf, type Track } from './learned.ts'
import { madeUpLife } from './made-up.ts'
import type { Sign } from './replay.ts'
import { runScenarios } from './scenarios.ts'
import { type Alarms, DAY, LEARN, type Point, round, score, type Trial, trialOf } from './score.ts'
import { shippedRate } from './shipped.ts'
import { type Called, onceRead, signsOfWater, waterRule } from './water.ts'

/**
 * How well the inactivity model does on real homes: `npm run bench:care`. Prints JSON; what it measures is `server/analysis/quiet`, the
 * model that the server runs. The protocol: learn 28 days, then a thousand moments at which somebody falls.
 */
const { values } = parseArgs({
  options: {
    home: { type: 'string', multiple: true },
    away: { type: 'string', multiple: true },
    water: { type: 'string', multiple: true },
    track: { type: 'string', multiple: true },
  },
})

/** False alarms a week that are wanted: the one global setting. The shipped one is among them. */
const DIALS = [...new Set([0.06, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, shippedRate()])].sort(
  (a, b) => a - b,
)
const HOURS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16]
const SCALES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3]

const given = (values.home ?? []).map((path, n) => readHome(path, values.away?.[n]))
const asked = given.length > 0 || values.water !== undefined
const all = asked
  ? given
  : ['aruba', 'hh115']
      .filter((name) => isThere(`${name}.csv.gz`))
      .map((name) => readHome(outside(`${name}.csv.gz`), outside(`${name}.away.csv`)))
/** Nothing can be scored of what is not longer than the learning. */
const isLong = (home: HomeData) => home.at.length > 1 && home.at.at(-1)! - home.at[0]! > LEARN + DAY
const homes = all.filter(isLong)
const tooShort = all
  .filter((home) => !isLong(home))
  .map(({ name }) => ({ home: name, note: 'not longer than the 28 days of learning', curve: [] }))
const meters = (values.water ?? (asked || !isThere('water.csv.gz') ? [] : [outside('water.csv.gz')])).flatMap((path) => readMeters(path))

const hasDoor = (home: HomeData) => home.door.some((door) => door === 1)
const tracksOf = (home: HomeData): Track[] => (values.track as Track[] | undefined) ?? (hasDoor(home) ? ['O', 'N', 'C'] : ['O', 'N'])

const results = homes.flatMap((home) => {
  const trial = trialOf(home)
  return tracksOf(home).map((track) => ({ home: home.name, track, weeks: round(trial.weeks), curve: curveOf(trial, track) }))
})

function curveOf(trial: Trial, track: Track): Point[] {
  const { home } = trial
  const called = callsOf(home, track, DIALS)
  const isTaken = (sign: number) => track === 'C' && home.door[sign] === 1
  return DIALS.map((dial, n) => ({
    ...score(trial, dial, called.home[n]!, { absencesKnown: track === 'O', isTaken }),
    ...(track === 'C' && { afterTheDoor: afterTheDoor(trial, called.out[n]!) }),
  }))
}

/** Those who fall after the door was used, and the softer alert that they get: "has not come back". */
function afterTheDoor(trial: Trial, alarms: Alarms) {
  const { home } = trial
  const doors = new Set(home.door.keys().filter((n) => home.door[n] === 1))
  // there are few such moments among the thousand: each silence at home after the door is asked as well
  const own: Trial = { ...trial, moments: trial.moments.filter(({ after }) => doors.has(after)) }
  const soon: Trial = {
    ...trial,
    moments: [...doors].filter((n) => home.at[n]! >= trial.from).map((after) => ({ at: home.at[after]! + 300, after })),
  }
  const of = ({ moments }: Trial) => ({
    falls: moments.length,
    within24: round(moments.filter(({ at, after }) => (alarms[after]! - at) / 3_600 <= 24).length / Math.max(1, moments.length)),
  })
  const { falseAlarmsPerWeek, interval } = score(own, 0, alarms, { absencesKnown: false })
  return { softAlertsPerWeek: falseAlarmsPerWeek, interval, ofTheMoments: of(own), fiveMinutesAfterEachUse: of(soon) }
}

const water = meters.map((meter) => {
  const home = signsOfWater(meter)
  const trial = trialOf(home)
  const called = callsOf(home, 'N', DIALS)
  const curve = DIALS.map((dial, n) => scoreWater(trial, dial, onceRead(meter, home.at, called.home[n]!)))
  return { home: meter.name, people: meter.people, track: 'N', weeks: round(trial.weeks), curve }
})

const RULES: Record<string, (trial: Trial, track: Track) => { dial: number; alarms: Alarms }[]> = {
  'fixed timer, day hours': ({ home }) => HOURS.map((dial) => ({ dial, alarms: dayTimer(home, dial) })),
  'fixed timer, any hour': ({ home }) => HOURS.map((dial) => ({ dial, alarms: timer(home, dial) })),
  'alert line': ({ home }, track) => {
    const line = alertLine(home, track === 'O')
    return SCALES.map((dial) => ({ dial, alarms: line(dial) }))
  },
}
const baselines = {
  ...Object.fromEntries(
    Object.entries(RULES).map(([name, rule]) => [
      name,
      homes.flatMap((home) => {
        const trial = trialOf(home)
        const tracks = tracksOf(home).filter((track) => track !== 'C')
        return tracks.map((track) => ({
          home: home.name,
          track,
          curve: rule(trial, track).map(({ dial, alarms }) => score(trial, dial, alarms, { absencesKnown: track === 'O' })),
        }))
      }),
    ]),
  ),
  ...Object.fromEntries(
    [12, 24].map((hours) => [
      `water ${hours} h under 10 l`,
      meters.map((meter: MeterData) => ({ home: meter.name, people: meter.people, ...ruleOf(meter, hours) })),
    ]),
  ),
}
function ruleOf(meter: MeterData, hours: number): Point {
  const home = signsOfWater(meter)
  return scoreWater(trialOf(home), hours, waterRule(meter, home, hours, 10))
}
function scoreWater(trial: Trial, dial: number, { alone, inStream }: Called): Point {
  return score(trial, dial, alone, { absencesKnown: false, inStream })
}

/** The best of each budget, as the figures are asked for: pooled over homes, each at most twice. One dial for all. */
function atBudgets(track: Track) {
  const curves = results.filter((result) => result.track === track)
  if (curves.length === 0) return undefined
  return Object.fromEntries(
    [0.1, 0.25, 0.5, 1].map((budget) => [
      budget,
      DIALS.map((dial, n) => {
        const points = curves.map(({ home, weeks, curve }) => ({ home, weeks, ...curve[n]! }))
        const pooled = points.reduce((sum, point) => sum + point.falseAlarms, 0) / points.reduce((sum, point) => sum + point.weeks, 0)
        return { dial, pooled: round(pooled), points }
      })
        .filter(({ pooled, points }) => pooled <= budget && points.every((point) => point.falseAlarmsPerWeek <= 2 * budget))
        .map(({ dial, pooled, points }) => ({
          dial,
          pooled,
          homes: Object.fromEntries(
            points.map((point) => [
              point.home,
              { rmdd24: point.rmdd24, falseAlarmsPerWeek: point.falseAlarmsPerWeek, interval: point.interval },
            ]),
          ),
        }))
        .at(-1) ?? null,
    ]),
  )
}

function costs() {
  const life: readonly Sign[] = madeUpLife(250)
  return { of: 'a made-up life of 250 days', ...costOf(life, { at: Float64Array.from(life, ({ at }) => at) }) }
}

const summary = { shipped: shippedRate(), O: atBudgets('O'), N: atBudgets('N'), C: atBudgets('C') }
console.log(
  JSON.stringify(
    { homes: [...results, ...water, ...tooShort], summary, scenarios: runScenarios(homes, shippedRate()), cost: costs(), baselines },
    null,
    1,
  ),
)
