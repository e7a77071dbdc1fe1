import type { Finding } from '../../shared/finding.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { DAY, hourOfDay } from './local-time.ts'

/** When the help buttons of one grid were pressed last. Plain JSON, 40 B a button. */
export interface ButtonTestState {
  /** occurrence of the last press, or when the button was first heard, ms */
  proved: Record<string, Millis>
  /** hour in which the grid was looked over last */
  looked: number
  /** how many were told to be overdue */
  told: number
}

const HOUR: Millis = 3_600_000
/** Nobody tests buttons by night. */
const FROM = 8
const TO = 18

/**
 * A button is proved by a press: a test, an exercise, or a call for help. Those that were not for longer than the month's round are one
 * matter for each grid (A4), and no emergency. Keyed by grid.
 */
export const buttonTest: DetectorOver<ButtonTestState> = (world) => {
  const grids = surveyButtons(world)
  const gridOf = new Map([...grids].flatMap(([grid, ids]) => ids.map((id) => [id, grid] as const)))
  return {
    name: 'button-test',
    types: ['linwang.help'],
    keyOf: ({ deviceId }) => gridOf.get(deviceId),
    seeds: () => grids.keys(),
    start: () => ({ proved: {}, looked: -1, told: 0 }),
    // a late press proves its day; a state told again proves nothing
    onSignal(state, signal) {
      if (!signal.replay) state.proved[signal.deviceId] = Math.max(signal.at, state.proved[signal.deviceId] ?? 0)
      return NOTHING
    },
    onTick(state, context, grid) {
      const hour = Math.floor(context.now / HOUR)
      if (hour === state.looked) return NOTHING
      state.looked = hour
      return lookOver(state, grid, grids.get(grid) ?? [], context)
    },
  }
}

function surveyButtons(world: World): ReadonlyMap<string, string[]> {
  const buttons = world.devices().filter(({ kind }) => kind === 'help-button')
  const placeOf = (id: string) => (world.places.nearest(id, 'grid') ?? world.places.nearest(id, 'community'))?.id ?? id
  const grids = Map.groupBy(buttons, ({ placeId }) => placeOf(placeId))
  return new Map([...grids].map(([grid, own]) => [grid, own.map(({ id }) => id)]))
}

function lookOver(state: ButtonTestState, grid: string, buttons: readonly string[], context: Context): readonly Finding[] {
  const { world, now } = context
  const isOverdue = (id: string) => {
    const days = world.threshold('help.test-days', id)
    // one that is not heard is the engineer's already
    return days > 0 && context.isHeard(id) && now - state.proved[id]! > days * DAY
  }
  for (const id of buttons) if (context.lastHeard(id) !== undefined) state.proved[id] ??= now
  const overdue = buttons.filter(isOverdue)
  const key = `button-test/${grid}`
  if (overdue.length === 0 && state.told > 0) return told(state, 0, [{ act: 'clear', key, at: now }])
  if (overdue.length === 0 || overdue.length === state.told) return NOTHING
  const oldest = overdue.reduce((a, b) => (state.proved[b]! < state.proved[a]! ? b : a))
  const evidence = { buttons: overdue.length, days: Math.floor((now - state.proved[oldest]!) / DAY), oldest }
  if (state.told > 0) return told(state, overdue.length, [{ act: 'note', key, at: now, evidence }])
  const hour = hourOfDay(now, world.utcOffset)
  return hour < FROM || hour >= TO ? NOTHING : told(state, overdue.length, [raise(key, grid, now, evidence)])
}

function told(state: ButtonTestState, count: number, findings: readonly Finding[]) {
  state.told = count
  return findings
}

const raise = (key: string, placeId: string, at: Millis, evidence: Extract<Finding, { act: 'raise' }>['evidence']): Finding => ({
  act: 'raise',
  key,
  kind: 'button-test',
  priority: 4,
  status: 'actual',
  placeId,
  at,
  evidence,
})
