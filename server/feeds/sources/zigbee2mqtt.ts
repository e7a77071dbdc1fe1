import type { Arrival, Source, SourceContext } from '../../../shared/arrival.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import { parseDeviceTime } from './device-time.ts'
import { IGNORED, onlineOf, rejected, speakerOf } from './mqtt-feed.ts'
import { digest, textOf } from './text.ts'
import { ATTRIBUTES, isSensing } from './zigbee-fields.ts'
import { type Reading, readState } from './zigbee-state.ts'

/**
 * zigbee2mqtt 1.x and 2.x: `zigbee2mqtt/<friendly name>` with the state as JSON, `…/availability`, `bridge/state`, the older `…/action` with
 * plain text, and `…/<attribute>` where each field has a topic. The friendly name may hold slashes. What else the bridge says of itself, what
 * others ask of devices, and groups of lamps are no signals. https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
 */
export const zigbee2mqtt: Source = (arrival, context) => {
  const speaker = speakerOf(arrival, context)
  if (!speaker || arrival.bytes.length === 0) return IGNORED
  const { feed } = speaker
  const place = placeOf(speaker.path, (address) => context.device(feed, address) !== undefined)
  if (place.channel === 'none') return IGNORED
  const { address } = place
  if (speaker.wrong) return rejected({ feed, address, reason: 'wrong-feed', detail: speaker.wrong })
  const text = textOf(arrival.bytes)
  if (text === undefined) return rejected({ feed, address, reason: 'not-understood', detail: 'the payload is not text', where: '0' })
  if (place.channel === 'bridge') return bridgeOf(text, feed)
  return read({ arrival, feed, text, context, ...place, channel: place.channel })
}

type Channel = 'state' | 'availability' | 'action' | 'attribute'
interface Place {
  address: string
  channel: Channel | 'bridge' | 'none'
  attribute?: string
}
const NOWHERE: Place = { address: '', channel: 'none' }

/** A name that the register knows is a name, whatever its last part is called. */
function placeOf(path: string, isDevice: (address: string) => boolean): Place {
  if (path === 'bridge/state') return { address: '', channel: 'bridge' }
  if (path === 'bridge' || path.startsWith('bridge/')) return NOWHERE
  const end = path.lastIndexOf('/')
  const last = path.slice(end + 1)
  if (last === 'set' || last === 'get') return NOWHERE
  const address = path.slice(0, Math.max(0, end))
  if (end <= 0) return { address: path, channel: 'state' }
  if (last === 'availability' || last === 'action') return { address, channel: last }
  if (ATTRIBUTES.has(last) && !isDevice(path)) return { address, channel: 'attribute', attribute: last }
  return { address: path, channel: 'state' }
}

/** The bridge is the way to all its devices: whether it runs is said of the feed. */
function bridgeOf(text: string, feed: string) {
  const online = onlineOf(text)
  if (online === undefined)
    return rejected({
      feed,
      reason: 'not-understood',
      detail: `the state of the bridge is neither online nor offline: ${text.slice(0, 80)}`,
    })
  const link = { feed, state: online ? ('up' as const) : ('down' as const), ...(!online && { reason: 'zigbee2mqtt is offline' }) }
  return { ...IGNORED, links: [link] }
}

interface Message {
  arrival: Arrival
  feed: string
  address: string
  channel: Channel
  attribute?: string
  text: string
  context: SourceContext
}
type Told = { readings: Reading[]; lastSeen?: unknown } | 'nothing' | undefined

function read(message: Message) {
  const { feed, address, channel, text } = message
  const told = READERS[channel](message, message.context.device(feed, address)?.kind)
  if (told === 'nothing') return IGNORED
  if (told === undefined)
    return rejected({ feed, address, reason: 'not-understood', detail: `the payload is no ${channel} of a device: ${text.slice(0, 80)}` })
  const drafts = draftsOf(told, message)
  return drafts.length > 0 ? { drafts, rejects: [] } : IGNORED
}

const READERS: Record<Channel, (message: Message, kind: string | undefined) => Told> = {
  state({ text }, kind) {
    const state = objectOf(text)
    if (!state) return undefined
    if (kind === undefined && !isSensing(state)) return 'nothing'
    return { readings: readState(state, kind), lastSeen: state.last_seen }
  },
  availability({ text }) {
    const online = onlineOf(text)
    return online === undefined ? undefined : { readings: [{ type: 'linwang.heartbeat', data: { online } }] }
  },
  action: ({ text }, kind) => ({ readings: readState({ action: text }, kind).filter(({ type }) => type === 'linwang.help') }),
  attribute({ attribute, text }, kind) {
    const value = primitiveOf(text)
    return value === undefined ? undefined : { readings: readState({ [attribute!]: value }, kind) }
  },
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** `true`, `5`, `open`; undefined for anything that is not one value */
function primitiveOf(text: string): unknown {
  const word = text.trim()
  if (/^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(word)) return JSON.parse(word) as unknown
  return /^[\w -]{1,40}$/.test(word) ? word : undefined
}

/** With `last_seen` the same message has the same id however often it is delivered; without, the transport's own mark tells them apart. */
function draftsOf({ readings, lastSeen }: Exclude<Told, string | undefined>, message: Message): SignalDraft[] {
  const { arrival, feed, address, channel, attribute, text, context } = message
  const seen = timeOf(lastSeen, context.feed?.(feed)?.zone ?? context.utcOffset)
  const mark = seen ? `${lastSeen}/${digest(text)}` : (arrival.ref ?? `${context.now}/${digest(text)}`)
  const common = {
    feed,
    address,
    time: seen?.ms ?? context.now,
    offset: seen?.offset ?? null,
    ...(seen === undefined && { timeAssumed: true }),
    ...(arrival.retained && { replay: true }),
  }
  return readings.map((reading) => ({
    ...common,
    id: `${address}/${attribute ?? channel}/${mark}/${nameOf(reading)}`.slice(0, 512),
    status: reading.test ? 'test' : 'actual',
    type: reading.type,
    data: reading.data,
  })) as SignalDraft[]
}

const nameOf = ({ type, data }: Reading) => ('hazard' in data ? `${data.hazard}` : type.slice('linwang.'.length))

/** The setting `last_seen`: ISO 8601 (with the zone, without it in some versions), or milliseconds since 1970. */
function timeOf(lastSeen: unknown, zone: number): { ms: number; offset: number | null } | undefined {
  if (typeof lastSeen === 'string' && !/^\d{13}$/.test(lastSeen)) return parseDeviceTime(lastSeen, { zone })
  const ms = typeof lastSeen === 'string' ? Number(lastSeen) : lastSeen
  return typeof ms === 'number' && Number.isSafeInteger(ms) && ms > 0 ? { ms, offset: 0 } : undefined
}
