import type { HomeData } from './data.ts'
import { callsOf } from './learned.ts'
import { raised, replayOf } from './replay.ts'
import { LEARN } from './score.ts'

export type CareKind = 'inactivity' | 'not-returned'
/** An alert of a home by the silence in which it falls: that after sign n. */
export interface CareAlert {
  kind: CareKind
  /** number of the sign of life before it */
  after: number
  /** s of the home's own clock */
  at: number
}
export const CARE_KINDS: readonly CareKind[] = ['inactivity', 'not-returned']

/** The alerts that the points of the curve count, absences inferred: from the 29th day on, of silences that went on over their line. */
export function alertsOfCurve(home: HomeData, rate: number): CareAlert[] {
  const from = scoredFrom(home)
  const called = callsOf(home, 'C', [rate])
  const of = (kind: CareKind, alarms: Float64Array) =>
    [...alarms].flatMap((at, after) => (at >= from && at < (home.at[after + 1] ?? 0) ? [{ kind, after, at }] : []))
  return [...of('inactivity', called.home[0]!), ...of('not-returned', called.out[0]!)].sort(byTime)
}

/** The alerts of the server's detectors run in this process, minute by minute, from the first day on. */
export function alertsOfDetectors(home: HomeData, heartbeats: number, resident: string): CareAlert[] {
  const replay = replayOf(home, { heartbeats, resident })
  return CARE_KINDS.flatMap((kind) => raised(replay.found, kind).map(({ home: at }) => ({ kind, after: silenceOf(home, at), at }))).sort(
    byTime,
  )
}

export const scoredFrom = ({ at }: HomeData): number => at[0]! + LEARN
const byTime = (a: CareAlert, b: CareAlert) => a.at - b.at

/** the sign after which that time is */
export function silenceOf({ at }: Pick<HomeData, 'at'>, time: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (at[middle]! <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}
