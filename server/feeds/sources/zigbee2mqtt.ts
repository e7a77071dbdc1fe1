import type { Arrival, Decoded, Reject, Source, SourceContext } from '../../../shared/arrival.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import { parseRfc3339 } from '../../../shared/time.ts'
import { textOf } from './text.ts'
import { type Reading, readState } from './zigbee-state.ts'

/**
 * zigbee2mqtt 1.x and 2.x: `zigbee2mqtt/<friendly name>` with the state as JSON, `…/availability`, and the older `…/action` with plain text.
 * The friendly name may hold slashes. What the bridge says about itself, and what others ask of devices, is no signal.
 * https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html
 */
export const zigbee2mqtt: Source = (arrival, context) => {
  const { address, channel } = topicOf(arrival.topic ?? '')
  if (channel === 'none' || arrival.bytes.length === 0) return IGNORED
  const feed = arrival.feed ?? FEED
  if (feed !== FEED)
    return rejected({ feed, address, reason: 'wrong-feed', detail: `the key of ${feed} does not speak on ${arrival.topic}` })
  const text = textOf(arrival.bytes)
  if (text === undefined) return rejected({ feed, address, reason: 'not-understood', detail: 'the payload is not text' })
  const readings = READERS[channel](text, context.device(FEED, address)?.kind)
  if (readings === undefined)
    return rejected({ feed, address, reason: 'not-understood', detail: `the payload is no ${channel} of a device: ${text.slice(0, 80)}` })
  return { drafts: draftsOf(readings, { arrival, address, channel, text, context }), rejects: [] }
}

const FEED = 'zigbee2mqtt'
const IGNORED: Decoded = { drafts: [], rejects: [], ignored: 1 }
const rejected = (reject: Reject): Decoded => ({ drafts: [], rejects: [reject] })

type Channel = 'state' | 'availability' | 'action'

function topicOf(topic: string): { address: string; channel: Channel | 'none' } {
  const path = topic.slice(topic.indexOf('/') + 1)
  if (path === '' || path === 'bridge' || path.startsWith('bridge/')) return { address: '', channel: 'none' }
  const end = path.lastIndexOf('/')
  const last = path.slice(end + 1)
  if (last === 'set' || last === 'get') return { address: '', channel: 'none' }
  if (end > 0 && (last === 'availability' || last === 'action')) return { address: path.slice(0, end), channel: last }
  return { address: path, channel: 'state' }
}

const READERS: Record<Channel, (text: string, kind: string | undefined) => { readings: Reading[]; lastSeen?: unknown } | undefined> = {
  state(text, kind) {
    const state = objectOf(text)
    return state && { readings: readState(state, kind), lastSeen: state.last_seen }
  },
  availability(text) {
    const state = objectOf(text)?.state ?? text
    if (state !== 'online' && state !== 'offline') return undefined
    return { readings: [{ type: 'linwang.heartbeat', data: { online: state === 'online' } }] }
  },
  action: (text, kind) => ({ readings: readState({ action: text }, kind).filter(({ type }) => type === 'linwang.help') }),
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

interface Message {
  arrival: Arrival
  address: string
  channel: Channel
  text: string
  context: SourceContext
}

/** With `last_seen` the same message has the same id however often it is delivered; without, the transport's own mark tells them apart. */
function draftsOf({ readings, lastSeen }: { readings: Reading[]; lastSeen?: unknown }, message: Message): SignalDraft[] {
  const { arrival, address, channel, text, context } = message
  const seen = timeOf(lastSeen)
  const mark = seen ? `${lastSeen}/${digest(text)}` : (arrival.ref ?? `${context.now}/${digest(text)}`)
  const common = {
    feed: FEED,
    address,
    time: seen?.ms ?? context.now,
    offset: seen?.offset ?? null,
    ...(seen === undefined && { timeAssumed: true }),
    ...(arrival.retained && { replay: true }),
  }
  return readings.map((reading) => ({
    ...common,
    id: `${address}/${channel}/${mark}/${nameOf(reading)}`.slice(0, 512),
    status: reading.test ? 'test' : 'actual',
    type: reading.type,
    data: reading.data,
  })) as SignalDraft[]
}

const nameOf = ({ type, data }: Reading) => ('hazard' in data ? `${data.hazard}` : type.slice('linwang.'.length))

/** ISO 8601 with zone, or milliseconds since 1970 (setting `last_seen`). */
function timeOf(lastSeen: unknown): { ms: number; offset: number | null } | undefined {
  if (typeof lastSeen === 'string') return parseRfc3339(lastSeen)
  return typeof lastSeen === 'number' && Number.isSafeInteger(lastSeen) && lastSeen > 0 ? { ms: lastSeen, offset: 0 } : undefined
}

/** FNV-1a; tells apart what one device said in the same second, nothing more. */
function digest(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(36)
}
