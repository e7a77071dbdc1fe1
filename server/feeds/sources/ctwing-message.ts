import type { DeviceKind } from '../../../shared/device.ts'
import { readAppData } from './ctwing-appdata.ts'
import { type Fields, isFields, parseJson } from './json-text.ts'
import { readFields } from './nbiot-fields.ts'
import { hazard, numberOf, type Reading } from './nbiot-reading.ts'

/** What is understood of a message, and what of it is not. */
export interface Told {
  readings: Reading[]
  flaw?: { detail: string /** JSON pointer */; where: string }
}
export interface Said extends Told {
  /** the terminal's own number of the message, and its own time in ms */
  id?: string
  time?: number
}

/** undefined: understood, and nothing to us */
export function messageOf(message: Fields, kind: DeviceKind | undefined): Said | undefined {
  switch (message.messageType) {
    case 'dataReport':
    case 'dataReportTupUnion':
      return payloadOf(message.payload, kind, '/payload')
    case 'eventReport':
      return eventOf(message, kind)
    case 'deviceOnlineOfflineReport':
      return onlineOf(message.eventType)
    case 'commandResponse':
      return undefined
    default:
      return flaw(`messageType ${shown(message.messageType)} is not known here`, '/messageType')
  }
}

const flaw = (detail: string, where: string): Told => ({ readings: [], flaw: { detail, where } })
const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 40)

function onlineOf(eventType: unknown): Told {
  const said = numberOf(eventType)
  if (said !== 0 && said !== 1) return flaw(`eventType ${shown(eventType)} is neither 1 (online) nor 0 (offline)`, '/eventType')
  return { readings: [{ type: 'linwang.heartbeat', data: { online: said === 1 } }] }
}

/** eventType 1 information, 2 warning, 3 fault: a fault that nobody has described is one all the same. */
function eventOf({ eventType, eventContent, serviceId }: Fields, kind: DeviceKind | undefined): Told {
  const told = fieldsOf(eventContent, kind, '/eventContent')
  if (numberOf(eventType) !== 3 || told.readings.some(({ type }) => type !== 'linwang.heartbeat')) return told
  return { ...told, readings: [...told.readings, hazard('trouble', true, { service: numberOf(serviceId) ?? null })] }
}

/** Read by the product's model (fields), or passed through (`APPdata`: base64 of the terminal's own bytes). */
function payloadOf(payload: unknown, kind: DeviceKind | undefined, where: string): Said {
  if (typeof payload === 'string') return passedThrough(payload, kind, where)
  if (Array.isArray(payload)) return listOf(payload, kind, where)
  if (!isFields(payload)) return flaw('the message has no payload', where)
  const raw = payload.APPdata ?? payload.APPData ?? payload.appData
  if (typeof raw === 'string') return passedThrough(raw, kind, `${where}/APPdata`)
  if (isFields(payload.serviceData)) return fieldsOf(payload.serviceData, kind, `${where}/serviceData`)
  return fieldsOf(payload, kind, where)
}

function listOf(payloads: readonly unknown[], kind: DeviceKind | undefined, where: string): Told {
  if (payloads.length === 0 || payloads.some(Array.isArray)) return flaw('the payload is no list of values', where)
  const all = payloads.map((payload, n) => payloadOf(payload, kind, `${where}/${n}`))
  const first = all.find((one) => one.flaw)?.flaw
  return { readings: all.flatMap(({ readings }) => readings), ...(first && { flaw: first }) }
}

export function passedThrough(raw: string, kind: DeviceKind | undefined, where: string): Said {
  const json = raw.trimStart().startsWith('{') ? parseJson(raw) : undefined
  if (json && 'value' in json) return fieldsOf(json.value, kind, where)
  const read = readAppData(raw)
  if ('detail' in read) return flaw(read.where ? `${read.detail}, ${read.where}` : read.detail, where)
  const { flaw: detail, ...said } = read
  return detail === undefined ? said : { ...said, flaw: { detail, where } }
}

/**
 * An alarm is told even where other fields stand beside it that nobody has described. When nothing but the terminal's health is understood,
 * the rest may be the alarm: the message is set aside as well.
 */
export function fieldsOf(value: unknown, kind: DeviceKind | undefined, where: string): Told {
  if (!isFields(value)) return flaw('there are no fields', where)
  const { readings, unknown } = readFields(value, kind)
  if (unknown.length === 0) return readings.length > 0 ? { readings } : flaw('the fields are empty', where)
  if (readings.some(({ type }) => type !== 'linwang.heartbeat')) return { readings: readings.map((one) => unread(one, unknown)) }
  const names = unknown.slice(0, 5).join(', ').slice(0, 200)
  return {
    readings,
    flaw: { detail: `nobody has said what ${names} of this product means`, where: `${where}/${unknown[0]!.slice(0, 60)}` },
  }
}

const unread = (reading: Reading, unknown: string[]): Reading => ({ ...reading, data: { ...reading.data, unread: unknown.slice(0, 10) } })
