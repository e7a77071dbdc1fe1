import { createHash } from 'node:crypto'
import type { Arrival, Decoded, Reject, Source, SourceContext } from '../../../shared/arrival.ts'
import type { Feed } from '../../../shared/feed.ts'
import type { Conversion, JsonMap } from '../../../shared/field-map.ts'
import { hasNoDevice, SIGNAL_DATA, type SignalDraft, type SignalType } from '../../../shared/signal.ts'
import { charsetOf, jsonOf, NO_DATA } from './event-data.ts'
import { type Flaw, flawsOf } from './json-map-flaws.ts'
import { maskText } from './json-map-mask.ts'
import { type Plan, planOf } from './json-map-plan.ts'
import { walk } from './json-map-pointer.ts'
import { holds, MapStop, placeOf, readValue, type Scene, timeOf } from './json-map-read.ts'
import { readJson } from './json-text.ts'

/**
 * JSON of anybody, read by the field map of its feed (shared/field-map.ts): hotlines, city platforms, gateways. Every city has its own, so
 * what a message means is data that people set, and a feed without a map keeps its messages aside until it has one.
 */
export const jsonMap: Source = (arrival, context) => {
  const feedId = arrival.feed ?? 'json'
  const feed = context.feed?.(feedId)
  const refused = (detail: string, where?: string): Decoded => ({
    drafts: [],
    rejects: [{ feed: feedId, reason: 'not-understood', detail, ...(where !== undefined && { where }) }],
  })
  if (!feed?.map) return refused(`${feedId} has no field map yet: say what its fields mean, then read this again`)
  const ready = readyMap(feed.map)
  if ('flaw' in ready) return refused(`the field map of ${feedId}: ${ready.flaw.field} ${ready.flaw.detail}: ${ready.flaw.fix}`)
  const message = messageOf(arrival)
  if ('detail' in message) return refused(message.detail, message.where)
  return applyMap(ready.plan, message.value, { feedId, feed, context })
}

/** Maps are read once for each version of a feed. */
const READY = new WeakMap<object, { plan: Plan } | { flaw: Flaw }>()
export function readyMap(map: object): { plan: Plan } | { flaw: Flaw } {
  const known = READY.get(map)
  if (known) return known
  const [flaw] = flawsOf(map)
  const ready = flaw ? { flaw } : { plan: planOf(map as JsonMap) }
  READY.set(map, ready)
  return ready
}

/** JSON in UTF-8 or the charset that the header names; a form is an object of its fields. */
export function messageOf(arrival: Pick<Arrival, 'bytes' | 'headers'>): { value: unknown } | { detail: string; where: string } {
  const type = arrival.headers?.['content-type'] ?? ''
  if (/^application\/x-www-form-urlencoded/i.test(type)) return formOf(arrival.bytes)
  if (nestsDeep(arrival.bytes)) return { detail: `the message nests deeper than ${DEEPEST}`, where: '0' }
  const charset = charsetOf(type)
  if (charset === undefined || /^utf-?8$/i.test(charset)) return readJson(arrival.bytes)
  const value = jsonOf(arrival.bytes, charset)
  return value === NO_DATA ? { detail: `the message is not JSON in ${charset.slice(0, 20)}`, where: '0' } : { value }
}

/** What nests deeper is no message of a platform, and could not be written again. */
const DEEPEST = 500
/** Brackets within texts count too: it is a bound, not a measure. */
function nestsDeep(bytes: Uint8Array): boolean {
  let depth = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === 0x5b || byte === 0x7b) depth++
    else if (byte === 0x5d || byte === 0x7d) depth--
    if (depth > DEEPEST) return true
  }
  return false
}
const formOf = (bytes: Uint8Array) => ({ value: Object.fromEntries(new URLSearchParams(Buffer.from(bytes).toString('utf8'))) as unknown })

export interface Setting {
  feedId: string
  feed: Pick<Feed, 'zone' | 'strict'> | undefined
  context: Pick<SourceContext, 'now' | 'utcOffset'>
  trace?: Scene['trace']
}

/** One message may be a list of at most so many items. */
const MOST_ITEMS = 5_000

/** A message through a map. */
export function applyMap(plan: Plan, whole: unknown, setting: Setting): Decoded {
  const items = itemsOf(plan, whole)
  const reject = (detail: string, where: string): Reject => ({ feed: setting.feedId, reason: 'not-understood', detail, where })
  if ('detail' in items) return { drafts: [], rejects: [reject(items.detail, items.where)] }
  const decoded: Decoded = { drafts: [], rejects: [] }
  const parts = new Map<SignalDraft, unknown>()
  const zone = setting.feed?.zone ?? setting.context.utcOffset
  for (const { item, base } of items.list) {
    const scene: Scene = { whole, item, base, zone, ...(setting.trace && { trace: setting.trace }) }
    const made = one(plan, scene, setting)
    if (made === undefined) decoded.ignored = (decoded.ignored ?? 0) + 1
    else if ('reason' in made) decoded.rejects.push(items.list.length > 1 ? { ...made, part: JSON.stringify(item) } : made)
    else {
      decoded.drafts.push(made)
      parts.set(made, item)
      setting.trace?.bases.set(made, base)
    }
  }
  if (items.list.length > 1) decoded.part = (draft) => JSON.stringify(parts.get(draft))
  return decoded
}

type Items = { list: { item: unknown; base: string }[] } | { detail: string; where: string }
/** A single thing where a list is expected is a list of one: so do platforms that were made from XML. */
function itemsOf({ each }: Plan, whole: unknown): Items {
  const base = each?.text ?? ''
  const found = each ? walk(whole, each.steps) : whole
  if (typeof found !== 'object' || found === null)
    return { detail: each ? 'here the map expects a list' : 'the message is a bare value, not an object', where: base }
  if (!Array.isArray(found)) return { list: [{ item: found, base }] }
  if (found.length > MOST_ITEMS) return { detail: `the list has ${found.length} items, more than ${MOST_ITEMS}`, where: base }
  return { list: found.map((item, n) => ({ item, base: `${base}/${n}` })) }
}

/** undefined: understood, and no signal */
function one(plan: Plan, scene: Scene, setting: Setting): SignalDraft | Reject | undefined {
  try {
    if (plan.skips.some((check) => holds(check, scene))) return undefined
    return draftOf(plan, scene, setting)
  } catch (error) {
    if (!(error instanceof MapStop)) throw error
    return { feed: setting.feedId, reason: 'not-understood', detail: error.message, where: error.where }
  }
}

const STATUSES: ReadonlySet<unknown> = new Set(['actual', 'exercise', 'test'])
const LONGEST_NAME = 200

function draftOf(plan: Plan, scene: Scene, { feedId, feed, context }: Setting): SignalDraft | undefined {
  const type = readValue(plan.type, scene, 'text')
  if (type === null) return undefined
  if (type === undefined) throw new MapStop('nothing here says of which type it is', placeOf(plan.type, scene))
  if (!Object.hasOwn(SIGNAL_DATA, type as string))
    throw new MapStop(`no signal is of type ${String(type).slice(0, 60)}`, placeOf(plan.type, scene))
  const { moment, said } = plan.time ? timeOf(plan.time, scene) : {}
  if (said !== undefined && feed?.strict) throw new MapStop(`${said} is no time that the map can read`, placeOf(plan.time!.reader, scene))
  const status = (plan.status && readValue(plan.status, scene, 'text')) ?? 'actual'
  if (!STATUSES.has(status))
    throw new MapStop(`status ${String(status).slice(0, 40)} is none of actual, exercise, test`, placeOf(plan.status!, scene))
  const data = dataOf(plan, scene, type as SignalType)
  return {
    feed: feedId,
    id: idOf(plan, scene, moment === undefined ? context.now : undefined),
    type,
    time: moment?.ms ?? context.now,
    offset: moment?.offset ?? null,
    status,
    data: said === undefined ? data : { ...data, said },
    ...(moment === undefined && { timeAssumed: true }),
    ...(hasNoDevice(type as SignalType) ? { deviceId: `/feeds/${feedId}` } : { address: addressOf(plan, scene) }),
  } as SignalDraft
}

function addressOf({ address }: Plan, scene: Scene): string {
  const found = address && readValue(address, scene, 'text')
  if (!address || typeof found !== 'string' || found === '')
    throw new MapStop('nothing here says which device speaks', address ? placeOf(address, scene) : scene.base)
  return found.slice(0, LONGEST_NAME)
}

function idOf({ id }: Plan, scene: Scene, now: number | undefined): string {
  if (!id) return `${contentOf(scene.item)}${now === undefined ? '' : `/${now}`}`
  const found = readValue(id, scene, 'text')
  if (typeof found !== 'string' || found === '') throw new MapStop('nothing here tells this message from others', placeOf(id, scene))
  return found.length <= LONGEST_NAME ? found : `${found.slice(0, 100)}/${contentOf(found)}`
}
const contentOf = (item: unknown) => createHash('sha1').update(JSON.stringify(item)).digest('base64url')

/** What callers say in their own words. */
const SPOKEN: Partial<Record<SignalType, ReadonlySet<string>>> = { 'linwang.report': new Set(['text', 'place', 'category']) }

function dataOf({ data }: Plan, scene: Scene, type: SignalType): Record<string, unknown> {
  const wanted = WANTED.get(type)!
  const spoken = SPOKEN[type]
  const result: Record<string, unknown> = type === 'linwang.warning' ? { references: [], areas: [] } : {}
  for (const [field, reader] of data) {
    const value = readValue(reader, scene, wanted.get(field))
    if (value === undefined || value === null) continue
    result[field] = spoken?.has(field) && typeof value === 'string' ? maskText(value) : value
  }
  return result
}

interface FieldSchema {
  type?: string
  enum?: unknown[]
}
const CONVERSION: Readonly<Record<string, Conversion>> = { number: 'number', boolean: 'boolean', string: 'text', array: 'list' }
/** What each field of each type must be, from the schemas. */
const WANTED = new Map<string, ReadonlyMap<string, Conversion | undefined>>(
  Object.entries(SIGNAL_DATA).map(([type, { properties }]) => [
    type,
    new Map(
      Object.entries(properties as Record<string, FieldSchema>).map(([field, schema]) => [field, CONVERSION[schema.type ?? 'string']]),
    ),
  ]),
)
