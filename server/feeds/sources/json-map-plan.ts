import type { Condition, Conversion, JsonMap, MapValue, Scalar, TimeFormat } from '../../../shared/field-map.ts'
import { isTemplate, looksLikePointer, type Pointer, pointerOf, templateOf } from './json-map-pointer.ts'

/** One entry of a map, ready to read. */
export interface Reader {
  /** JSON pointer into the map: /data/active */
  entry: string
  constant?: Scalar
  pointer?: Pointer
  template?: readonly (string | Pointer)[]
  cases?: ReadonlyMap<string, Scalar>
  otherwise?: Scalar
  as?: Conversion
  times?: number
  plus?: number
}
export interface Check {
  pointer: Pointer
  equals?: ReadonlySet<string>
  exists?: boolean
}

/** A map, read once. */
export interface Plan {
  each?: Pointer
  skips: readonly Check[]
  id?: Reader
  time?: { reader: Reader; format: TimeFormat; zone?: number }
  address?: Reader
  type: Reader
  status?: Reader
  data: readonly (readonly [field: string, reader: Reader])[]
}

/** Only of a map in which `flawsOf` finds nothing. */
export function planOf(map: JsonMap): Plan {
  const { each, time, id, address, status } = map
  return {
    ...(each !== undefined && { each: pointerOf(each)! }),
    skips: [map.skipWhen ?? []].flat().map(checkOf),
    ...(id !== undefined && { id: readerOf(id, '/id') }),
    ...(time !== undefined && { time: timeOf(time) }),
    ...(address !== undefined && { address: readerOf(address, '/address') }),
    type: readerOf(map.type, '/type'),
    ...(status !== undefined && { status: readerOf(status, '/status') }),
    data: Object.entries(map.data).map(([field, value]) => [field, readerOf(value, `/data/${field}`)] as const),
  }
}

function timeOf(time: NonNullable<JsonMap['time']>): NonNullable<Plan['time']> {
  if (typeof time === 'string') return { reader: readerOf(time, '/time'), format: 'auto' }
  const { at, format = 'auto', zone } = time
  return { reader: readerOf({ at }, '/time'), format, ...(zone !== undefined && { zone }) }
}

function readerOf(value: MapValue, entry: string): Reader {
  if (typeof value === 'string') return { entry, ...wayOf(value) }
  if (typeof value !== 'object' || value === null) return { entry, constant: value }
  if ('const' in value) return { entry, constant: value.const }
  const { at, cases, ...rest } = value
  return { entry, ...wayOf(at), ...rest, ...(cases && { cases: new Map(Object.entries(cases)) }) }
}

function wayOf(text: string): Pick<Reader, 'constant' | 'pointer' | 'template'> {
  if (looksLikePointer(text)) return { pointer: pointerOf(text)! }
  return isTemplate(text) ? { template: templateOf(text)! } : { constant: text }
}

function checkOf({ at, equals, exists }: Condition): Check {
  const values = equals === undefined ? undefined : new Set([equals].flat().map(String))
  return { pointer: pointerOf(at)!, ...(values && { equals: values }), ...(exists !== undefined && { exists }) }
}
