import { type Static, Type } from 'typebox'

/**
 * The field map of a feed of kind `json`: how a message of anybody (a hotline, a city platform, a gateway of the shop next door) becomes
 * signals. Data, not code: pointers, constants and lookups; nothing is executed and there are no patterns.
 *
 * A **value** is
 * - a text that begins with `/`: a JSON pointer (RFC 6901) into the message, or into the item when there is `each`; `^/` begins at the whole
 *   message. JSON that is packed in a text is opened on the way (`/payload/alarm` where `payload` is `"{\"alarm\":1}"`);
 * - a text with pointers in braces, `{/building}-{/unit}`: nothing when one of them finds nothing;
 * - any other text, a number, true, false, null: itself (`{const: '/x'}` for one that looks like a pointer);
 * - `{at, as?, cases?, otherwise?, times?, plus?}`: what stands at `at`; looked up in `cases` (by its text: 1 and "1" are the same case);
 *   turned into `as`; a number is multiplied by `times`, then `plus` is added; `otherwise` when nothing stands there or no case fits.
 *   Without `otherwise` a value that no case names is set aside with its place, never guessed.
 *
 * A data field is turned into what the signal's type wants (number, boolean, list) even without `as`. `null` as a type means: understood,
 * and no signal. `null` as a data field: the field is left out.
 *
 * `id` must differ for what is different: the state of a work order belongs into it (`{/number}/{/state}`), or its second message counts as
 * a duplicate of the first. Without `id` the same content is the same message.
 *
 * ## POST /api/feeds/try
 *
 *     {map?: JsonMap, sample: string, feed?: string}      engineer, admin; nothing is stored
 *     → TryResult
 *
 * `sample` is the message as text. `map` absent: the map that `feed` has. `feed` gives zone and strictness, and whose devices are looked
 * for. A map that cannot be used: 400 with `errors: [{field: 'map.data.active', detail, fix}]`.
 */
const Scalar = Type.Union([Type.String({ maxLength: 500 }), Type.Number(), Type.Boolean(), Type.Null()])
export type Scalar = Static<typeof Scalar>

export const CONVERSIONS = ['text', 'number', 'boolean', 'list', 'time'] as const
export type Conversion = (typeof CONVERSIONS)[number]
export const TIME_FORMATS = ['auto', 'text', 'epoch-s', 'epoch-ms'] as const
export type TimeFormat = (typeof TIME_FORMATS)[number]

const Where = Type.String({ minLength: 1, maxLength: 500 })
export const Lookup = Type.Object({
  at: Where,
  as: Type.Optional(Type.Enum([...CONVERSIONS])),
  cases: Type.Optional(Type.Record(Type.String(), Scalar)),
  otherwise: Type.Optional(Scalar),
  times: Type.Optional(Type.Number()),
  plus: Type.Optional(Type.Number()),
})
export type Lookup = Static<typeof Lookup>
export const MapValue = Type.Union([Scalar, Lookup, Type.Object({ const: Scalar })])
export type MapValue = Static<typeof MapValue>

/** Holds when what stands at `at` is one of `equals` (by its text), or, with `exists`, is there or not. */
export const Condition = Type.Object({
  at: Where,
  equals: Type.Optional(Type.Union([Scalar, Type.Array(Scalar)])),
  exists: Type.Optional(Type.Boolean()),
})
export type Condition = Static<typeof Condition>

export const TimeValue = Type.Object({
  at: Where,
  /** auto: a text as devices write it, seconds or milliseconds since 1970, told by their size */
  format: Type.Optional(Type.Enum([...TIME_FORMATS])),
  /** minutes east of UTC where the text gives none; absent: as the feed is set */
  zone: Type.Optional(Type.Integer({ minimum: -720, maximum: 840 })),
})
export type TimeValue = Static<typeof TimeValue>

export const JsonMap = Type.Object({
  /** where the list is, when one message tells of several things; a message that is a list itself needs none */
  each: Type.Optional(Type.String({ maxLength: 500 })),
  /** items that mean nothing to us: counted, not kept */
  skipWhen: Type.Optional(Type.Union([Condition, Type.Array(Condition, { maxItems: 20 })])),
  id: Type.Optional(MapValue),
  /** absent, or nothing there: the time of receipt */
  time: Type.Optional(Type.Union([Where, TimeValue])),
  /** what the feed calls the device; none for reports and warnings, which have no device */
  address: Type.Optional(MapValue),
  /** linwang.hazard …, see `SIGNAL_DATA` */
  type: MapValue,
  /** actual (default), exercise or test */
  status: Type.Optional(MapValue),
  data: Type.Record(Type.String(), MapValue),
  /** what the sender wants to read when its message is kept; absent: the counts, with 200 */
  answer: Type.Optional(Type.Object({ status: Type.Optional(Type.Integer({ minimum: 200, maximum: 299 })), body: Type.Unknown() })),
})
export type JsonMap = Static<typeof JsonMap>

/** One signal that the sample would make. */
export interface TriedSignal {
  type: string
  id: string
  /** ISO 8601 with the offset that was given */
  time: string
  /** the message told no time that could be read: the receipt counts */
  timeAssumed: boolean
  status: string
  /** what the feed calls the device; null: a report or a warning, which have none */
  address: string | null
  /** the device of that address, as far as `feed` is given and the register knows it */
  device: { id: string; name: string; placeId: string } | null
  data: Record<string, unknown>
}
export interface TryResult {
  signals: TriedSignal[]
  /** `where`: JSON pointer into the sample (or the character at which it stops being JSON) */
  rejects: { reason: string; detail: string; where: string | null }[]
  /** items that the map says to skip */
  ignored: number
  /** entries of the map that found nothing in the sample: JSON pointers into the map */
  unused: string[]
  /** what stands in the sample and is not read: JSON pointers, 200 at most */
  unread: string[]
}

export interface Preset {
  id: string
  /** by language */
  name: { 'zh-CN': string; en: string }
  about: { 'zh-CN': string; en: string }
  map: JsonMap
  sample: string
}

/** Maps to begin with. */
export const PRESETS: readonly Preset[] = [
  {
    id: 'lifeline-order',
    name: { 'zh-CN': '城市生命线工单（无锡）', en: 'City lifeline work order (Wuxi)' },
    about: {
      'zh-CN': '供水、燃气等平台推送的工单，登记为上报，不是设备信号。同一工单每变一次状态发一次，编号里要带上状态。',
      en: 'Work orders of a water or gas platform, kept as reports. One message for each change of state, so the state is part of the id.',
    },
    map: {
      id: '{/workordercode}/{/state}',
      time: { at: '/dispatchtime', zone: 480 },
      type: 'linwang.report',
      data: {
        number: '/workordercode',
        category: '/scene',
        text: '/workordercontent',
        place: '{/area} {/place}',
        state: { at: '/state', cases: { '0': 'waiting', '1': 'handling', '2': 'done' } },
        kind: {
          at: '/workordertype',
          cases: { '0': 'event', '1': 'warning', '2': 'risk', '3': 'hidden-danger', '4': 'equipment' },
          otherwise: null,
        },
      },
      answer: { body: { success: true, code: 10000, message: '操作成功!', pageInfo: null, resultData: null } },
    },
    sample: JSON.stringify(
      {
        workordercode: 'GS20260601000001',
        scene: '供水',
        workordercontent: '3 栋门口水管漏水',
        place: '3 栋东侧',
        area: '彩虹社区',
        dispatchtime: '2026-06-01 12:18:11',
        state: 0,
        workordertype: 1,
      },
      null,
      2,
    ),
  },
  {
    id: 'alarm',
    name: { 'zh-CN': '一般报警推送', en: 'Plain alarm' },
    about: {
      'zh-CN': '一条消息带一组报警，每条有编号、设备号、类型、开始或恢复。',
      en: 'One message with a list of alarms, each with its id, device, kind, and whether it begins or ends.',
    },
    map: {
      each: '/events',
      skipWhen: { at: '/type', equals: ['heartbeat', 'test'] },
      id: '{/eventId}/{/status}',
      time: { at: '/time' },
      address: '/deviceId',
      type: 'linwang.hazard',
      data: {
        hazard: { at: '/type', cases: { smoke: 'smoke', gas: 'gas', water: 'leak', fire: 'fire' } },
        active: { at: '/status', cases: { alarm: true, '1': true, normal: false, '0': false } },
      },
      answer: { body: { code: 200, message: 'success' } },
    },
    sample: JSON.stringify(
      { events: [{ eventId: 'A-1', deviceId: 'smoke-01', type: 'smoke', status: 'alarm', time: '2026-06-01 08:00:00' }] },
      null,
      2,
    ),
  },
]
