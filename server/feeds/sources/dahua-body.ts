import type { Arrival } from '../../../shared/arrival.ts'
import { boundaryOf, isMultipart, splitMultipart } from '../multipart.ts'
import { type DahuaEvent, eventsOfText, parseObject, wholePart } from './dahua-text.ts'
import { textOf } from './text.ts'

/** What one message of a Dahua device holds. */
export interface DahuaMessage {
  events: DahuaUpload[]
  /** it said that it is there */
  heartbeat?: boolean
  /** not understood as a whole, and where reading stopped */
  stuck?: { detail: string; where: string }
}
export interface DahuaUpload extends DahuaEvent {
  /** serial number or MAC that the message gives */
  serial?: string
  /** the device kept it and hands it over later */
  offline?: boolean
}

/**
 * The message itself, or its parts without pictures: none when it holds pictures alone. A part (looked at again from quarantine) still bears
 * the header of the whole.
 */
export function partsOf({ bytes, headers }: Arrival): Uint8Array[] {
  const type = headers?.['content-type']
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64)).toString('latin1').trimStart()
  const cut = start.startsWith('--') || (isMultipart(type) && !/^(Code=|Heartbeat|[{[])/.test(start))
  const parts = cut ? splitMultipart(bytes, { boundary: boundaryOf(type), maxPart: LONGEST_PART }) : []
  return parts.length === 0 ? [bytes] : parts.flatMap(({ body }) => (body && body.length > 0 ? [body] : []))
}
const LONGEST_PART = 256 * 1024

/** One message or one part of it: text events, or JSON by direct upload; the bytes say which, not the headers. */
export function readDahua(bytes: Uint8Array): DahuaMessage {
  const text = (textOf(bytes) ?? GB18030.decode(bytes)).trim()
  if (text === '') return { events: [], stuck: { detail: 'the message is empty', where: '0' } }
  if (text.startsWith('{') || text.startsWith('[')) return readJson(text)
  const events = eventsOfText(text)
  if (events.length > 0) return { events }
  if (/(^|[\r\n])\s*Heartbeat\b/.test(text)) return { events: [], heartbeat: true }
  return { events: [], stuck: { detail: `neither Code=… nor JSON: ${printable(text)}`, where: '0' } }
}
const GB18030 = new TextDecoder('gb18030')
const printable = (text: string) => text.slice(0, 60).replace(/\p{Cc}/gu, '·')

function readJson(text: string): DahuaMessage {
  const parsed = parseObject(text.startsWith('[') ? `{"Events":${text}}` : text)
  if (parsed) return eventsOfObject(parsed)
  const saved = wholePart(text)
  const rest = saved === undefined ? undefined : parseObject(saved)
  const message = rest && eventsOfObject(rest)
  if (!message || message.events.length === 0) return { events: [], stuck: { detail: 'the JSON breaks off', where: `${text.length}` } }
  return { events: message.events.map((event) => ({ ...event, cut: text })) }
}

type Json = Readonly<Record<string, unknown>>

function eventsOfObject(message: Json): DahuaMessage {
  const list = listOf(message) ?? [message]
  const events = list.flatMap((one, n) => (isObject(one) ? (eventOf(one, message, list.length > 1, n) ?? []) : []))
  if (events.length > 0) return { events }
  return { events: [], stuck: { detail: 'the JSON names no Code', where: '/Code' } }
}

function listOf(message: Json): unknown[] | undefined {
  const inner = isObject(message.params) ? message.params : message
  return [inner.Events, inner.events, inner.eventList].find(Array.isArray)
}

function eventOf(event: Json, envelope: Json, oneOfMany: boolean, n: number): DahuaUpload | undefined {
  const code = wordOf(event.Code ?? event.code)
  if (code === undefined) return undefined
  const inside = event.Data ?? event.data
  const data = isObject(inside) ? inside : inside === undefined ? event : {}
  const index = Number(event.Index ?? event.index ?? event.Channel ?? event.channel ?? Number.NaN)
  const serial = serialOf(data) ?? serialOf(event) ?? serialOf(envelope)
  return {
    code,
    action: wordOf(event.Action ?? event.action) ?? (inside === undefined ? '' : 'Pulse'),
    ...(Number.isInteger(index) && index >= 0 && index < 100_000 && { index }),
    data,
    ...(serial !== undefined && { serial }),
    ...(event.DataSource === 'Offline' && { offline: true }),
    text: JSON.stringify(oneOfMany ? { ...event, ...(serial !== undefined && { SN: serial }) } : envelope),
    at: n,
  }
}

const SERIALS = ['SN', 'serialNumber', 'SerialNo', 'DeviceID', 'deviceId', 'MAC', 'Mac', 'mac', 'PhysicalAddress'] as const

/** A MAC as everywhere else: lower case, colons. */
function serialOf(from: Json): string | undefined {
  const serial = SERIALS.map((name) => wordOf(from[name])).find((word) => word !== undefined)
  if (serial === undefined) return undefined
  return /^[\da-f]{2}([-:][\da-f]{2}){5}$/i.test(serial) ? serial.toLowerCase().replaceAll('-', ':') : serial
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const wordOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 100) : undefined)
