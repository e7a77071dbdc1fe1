import type { Conversion } from '../../../shared/field-map.ts'
import type { SignalDraft } from '../../../shared/signal.ts'
import { parseDeviceTime } from './device-time.ts'
import type { Check, Plan, Reader } from './json-map-plan.ts'
import { type Pointer, walk } from './json-map-pointer.ts'

/** One item of a message, and where it stands in it. */
export interface Scene {
  whole: unknown
  item: unknown
  /** pointer to the item: '' or /events/3 */
  base: string
  /** minutes east of UTC for times without zone */
  zone: number
  /** for the try-it page: which entries found something, and what was looked at */
  trace?: Trace
}
export interface Trace {
  hit: Set<string>
  /** pointers into items, and those into the whole message with a ^ before them */
  read: Set<string>
  /** which item became what */
  bases: Map<SignalDraft, string>
}

/** Why an item makes no signal. */
export class MapStop extends Error {
  readonly where: string
  constructor(detail: string, where: string) {
    super(detail)
    this.where = where
  }
}

/** Longer texts are cut. */
const LONGEST_TEXT = 2000

const whereOf = (pointer: Pointer, scene: Scene) => `${pointer.fromWhole ? '' : scene.base}${pointer.text}`

function lookUp(pointer: Pointer, scene: Scene): unknown {
  scene.trace?.read.add(`${pointer.fromWhole ? '^' : ''}${pointer.text}`)
  const found = walk(pointer.fromWhole ? scene.whole : scene.item, pointer.steps)
  return found === null ? undefined : found
}

/** What a value is as text; undefined for nothing, lists and objects. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 80)

/** undefined: nothing there and no `otherwise`. `null` is a word of the map. */
export function readValue(reader: Reader, scene: Scene, wanted?: Conversion): unknown {
  if (reader.constant !== undefined && !reader.cases) return hit(reader, scene, converted(reader.constant, reader, scene, wanted))
  const found = rawOf(reader, scene)
  if (found !== undefined) scene.trace?.hit.add(reader.entry)
  if (found === undefined || found === '') return reader.otherwise
  if (reader.cases) return caseOf(reader, found, scene)
  return converted(found, reader, scene, wanted)
}
function hit<T>(reader: Reader, scene: Scene, value: T): T {
  scene.trace?.hit.add(reader.entry)
  return value
}

function rawOf({ pointer, template, constant }: Reader, scene: Scene): unknown {
  if (pointer) return lookUp(pointer, scene)
  if (!template) return constant
  const parts = template.map((part) => (typeof part === 'string' ? part : textOf(lookUp(part, scene))))
  return parts.every((part) => part !== undefined && part !== '') ? parts.join('') : undefined
}

function caseOf(reader: Reader, found: unknown, scene: Scene): unknown {
  const known = reader.cases!.get(textOf(found) ?? '')
  if (known !== undefined) return known
  if (reader.otherwise !== undefined) return reader.otherwise
  const named = [...reader.cases!.keys()].slice(0, 8).join(', ')
  throw new MapStop(`${named} are the cases that the map knows, not ${shown(found)}: add it, or say otherwise`, placeOf(reader, scene))
}

/** Where in the message a reader looks. */
export const placeOf = (reader: Reader, scene: Scene) => {
  const pointer = reader.pointer ?? reader.template?.find((part) => typeof part !== 'string')
  return pointer ? whereOf(pointer as Pointer, scene) : scene.base
}

function converted(value: unknown, reader: Reader, scene: Scene, wanted: Conversion | undefined): unknown {
  const isNumber = reader.times !== undefined || reader.plus !== undefined
  const to = isNumber ? 'number' : (reader.as ?? wanted)
  if (value === null) return null
  if (to === 'list') return listOf(value)
  if (typeof value === 'object') throw new MapStop('here is a list or an object, where one value should be', placeOf(reader, scene))
  const result = to === undefined ? cut(value) : CONVERT[to](value as Plain, scene.zone)
  if (result === undefined) throw new MapStop(`${shown(value)} is no ${NAMES[to!]}`, placeOf(reader, scene))
  return isNumber ? plain((result as number) * (reader.times ?? 1) + (reader.plus ?? 0)) : result
}

/** 1234 × 0.001 is 1.234 */
const plain = (number: number) => Number(number.toPrecision(12))

type Plain = string | number | boolean
const NAMES: Readonly<Record<Conversion, string>> = { text: 'text', number: 'number', boolean: 'yes or no', list: 'list', time: 'time' }
const CONVERT: Readonly<Record<Exclude<Conversion, 'list'>, (value: Plain, zone: number) => Plain | undefined>> = {
  text: (value) => textOf(value)?.slice(0, LONGEST_TEXT),
  number: numberOf,
  boolean: booleanOf,
  time: (value, zone) => momentOf(value, 'auto', zone)?.ms,
}

const cut = (value: unknown) => (typeof value === 'string' ? value.trim().slice(0, LONGEST_TEXT) : value)

function numberOf(value: Plain): number | undefined {
  const text = textOf(value)!
  const number = text === '' || text.length > 32 ? Number.NaN : Number(text)
  return Number.isFinite(number) && typeof value !== 'boolean' ? number : undefined
}

const YES: ReadonlySet<string> = new Set(['true', '1', 'yes', 'y', 'on', '是'])
const NO: ReadonlySet<string> = new Set(['false', '0', 'no', 'n', 'off', '否'])
function booleanOf(value: Plain): boolean | undefined {
  const text = textOf(value)!.toLowerCase()
  return YES.has(text) ? true : NO.has(text) ? false : undefined
}

/** A list as it is; of a text its parts by comma. */
function listOf(value: unknown): string[] {
  const parts = Array.isArray(value) ? value.map(textOf) : (textOf(value) ?? '').split(/[,，]/)
  return parts.flatMap((part) => part?.trim().slice(0, LONGEST_TEXT) || []).slice(0, 200)
}

export interface Moment {
  ms: number
  offset: number | null
}

/** Beyond it a number of seconds is one of milliseconds. */
const SECONDS_END = 1e11
/** A smaller number counts something else. */
const SECONDS_BEGIN = 1e8

export function momentOf(value: unknown, format: 'auto' | 'text' | 'epoch-s' | 'epoch-ms', zone: number): Moment | undefined {
  const text = textOf(value)
  if (text === undefined) return undefined
  const read = () => parseDeviceTime(text, { zone })
  if (format === 'text') return read()
  if (/^\d{14}$/.test(text)) return read()
  if (!/^\d{1,16}(?:\.\d{1,9})?$/.test(text)) return format === 'auto' ? read() : undefined
  const number = Number(text)
  if (format === 'auto' && number < SECONDS_BEGIN) return undefined
  const isSeconds = format === 'epoch-s' || (format === 'auto' && number < SECONDS_END)
  return { ms: Math.round(isSeconds ? number * 1000 : number), offset: 0 }
}

export function timeOf({ reader, format, zone }: NonNullable<Plan['time']>, scene: Scene): { moment?: Moment; said?: string } {
  const found = rawOf(reader, scene)
  if (found === undefined || found === '') return {}
  scene.trace?.hit.add(reader.entry)
  const moment = momentOf(found, format, zone ?? scene.zone)
  return moment ? { moment } : { said: (textOf(found) ?? shown(found) ?? '').slice(0, 80) }
}

export function holds({ pointer, equals, exists }: Check, scene: Scene): boolean {
  const found = lookUp(pointer, scene)
  if (exists !== undefined && exists !== (found !== undefined)) return false
  if (!equals) return exists !== undefined
  return equals.has(textOf(found) ?? (found === undefined ? 'null' : ''))
}
