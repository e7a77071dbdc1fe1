import type { DeviceKind } from '../../../shared/device.ts'
import { inputReading } from './wired-input.ts'
import { contact, hazards, motion, type Reading, type State } from './zigbee-fields.ts'

export type { Reading } from './zigbee-fields.ts'

/** Actions that call for help whatever the device is. */
const EMERGENCIES = new Set(['emergency', 'sos', 'panic'])
/** What else a button says that is no press. */
const NO_PRESS = /release|^(?:dis)?arm|^exit_delay$|^(?:in)?valid|^$/
/** Per cent at which a battery is news; `battery_low` alone is taken for the lower figure. */
const BATTERY_NEWS = 15
const BATTERY_LOW = 5

/**
 * The state of a device → readings. `contact: true` is closed; a null or empty `action` is no press. The battery and other health come only
 * when they are news, or when the message holds nothing else.
 */
export function readState(state: State, kind: string | undefined): Reading[] {
  const sensed = [...help(state, kind), ...contact(state), ...motion(state, kind), ...hazards(state)]
  const readings = sensed.some(({ data }) => !isOwn(data)) ? sensed : [...general(state, kind), ...sensed]
  return readings.length === 0 || isNews(state) ? [...readings, heartbeat(state)] : readings
}

/** of the detector itself, and not what it detects */
const isOwn = (data: object) => 'hazard' in data && (data.hazard === 'tamper' || data.hazard === 'trouble')

/** A zone of no type says alarm and no more: what it means, the register knows. */
function general({ alarm, alarm_1: first }: State, kind: string | undefined): Reading[] {
  const on = typeof first === 'boolean' ? first : alarm
  if (typeof on !== 'boolean') return []
  const reading = inputReading(kind as DeviceKind | undefined, on ? 'Start' : 'Stop')
  return reading && reading !== 'unknown' ? [reading] : []
}

/** `click` is what `action` was called before 2020. */
function help({ action, click, sos }: State, kind: string | undefined): Reading[] {
  const press = sos === true || [action, click].some((said) => typeof said === 'string' && isPress(said, kind))
  return press ? [{ type: 'linwang.help', data: {} }] : []
}
const isPress = (action: string, kind: string | undefined) => EMERGENCIES.has(action) || (kind === 'help-button' && !NO_PRESS.test(action))

const isNews = (state: State) => state.battery_low === true || state.battery_state === 'low' || (batteryOf(state) ?? 100) <= BATTERY_NEWS
const batteryOf = ({ battery }: State) =>
  typeof battery === 'number' && Number.isFinite(battery) && battery >= 0 && battery <= 100 ? battery : undefined

function heartbeat(state: State): Reading {
  const low = state.battery_low === true || state.battery_state === 'low'
  const battery = batteryOf(state) ?? (low ? BATTERY_LOW : undefined)
  const data = { online: true, ...(battery !== undefined && { battery }), ...(state.tamper === true && { tamper: true }) }
  return { type: 'linwang.heartbeat', data }
}
