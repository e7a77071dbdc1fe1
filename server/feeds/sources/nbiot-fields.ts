import type { DeviceKind } from '../../../shared/device.ts'
import { readAlarmStatus } from './nbiot-alarm-status.ts'
import { activity, type Fields, hazard, heartbeat, nameOf, numberOf, type Reading } from './nbiot-reading.ts'

/** What was understood of the fields of a terminal, and the names of those that nobody has given a meaning. */
export interface FieldsRead {
  readings: Reading[]
  unknown: string[]
}

/** Field (without case and underscores) → the danger that it tells of. Gas terminals say 1 for a low, 2 for a high concentration. */
const HAZARD_FIELDS: Readonly<Record<string, { hazard: string; most: number }>> = {
  ...of('smoke', 'smoke smokestate smokealarm smokesensorstate smokestatus'),
  ...of('gas', 'gas gasstate gasalarm gassensorstate gasstatus', 2),
  ...of('leak', 'leak waterleak leakstate leakalarm waterleakstate waterimmersion waterimmersionstate floodstate'),
  ...of('fire', 'fire firealarm firestate'),
  ...of('tamper', 'tamper tamperstate tamperalarm tamperstatus antidismantle dismantlestate'),
  ...of('trouble', 'fault faultstate faultalarm devicefault sensorfault'),
}
const HELP = new Set(['sos', 'sosalarm', 'sosstate', 'helpalarm', 'emergency'])
const BATTERY = new Set(['battery', 'batterylevel', 'batteryvalue', 'batterypercent', 'batterypercentage', 'batterycapacity'])
const BATTERY_LOW = new Set(['batterystate', 'batterystatus', 'batterylow', 'lowbattery', 'batteryalarm', 'lowvoltage', 'lowvoltagealarm'])
const METERS: Readonly<Record<string, 'water' | 'power'>> = {
  waterflow: 'water',
  cumulativeflow: 'water',
  accumulatedflow: 'water',
  totalflow: 'water',
  waterreading: 'water',
  cumulativewater: 'water',
  totalenergy: 'power',
  cumulativeenergy: 'power',
  activeenergy: 'power',
  powerreading: 'power',
}
const METER_UNITS = { water: 'm3', power: 'kWh' } as const
const VALVES = new Set(['valve', 'valvestate', 'valvestatus'])

/** Radio, versions and surroundings: they say that the terminal lives. */
const HEALTH =
  /^(?:rsrp|rsrq|snr|sinr|csq|ecl|pci|rssi|cell\w*|imei|imsi|iccid|simcard\w*|tdata|temperature|humidity|batteryvoltage|voltage|time|timestamp|longitude|latitude|alarmlevel|\w*version|manufacturer\w*|module\w*|terminaltype|signal\w*|upload\w*|heartbeat\w*)$/

function of(hazard: string, names: string, most = 1) {
  return Object.fromEntries(names.split(' ').map((name) => [name, { hazard, most }]))
}

/** Named fields of a terminal, as thing models and makers call them, → readings. What a number means is never guessed. */
export function readFields(fields: Fields, kind: DeviceKind | undefined): FieldsRead {
  const readings: Reading[] = []
  const unknown: string[] = []
  const health: Fields = {}
  for (const [field, value] of Object.entries(fields)) {
    const name = nameOf(field)
    const found = readOne(name, value, kind)
    if (found) readings.push(...found)
    else if (!readHealth(name, value, health)) unknown.push(field)
  }
  const valve = health.valve
  if (valve !== undefined) for (const { type, data } of readings) if (type === 'linwang.meter') Object.assign(data, { valve })
  const position = positionOf(fields)
  const lives = Object.keys(health).length > 0
  if (lives || position) readings.push(heartbeat({ ...withoutMarks(health), ...(position && { position }) }))
  return { readings: merged(readings), unknown }
}

function readOne(name: string, value: unknown, kind: DeviceKind | undefined): Reading[] | undefined {
  if (name === 'alarmstatus') return readAlarmStatus(value, kind)
  const danger = Object.hasOwn(HAZARD_FIELDS, name) ? HAZARD_FIELDS[name]! : undefined
  if (danger) {
    const active = activity(value, danger.most)
    return active === undefined ? undefined : [hazard(danger.hazard, active)]
  }
  if (HELP.has(name)) return helpOf(value)
  const quantity = Object.hasOwn(METERS, name) ? METERS[name]! : undefined
  const reading = quantity && numberOf(value)
  if (!quantity || reading === undefined || reading < 0) return undefined
  return [{ type: 'linwang.meter', data: { quantity, reading, unit: METER_UNITS[quantity] } }]
}

function helpOf(value: unknown): Reading[] | undefined {
  const pressed = activity(value, 1)
  if (pressed === undefined) return undefined
  return pressed ? [{ type: 'linwang.help', data: {} }] : []
}

/** true when the field is understood; what is worth keeping goes to `health` */
function readHealth(name: string, value: unknown, health: Fields): boolean {
  const number = numberOf(value)
  if (BATTERY.has(name) && number !== undefined && number >= 0 && number <= 100) health.battery = number
  else if (BATTERY_LOW.has(name) && activity(value, 1) !== undefined) health.low = activity(value, 1)
  else if (VALVES.has(name)) health.valve = value
  else if (name === 'batteryvoltage' && number !== undefined) health.batteryVoltage = number
  else if (HEALTH.test(name)) health.heard = true
  else return false
  return true
}

/** per cent that stand for "low" when the terminal gives none */
const LOW = 5
function withoutMarks({ heard: _heard, low, ...health }: Fields): Fields {
  return low === true ? { ...health, battery: Math.min(LOW, (health.battery as number | undefined) ?? LOW) } : health
}

function positionOf({ longitude, latitude }: Fields) {
  const lon = numberOf(longitude)
  const lat = numberOf(latitude)
  return lon === undefined || lat === undefined ? undefined : { lon, lat }
}

/** one heartbeat for all that a message says of the terminal's health */
function merged(readings: Reading[]): Reading[] {
  const beats = readings.filter(({ type }) => type === 'linwang.heartbeat')
  if (beats.length < 2) return readings
  const batteries = beats.map(({ data }) => data.battery).filter((battery) => typeof battery === 'number')
  const all = Object.assign({}, ...beats.map(({ data }) => data), batteries.length > 0 && { battery: Math.min(...batteries) })
  return [...readings.filter(({ type }) => type !== 'linwang.heartbeat'), heartbeat(all)]
}
