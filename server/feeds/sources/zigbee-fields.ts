import type { SignalDraft } from '../../../shared/signal.ts'

/** One thing that a device's state says. */
export type Reading = Pick<SignalDraft, 'type' | 'data'> & { /** the detector's test button was held */ test?: boolean }
export type State = Record<string, unknown>

/**
 * What the fields of zigbee2mqtt's states say. The names are those of the 4,500 definitions of zigbee-herdsman-converters 26.112 that sense
 * something; what is only set or switched is left out.
 */

const words = (yes: string, no: string) => ({ yes: new Set(yes.split(' ')), no: new Set(no.split(' ')) })

/** a state in words; undefined: it says neither */
function inWords(value: unknown, { yes, no }: ReturnType<typeof words>): boolean | undefined {
  if (typeof value === 'boolean') return value
  return typeof value !== 'string' ? undefined : yes.has(value) ? true : no.has(value) ? false : undefined
}
const ALARMS = words('alarm fall_alarm fall water_leakage_yes', 'normal none water_leakage_no fall_warning')
const PRESENCE = words('presence move large small static', 'none')
const OPENINGS = words('open OPEN tilted error_forced_open', 'closed CLOSE')

/** Field → hazard. Carbon monoxide is met the way gas is. */
const HAZARDS: Readonly<Record<string, string>> = {
  smoke: 'smoke',
  smoke_state: 'smoke',
  gas: 'gas',
  carbon_monoxide: 'gas',
  water_leak: 'leak',
  water_leak_alarm_1: 'leak',
  water_leak_alarm_2: 'leak',
  water_warning: 'leak',
  water_leakage_state: 'leak',
  fall_status: 'fall',
  fall_down_status: 'fall',
  tamper: 'tamper',
  vibration: 'vibration',
  fault: 'trouble',
  fault_alarm: 'trouble',
}
const FIELDS = Object.keys(HAZARDS)

/** Several fields of one hazard are one: it is there when any of them says so. */
export function hazards(state: State): Reading[] {
  const found = new Map<string, boolean>()
  for (const field of FIELDS) {
    const active = state[field] === undefined ? undefined : inWords(state[field], ALARMS)
    const hazard = HAZARDS[field]!
    if (active !== undefined) found.set(hazard, active || found.get(hazard) === true)
  }
  if (state.action === 'fall') found.set('fall', true)
  return [...found].map(([hazard, active]) => ({
    type: 'linwang.hazard' as const,
    data: { hazard, active },
    ...(active && isTest(state, hazard) && { test: true }),
  }))
}

/** Only what a detector detects can be tried out with its button. */
const isTest = ({ test, self_test: selfTest }: State, hazard: string) =>
  (test === true || selfTest === true) && (hazard === 'smoke' || hazard === 'gas' || hazard === 'leak')

/** `contact` is the magnet at the reed: true is closed. */
export function contact({ contact, window_open: window, opening_state: opening, door_state: door }: State): Reading[] {
  const open = typeof contact === 'boolean' ? !contact : inWords(window ?? opening ?? door, OPENINGS)
  return open === undefined ? [] : [{ type: 'linwang.contact', data: { open } }]
}

/** Radars say presence in words; one that calls it `state` is believed only where the register has a motion sensor. */
export function motion(state: State, kind: string | undefined): Reading[] {
  const { occupancy, presence, presence_state: inWord, human_motion_state: human, motion_state: moved, moving } = state
  const said = occupancy ?? presence ?? inWord ?? human ?? moved ?? moving ?? (kind === 'motion' ? state.state : undefined)
  const occupied = inWords(said, PRESENCE)
  return occupied === undefined ? [] : [{ type: 'linwang.motion', data: { occupied } }]
}

/** What a state may hold that is sensed or says that the device lives; a state of nothing else is that of a lamp, a plug or a group of them. */
export const isSensing = (state: State): boolean =>
  Object.keys(state).some((field) => LIVES.test(field) || Object.hasOwn(HAZARDS, field) || SENSED.has(field))
const SENSED = new Set([
  ...['action', 'click', 'sos', 'contact', 'window_open', 'opening_state', 'door_state', 'occupancy', 'presence', 'presence_state'],
  ...['human_motion_state', 'motion_state', 'moving'],
])
const LIVES = /^(?:linkquality|battery|voltage|last_seen|temperature|humidity|illuminance)/

/** Fields that zigbee2mqtt publishes each on a topic of its own when its `output` is `attribute`. */
export const ATTRIBUTES: ReadonlySet<string> = new Set([...FIELDS, ...SENSED, 'battery', 'battery_low', 'battery_state', 'linkquality'])
