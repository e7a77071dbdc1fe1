import { seededRandom } from '../../../shared/random.ts'
import type { HomeData } from './data.ts'

export const DAY = 86_400
export const LEARN = 28 * DAY
const HOUR = 3_600
const HORIZON = 72 * HOUR
const SEED = 20240
const MOMENTS = 1_000

/** For each sign of life: when its silence is too long if nothing follows, s; Infinity: never. */
export type Alarms = Float64Array

/** The protocol's moments: who falls when, and after which sign. */
export interface Trial {
  home: HomeData
  from: number
  weeks: number
  moments: readonly { at: number; after: number }[]
  isAway(at: number): boolean
}

export function trialOf(home: HomeData): Trial {
  const from = home.at[0]! + LEARN
  const until = home.at.at(-1)!
  const spans = spansAtHome(home, from, until)
  const total = spans.reduce((sum, [begin, end]) => sum + end - begin, 0)
  const { next } = seededRandom(SEED)
  const draws = Array.from({ length: MOMENTS }, () => next() * total).sort((a, b) => a - b)
  const moments: Trial['moments'][number][] = []
  let span = 0
  let passed = 0
  let after = 0
  for (const draw of draws) {
    while (draw - passed > spans[span]![1] - spans[span]![0]) passed += spans[span]![1] - spans[span++]![0]
    const at = spans[span]![0] + draw - passed
    while (after + 1 < home.at.length && home.at[after + 1]! <= at) after += 1
    moments.push({ at, after })
  }
  return { home, from, weeks: (until - from) / DAY / 7, moments, isAway: (at) => home.away.some(([a, b]) => at >= a && at < b) }
}

function spansAtHome(home: HomeData, from: number, until: number): [number, number][] {
  const spans: [number, number][] = []
  let at = from
  for (const [begin, end] of home.away) {
    if (end <= at) continue
    if (begin > at) spans.push([at, Math.min(begin, until)])
    at = Math.max(at, end)
    if (at >= until) break
  }
  if (at < until) spans.push([at, until])
  return spans
}

export interface Point {
  dial: number
  falseAlarms: number
  falseAlarmsPerWeek: number
  /** exact Poisson, 95 % */
  interval: [number, number]
  rmdd24: number | null
  median: number | null
  p90: number | null
  within: Record<string, number>
  dropped: number
  /** no alarm within 72 h */
  missed: number
  [more: string]: unknown
}

export interface ScoreOptions {
  /** alarms inside an absence do not count */
  absencesKnown: boolean
  /** a fall after this sign is taken for an absence: the alarm that is owed for it is another's */
  isTaken?: (sign: number) => boolean
  /** when the alarms come in the stream as it was, if its holes make a difference */
  inStream?: Alarms
}

export function score(
  trial: Trial,
  dial: number,
  alarms: Alarms,
  { absencesKnown, isTaken = () => false, inStream = alarms }: ScoreOptions,
): Point {
  const falseAlarms = falseOnes(trial, inStream, absencesKnown)
  const delays: number[] = []
  let dropped = 0
  for (const { at, after } of trial.moments) {
    const delay = isTaken(after) ? Number.POSITIVE_INFINITY : (alarms[after]! - at) / HOUR
    if (delay <= 0) dropped += 1
    else delays.push(Math.min(delay, HORIZON / HOUR))
  }
  delays.sort((a, b) => a - b)
  const share = (hours: number) => round(delays.filter((delay) => delay <= hours).length / Math.max(1, delays.length))
  const of = (list: readonly number[], part: number) => (list.length === 0 ? null : round(list[Math.floor(part * (list.length - 1))]!))
  return {
    dial,
    falseAlarms,
    falseAlarmsPerWeek: round(falseAlarms === 0 ? upper(0) / trial.weeks : falseAlarms / trial.weeks),
    interval: [round(lower(falseAlarms) / trial.weeks), round(upper(falseAlarms) / trial.weeks)],
    rmdd24: delays.length === 0 ? null : round(delays.reduce((sum, delay) => sum + Math.min(24, delay), 0) / delays.length),
    median: of(delays, 0.5),
    p90: of(delays, 0.9),
    within: Object.fromEntries([1, 2, 4, 6, 12].map((hours) => [hours, share(hours)])),
    dropped,
    missed: delays.filter((delay) => delay >= HORIZON / HOUR).length,
  }
}

export function falseOnes({ home, from, isAway }: Trial, alarms: Alarms, absencesKnown: boolean): number {
  const gaps = new Set<number>()
  for (let n = 0; n + 1 < home.at.length; n++) {
    const at = alarms[n]!
    if (at >= home.at[n]! && at >= from && at < home.at[n + 1]! && !(absencesKnown && isAway(at))) gaps.add(home.gap?.[n] ?? n)
  }
  return gaps.size
}

export const round = (value: number, digits = 3) => Math.round(value * 10 ** digits) / 10 ** digits

/** Exact 95 % interval of a Poisson count, by halving. */
const lower = (count: number) => (count === 0 ? 0 : solve((mean) => 1 - below(count - 1, mean), 0.025))
const upper = (count: number) => solve((mean) => 1 - below(count, mean), 0.975)
function below(count: number, mean: number): number {
  let term = Math.exp(-mean)
  let sum = term
  for (let n = 1; n <= count; n++) {
    term *= mean / n
    sum += term
  }
  return sum
}
function solve(rising: (mean: number) => number, target: number): number {
  let low = 0
  let high = 700
  for (let n = 0; n < 60; n++) {
    const middle = (low + high) / 2
    if (rising(middle) < target) low = middle
    else high = middle
  }
  return (low + high) / 2
}
