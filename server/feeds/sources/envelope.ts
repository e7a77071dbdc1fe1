import type { Reject } from '../../../shared/arrival.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import type { Status } from '../../../shared/status.ts'
import { parseRfc3339 } from '../../../shared/time.ts'
import { eventData, NO_DATA } from './event-data.ts'

/** Attributes of a CloudEvent (1.0.2, section 3) before anything is known of them. */
export type Attributes = Record<string, unknown>

/** What is wrong with an envelope: the field, what it is, and how to mend it. */
export interface Flaw {
  field: string
  detail: string
  fix: string
}

/** Longer ids and subjects are refused: nothing a device sends needs them. */
export const LONGEST_NAME = 512

const flaw = (field: string, detail: string, fix: string): Flaw => ({ field, detail, fix })
const isName = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= LONGEST_NAME

/** The first flaw of an envelope; undefined when it is sound. Strict where the specification says MUST. */
export function flawOf(event: Attributes): Flaw | undefined {
  if (event.specversion !== '1.0') return versionFlaw(event.specversion)
  if (!isName(event.id)) return flaw('id', nameDetail(event.id), 'give a text that is unique within the source')
  if (!isName(event.source)) return flaw('source', nameDetail(event.source), 'give /feeds/<id of the feed>')
  if (!isName(event.type)) return flaw('type', nameDetail(event.type), 'give the type of the event, such as linwang.motion')
  if (event.subject != null && !isName(event.subject)) return flaw('subject', nameDetail(event.subject), 'give the id of the device')
  if (event.time != null && !isTime(event.time)) return timeFlaw(event.time)
  if (event.datacontenttype != null && typeof event.datacontenttype !== 'string')
    return flaw('datacontenttype', 'is not a text', 'give application/json')
  if (event.data_base64 != null && event.data !== undefined)
    return flaw('data_base64', 'stands beside data', 'give either data or data_base64')
  return undefined
}

const isTime = (value: unknown) => typeof value === 'string' && parseRfc3339(value) !== undefined

function nameDetail(value: unknown): string {
  if (value === undefined || value === null) return 'is missing'
  if (typeof value !== 'string') return `is a ${Array.isArray(value) ? 'list' : typeof value}, not a text`
  return value === '' ? 'is empty' : `has ${value.length} characters, more than ${LONGEST_NAME}`
}
const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 80)

function versionFlaw(value: unknown): Flaw {
  const detail = value === undefined || value === null ? 'is missing' : `is ${shown(value)}`
  return flaw('specversion', detail, 'send CloudEvents 1.0: "specversion": "1.0"')
}
function timeFlaw(value: unknown): Flaw {
  return flaw('time', `is ${shown(value)}, not an RFC 3339 time with its zone`, 'give for example 2026-11-23T08:00:00+08:00')
}

const FEED = /^\/feeds\/([A-Za-z0-9][A-Za-z0-9._-]{0,63})$/
const FEEDS = new Map<string, string>()

/** `/feeds/gates` → gates; undefined for any other source. */
export function feedOf(source: string): string | undefined {
  const known = FEEDS.get(source)
  if (known) return known
  const feed = FEED.exec(source)?.[1]
  if (feed && FEEDS.size < 1_000) FEEDS.set(source, feed)
  return feed
}

const STATUSES = new Set<unknown>(['actual', 'exercise', 'test'])

/** A sound envelope → a draft, or why there is none. `expected`: the only feed that the sender may speak for. */
export function draftOf(event: Attributes, expected: string | undefined, now: number): SignalDraft | Reject {
  const feed = feedOf(event.source as string)
  const known = { feed: feed ?? expected, id: event.id as string, address: (event.subject as string | undefined) ?? undefined }
  const reject = (reason: Reject['reason'], detail: string, where: string): Reject => ({ ...known, reason, detail, where })
  if (expected !== undefined && feed !== expected)
    return reject('wrong-feed', `${event.source} is not /feeds/${expected}, for which this key or topic speaks`, '/source')
  if (feed === undefined) return reject('unknown-feed', `${event.source} names no feed: give /feeds/<id>`, '/source')
  if (event.status != null && !STATUSES.has(event.status))
    return reject('invalid-data', `status ${shown(event.status)} is none of actual, exercise, test`, '/status')
  if (known.address === undefined) return reject('unknown-device', 'no subject says which device spoke', '/subject')
  const data = eventData(event)
  if (data === NO_DATA) return reject('invalid-data', 'the data is not JSON', '/data')
  const time = event.time == null ? undefined : parseRfc3339(event.time as string)
  return {
    feed,
    id: known.id,
    type: event.type,
    time: time?.ms ?? now,
    offset: time?.offset ?? null,
    status: (event.status as Status | undefined) ?? 'actual',
    data,
    deviceId: known.address,
    ...(time === undefined && { timeAssumed: true }),
    ...((event.backlog === true || event.backlog === 'true') && { backlog: true }),
  } as SignalDraft
}
