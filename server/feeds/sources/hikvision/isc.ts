import type { Decoded, Reject, Source, SourceContext } from '../../../../shared/arrival.ts'
import type { SignalDraft } from '../../../../shared/signal.ts'
import type { HttpKind } from '../../http-kind.ts'
import { eventOf, localMinute } from '../camera-rules.ts'
import { parseDeviceTime } from '../device-time.ts'
import { readJson } from '../json-text.ts'
import { alertTime } from './alert.ts'
import { EVENT_TYPES } from './event-types.ts'
import { listAt, numberAt, type Tree, textAt } from './fields.ts'
import { ISC_CODES, type IscMeaning } from './isc-codes.ts'
import { withoutPeople } from './private.ts'

export const HIKVISION_ISC: HttpKind = { source: 'hikvision-isc' }

/** `OnEventNotify` of Hikvision iSecure Center: what its event subscription posts. One message holds several events. */
export const hikvisionIsc: Source = (arrival, context) => {
  const feed = arrival.feed ?? 'hikvision-isc'
  const message = readJson(arrival.bytes)
  if ('detail' in message)
    return { drafts: [], rejects: [{ feed, reason: 'not-understood', detail: message.detail, where: `byte ${message.where}` }] }
  const decoded: Decoded = { drafts: [], rejects: [], ignored: 0 }
  const parts = new Map<SignalDraft, string>()
  const events = listAt(message.value, 'params', 'events')
  for (const [index, event] of events.slice(0, MOST_EVENTS).entries()) {
    const result = readEvent(event, { feed, context, sent: textAt(message.value, 'params', 'sendTime') })
    if (result === undefined) decoded.ignored!++
    else if ('reason' in result)
      decoded.rejects.push({ ...result, where: `/params/events/${index}${result.where}`, part: withoutPeople(JSON.stringify(event)) })
    else {
      decoded.drafts.push(result)
      parts.set(result, JSON.stringify(event))
    }
  }
  if (events.length > MOST_EVENTS) {
    const detail = `the message holds more than ${MOST_EVENTS} events: the rest was not read`
    decoded.rejects.push({ feed, reason: 'not-understood', detail, where: `/params/events/${MOST_EVENTS}` })
  }
  if (events.length === 0)
    decoded.rejects.push({ feed, reason: 'not-understood', detail: 'params.events holds no event', where: '/params/events' })
  return { ...decoded, part: (draft) => withoutPeople(parts.get(draft) ?? '') }
}

const MOST_EVENTS = 1000

/** 0 a moment, 1 begins, 2 ends, 3 goes on; 4 and 5 only add what was linked to it, and pictures */
const STATUS = ['moment', 'start', 'stop', 'pulse'] as const
const LINKED = 4

interface Setting {
  feed: string
  context: SourceContext
  /** when the platform sent it: with its zone */
  sent: string | undefined
}

/** undefined: nothing to us */
function readEvent(event: Tree, setting: Setting): SignalDraft | Reject | undefined {
  const { feed } = setting
  const eventId = textAt(event, 'eventId')
  const address = textAt(event, 'srcIndex')
  const number = textAt(event, 'eventType')
  const reject = (reason: string, detail: string, where: string): Reject => ({ feed, reason, detail, where, ...(address && { address }) })
  if (eventId === undefined) return reject('not-understood', 'the event has no eventId', '/eventId')
  if (number === undefined) return reject('not-understood', 'the event has no eventType', '/eventType')
  if (address === undefined) return reject('unknown-device', 'no srcIndex says which device it was', '/srcIndex')
  const status = numberAt(event, 'status') ?? 0
  if (status >= LINKED) return undefined
  const phase = STATUS[status] ?? 'moment'
  const said = textAt(event, 'happenTime')
  const { common, words, flaw } = moment(event, said, setting)
  if (flaw) return reject('invalid-data', flaw, '/happenTime')
  return {
    ...common,
    id: (phase === 'moment' ? eventId : phase === 'pulse' ? `${eventId}/pulse/${said ?? ''}` : `${eventId}/${phase}`).slice(0, 512),
    address,
    ...aliases(event),
    ...(phase === 'pulse' && { repeat: true }),
    ...told(event, { number, address, phase, words, time: common.time }, setting),
  } as SignalDraft
}

interface Event {
  number: string
  address: string
  phase: (typeof STATUS)[number]
  words: object
  time: number
}

function told(event: Tree, { number, address, phase, words, time }: Event, setting: Setting): Pick<SignalDraft, 'type' | 'data'> {
  const name = textAt(event, 'data', 'eventType')?.toLowerCase()
  const known = name === undefined ? undefined : EVENT_TYPES[name]
  const meaning: IscMeaning = known === undefined ? (ISC_CODES[number] ?? { camera: 'other' }) : { camera: known }
  if ('passage' in meaning) {
    const data = { direction: direction(event), ...meaning.passage, ...resident(event, setting), ...words, code: number }
    return { type: 'linwang.passage', data }
  }
  const active = phase === 'moment' ? {} : { active: phase !== 'stop' }
  const labels = name === undefined ? [number] : [name, number]
  const data = { event: byRule(meaning.camera, labels, time, address, setting), label: labels[0]!, ...active, ...words, code: number }
  return { type: 'linwang.camera', data }
}

/** `happenTime` has mostly no zone: the feed's, else that of the platform's own clock, else ours. */
function moment(event: Tree, said: string | undefined, { feed, context, sent }: Setting) {
  const settings = context.feed?.(feed)
  const zone = settings?.zone ?? parseDeviceTime(sent, { zone: context.utcOffset })?.offset ?? context.utcOffset
  const time = alertTime(said ?? textAt(event, 'data', 'dateTime'), zone, context.now)
  const { offset, said: written, zoneAssumed } = time
  const common = { feed, time: time.ms, offset, status: 'actual' as const, ...(time.assumed && { timeAssumed: true }) }
  const words = { ...(written !== undefined && { said: written }), ...(zoneAssumed !== undefined && { zoneAssumed }) }
  const refused = settings?.strict === true && (time.assumed || time.mended)
  return { common, words, flaw: refused ? `happenTime is ${JSON.stringify(said ?? '')}, not ISO 8601` : undefined }
}

/** Rules of the camera, by number or by name. */
function byRule(event: string, labels: readonly string[], time: number, address: string, { feed, context }: Setting): string {
  const rules = (context.device(feed, address)?.rules ?? []).filter(({ label }) => labels.includes(label))
  if (rules.length === 0) return event
  return labels.map((label) => eventOf(rules, label, [], localMinute(time, context.utcOffset))).find((found) => found) ?? 'other'
}

/** where the register knows the device by its address and channel, not by the platform's index */
function aliases(event: Tree): { aliases?: string[] } {
  const ip = textAt(event, 'data', 'ipAddress')
  const channel = numberAt(event, 'data', 'channelID')
  if (ip === undefined) return {}
  return { aliases: channel === undefined ? [ip] : [`${ip}/${channel}`] }
}

/** `ExtEventInOut`: 1 in, 0 out */
function direction(event: Tree): 'in' | 'out' | 'unknown' {
  const way = textAt(event, 'data', 'ExtEventInOut') ?? textAt(event, 'data', 'inAndOutType')
  return way === '1' ? 'in' : way === '0' ? 'out' : 'unknown'
}

/** the number of a person is kept only when it is that of a resident */
function resident(event: Tree, { context }: Setting): { residentId?: string } {
  const residentId = textAt(event, 'data', 'ExtEventPersonNo') ?? textAt(event, 'data', 'jobNo')
  return residentId !== undefined && context.resident?.(residentId) ? { residentId } : {}
}
