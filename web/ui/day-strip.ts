import type { CareView } from '../../shared/wall.ts'
import { halfHour } from './time.ts'

/** Width of a half hour and height of the strip, in the units of the drawing: a day is 480 wide, 100 high. */
const STEP = 10
const HEIGHT = 97
const BLIND = -2

const bar = (i: number, level: number) => `M${i * STEP} ${HEIGHT}v${-Math.round((Math.min(9, level) / 9) * 88)}h${STEP - 1}V${HEIGHT}Z`
const bars = (levels: readonly number[]) => levels.map((level, i) => (level > 0 ? bar(i, level) : '')).join('')
const strokes = (levels: readonly number[]) =>
  levels.map((level, i) => (level === BLIND ? `M${i * STEP} ${HEIGHT}l${STEP} -40` : '')).join('')

/** One path for each layer instead of 96 elements: eighty strips stand on one wall. `half` is the half hour of now. */
export function dayStrip(care: Pick<CareView, 'usual' | 'today' | 'silentSince' | 'state'>, half: number, offset: number) {
  const now = (half + 0.5) * STEP
  return { usual: bars(care.usual), today: bars(care.today), deaf: strokes(care.today), now, tint: tint(care, now, offset) }
}

function tint(care: Pick<CareView, 'silentSince' | 'state'>, now: number, offset: number) {
  if (care.state === 'usual' || care.silentSince === null) return undefined
  const from = halfHour(care.silentSince, offset) * STEP
  // silent since yesterday: the whole of today is tinted
  const x = from < now ? from : 0
  return { x, width: now - x }
}
