import type { CareView } from '../../shared/wall.ts'
import { daysBetween, halfHour } from './time.ts'

/** Width of a half hour and height of the strip, in the units of the drawing: a day is 480 wide, 100 high. */
const STEP = 10
const HEIGHT = 97
const MINUTES = 1440
const BLIND = -2

const bar = (i: number, level: number) => `M${i * STEP} ${HEIGHT}v${-Math.round((Math.min(9, level) / 9) * 88)}h${STEP - 1}V${HEIGHT}Z`
const bars = (levels: readonly number[]) => levels.map((level, i) => (level > 0 ? bar(i, level) : '')).join('')
/** a stroke across every hour that nobody heard: denser, and a small strip would look filled */
const strokes = (levels: readonly number[]) =>
  levels
    .map((level, i) => (level === BLIND && (i % 2 === 0 || levels[i - 1] !== BLIND) ? `M${i * STEP} ${HEIGHT}l${STEP} -94` : ''))
    .join('')

type Strip = Pick<CareView, 'usual' | 'today' | 'silentSince' | 'state'> & Partial<Pick<CareView, 'lineAt' | 'presence' | 'presenceSince'>>

/** One path for each layer instead of 96 elements: eighty strips stand on one wall. `half` is the half hour of now, `at` a time in it: without it no line is drawn. */
export function dayStrip(care: Strip, half: number, offset: number, at?: number) {
  const now = (half + 0.5) * STEP
  return {
    usual: bars(care.usual),
    today: bars(care.today),
    deaf: strokes(care.today),
    now,
    tint: tint(care, now, offset),
    line: at === undefined ? undefined : lineOf(care, at, offset),
  }
}

const ALARMING = new Set<CareView['state']>(['silent', 'not-returned', 'night-out', 'room-stay', 'blind'])

/** The hours that the matter has lasted; silent since yesterday: the whole of today. */
function tint(care: Strip, now: number, offset: number) {
  const since = care.state === 'silent' || care.state === 'blind' ? care.silentSince : (care.presenceSince ?? null)
  if (!ALARMING.has(care.state) || since === null) return undefined
  const from = halfHour(since, offset) * STEP
  const x = from < now ? from : 0
  return { x, width: now - x }
}

const minutesOfDay = (at: number, offset: number) => Math.floor(at / 60_000 + offset) % MINUTES

/** Where today's silence crosses its line; undefined: not today. */
function lineOf({ lineAt }: Strip, at: number, offset: number): number | undefined {
  if (lineAt === undefined || lineAt === null || daysBetween(lineAt, at, offset) !== 0) return undefined
  return (minutesOfDay(lineAt, offset) / MINUTES) * 480
}
