import type { SignalDraft } from '../../../shared/signal.ts'

/** One thing that a device's state says. */
export type Reading = Pick<SignalDraft, 'type' | 'data'> & { /** the detector's test button was held */ test?: boolean }

type State = Record<string, unknown>

/** Field of the state → hazard. Carbon monoxide is met the way gas is. */
const HAZARDS = [
  ['smoke', 'smoke'],
  ['gas', 'gas'],
  ['carbon_monoxide', 'gas'],
  ['water_leak', 'leak'],
] as const

/** Actions that call for help whatever the device is. */
const EMERGENCIES = new Set(['emergency', 'sos', 'panic'])
/** What else a button says that is no press. */
const NO_PRESS = /release|^(?:dis)?arm|^$/
/** Per cent at which a battery is news; `battery_low` alone is taken for the lower figure. */
const BATTERY_NEWS = 15
const BATTERY_LOW = 5

/**
 * The state of a device → readings. `contact: true` is closed; a null or empty `action` is no press. The battery and other health come only
 * when they are news, or when the message holds nothing else.
 */
export function readState(state: State, kind: string | undefined): Reading[] {
  const readings = [...help(state, kind), ...contact(state), ...motion(state), ...hazards(state)]
  return readings.length === 0 || isNews(state) ? [...readings, heartbeat(state)] : readings
}

function help({ action }: State, kind: string | undefined): Reading[] {
  if (typeof action !== 'string') return []
  const press = EMERGENCIES.has(action) || (kind === 'help-button' && !NO_PRESS.test(action))
  return press ? [{ type: 'linwang.help', data: {} }] : []
}

function contact({ contact }: State): Reading[] {
  return typeof contact === 'boolean' ? [{ type: 'linwang.contact', data: { open: !contact } }] : []
}

function motion({ occupancy, presence }: State): Reading[] {
  const occupied = occupancy ?? presence
  return typeof occupied === 'boolean' ? [{ type: 'linwang.motion', data: { occupied } }] : []
}

function hazards(state: State): Reading[] {
  const found = new Map<string, boolean>()
  for (const [field, hazard] of HAZARDS) {
    const active = state[field]
    if (typeof active === 'boolean') found.set(hazard, active || found.get(hazard) === true)
  }
  return [...found].map(([hazard, active]) => ({
    type: 'linwang.hazard' as const,
    data: { hazard, active },
    ...(active && state.test === true && { test: true }),
  }))
}

const isNews = (state: State) =>
  state.battery_low === true || state.tamper === true || (isNumber(state.battery) && state.battery <= BATTERY_NEWS)
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

function heartbeat(state: State): Reading {
  const battery = isNumber(state.battery) ? state.battery : state.battery_low === true ? BATTERY_LOW : undefined
  const data = { online: true, ...(battery !== undefined && { battery }), ...(state.tamper === true && { tamper: true }) }
  return { type: 'linwang.heartbeat', data }
}
