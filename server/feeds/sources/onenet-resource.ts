import type { DeviceKind } from '../../../shared/device.ts'
import { activity, DETECTS, hazard, heartbeat, numberOf, type Reading } from './nbiot-reading.ts'

/** What a resource of an LwM2M object says; undefined: this object, resource or value is not known. */
type ResourceReader = (value: unknown, kind: DeviceKind | undefined) => Reading[] | undefined

const STREAM = /^(\d{1,5})_(\d{1,5})_(\d{1,5})$/

/** `3300_0_5700`: object 3300, instance 0, resource 5700 of the OMA LwM2M register. */
export function readResource(stream: string, value: unknown, kind: DeviceKind | undefined): Reading[] | undefined {
  const [, object, , resource] = STREAM.exec(stream) ?? []
  if (object === undefined) return undefined
  const own = RESOURCES[`${object}/${resource}`]
  if (own) return own(value, kind)
  const number = numberOf(value)
  return number !== undefined && MEASURES.has(Number(object)) ? [heartbeat({ values: { [stream]: number } })] : undefined
}

/** a switch that closes: what it means is what the device is */
const input: ResourceReader = (value, kind) => {
  const on = activity(value, 1)
  if (on === undefined) return undefined
  const detects = kind && DETECTS[kind]
  if (detects) return [hazard(detects, on)]
  if (kind === 'door-contact') return [{ type: 'linwang.contact', data: { open: on } }]
  if (kind === 'motion') return [{ type: 'linwang.motion', data: { occupied: on } }]
  if (kind === 'help-button') return on ? [{ type: 'linwang.help', data: {} }] : [heartbeat()]
  return undefined
}
const presence: ResourceReader = (value) => {
  const occupied = activity(value, 1)
  return occupied === undefined ? undefined : [{ type: 'linwang.motion', data: { occupied } }]
}
const button: ResourceReader = (value, kind) => (kind === 'help-button' ? input(value, kind) : undefined)
const battery: ResourceReader = (value) => {
  const level = numberOf(value)
  return level !== undefined && level >= 0 && level <= 100 ? [heartbeat({ battery: level })] : undefined
}
const health =
  (name: string): ResourceReader =>
  (value) => {
    const number = numberOf(value)
    return number === undefined ? undefined : [heartbeat({ [name]: number })]
  }
/** Wh */
const energy: ResourceReader = (value) => {
  const reading = numberOf(value)
  return reading !== undefined && reading >= 0
    ? [{ type: 'linwang.meter', data: { quantity: 'power', reading: reading / 1000, unit: 'kWh' } }]
    : undefined
}
/** m³ */
const volume: ResourceReader = (value) => {
  const reading = numberOf(value)
  return reading !== undefined && reading >= 0 ? [{ type: 'linwang.meter', data: { quantity: 'water', reading, unit: 'm3' } }] : undefined
}

const RESOURCES: Readonly<Record<string, ResourceReader>> = {
  '3/7': health('millivolts'),
  '3/9': battery,
  '4/2': health('signal'),
  '3200/5500': input,
  '3302/5500': presence,
  '3347/5500': button,
  '3305/5805': energy,
  '3424/1': volume,
}

/** Objects that measure something: generic, light, temperature, humidity, voltage, current, pressure, concentration, distance, percentage … */
const MEASURES: ReadonlySet<number> = new Set([
  4, 3202, 3300, 3301, 3303, 3304, 3313, 3314, 3315, 3316, 3317, 3318, 3319, 3320, 3321, 3322, 3323, 3324, 3325, 3326, 3327, 3328, 3330,
  3336,
])
