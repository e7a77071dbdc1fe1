import { type Static, Type } from 'typebox'
import type { Millis, Status } from './status.ts'

export const SIGNAL_TYPES = [
  'linwang.passage',
  'linwang.contact',
  'linwang.motion',
  'linwang.meter',
  'linwang.help',
  'linwang.hazard',
  'linwang.camera',
  'linwang.heartbeat',
  'linwang.warning',
  'linwang.report',
] as const
export type SignalType = (typeof SIGNAL_TYPES)[number]

const literals = <const T extends readonly string[]>(values: T) => Type.Enum([...values] as T[number][])

export const PassageData = Type.Object({
  direction: literals(['in', 'out', 'unknown'] as const),
  residentId: Type.Optional(Type.String()),
  credential: Type.Optional(literals(['card', 'face', 'code', 'qr', 'remote'] as const)),
  granted: Type.Boolean(),
})
export const ContactData = Type.Object({ open: Type.Boolean() })
export const MotionData = Type.Object({ occupied: Type.Boolean() })
export const MeterData = Type.Object({
  quantity: literals(['water', 'power'] as const),
  /** cumulative */
  reading: Type.Number(),
  unit: Type.String(),
})
export const HelpData = Type.Object({ residentId: Type.Optional(Type.String()) })
/** `hazard` is a code of the hazard register: smoke, gas, leak, fire or a later one. */
export const HazardData = Type.Object({ hazard: Type.String(), active: Type.Boolean() })
/** `event` is a code of the register of camera events; an unmapped vendor code becomes `other` with its code in `label`. */
export const CameraData = Type.Object({
  event: Type.String(),
  label: Type.Optional(Type.String()),
  confidence: Type.Optional(Type.Number()),
  active: Type.Optional(Type.Boolean()),
})
export const HeartbeatData = Type.Object({ online: Type.Boolean(), battery: Type.Optional(Type.Number()) })

/** A public warning (CAP 1.2, or the 12379 service of China). It has no device: it is about the community. */
export const WarningData = Type.Object({
  identifier: Type.String(),
  msgType: literals(['alert', 'update', 'cancel', 'ack', 'error'] as const),
  /** identifiers of the messages that this one replaces or takes back */
  references: Type.Array(Type.String()),
  event: Type.String(),
  colour: literals(['blue', 'yellow', 'orange', 'red', 'unknown'] as const),
  headline: Type.String(),
  description: Type.Optional(Type.String()),
  /** ms */
  effective: Type.Optional(Type.Number()),
  expires: Type.Optional(Type.Number()),
  areas: Type.Array(Type.String()),
  /** what it warns of, as people say it: 大风 */
  name: Type.Optional(Type.String()),
  /** the office that issued it, never a person */
  sender: Type.Optional(Type.String()),
  /** codes of the areas (division codes of 12 digits, SAME, …) */
  codes: Type.Optional(Type.Array(Type.String())),
  /** true: for none of the areas that its feed was set to; recorded and not shown */
  elsewhere: Type.Optional(Type.Boolean()),
  instruction: Type.Optional(Type.String()),
})

/**
 * What a person told a hotline or a city platform, as its work order says it. It has no device. Who called, and their number, is never in
 * it: numbers within the text are masked by the source.
 */
export const ReportData = Type.Object({
  number: Type.String(),
  category: Type.String(),
  text: Type.Optional(Type.String()),
  /** where, in the caller's words */
  place: Type.Optional(Type.String()),
  state: Type.Optional(literals(['waiting', 'handling', 'done', 'cancelled'] as const)),
})

/** The data of each signal type; a vendor's own extra fields are kept. */
export const SIGNAL_DATA = {
  'linwang.passage': PassageData,
  'linwang.contact': ContactData,
  'linwang.motion': MotionData,
  'linwang.meter': MeterData,
  'linwang.help': HelpData,
  'linwang.hazard': HazardData,
  'linwang.camera': CameraData,
  'linwang.heartbeat': HeartbeatData,
  'linwang.warning': WarningData,
  'linwang.report': ReportData,
} as const

/** These speak of the community as a whole: no device, `deviceId` is `/feeds/<feed>` and the place is the community. */
export const hasNoDevice = (type: SignalType) => type === 'linwang.warning' || type === 'linwang.report'
export type SignalData = { [T in SignalType]: Static<(typeof SIGNAL_DATA)[T]> }

interface Common {
  /** id of the feed; the CloudEvents source is `/feeds/<feed>` */
  feed: string
  /** unique within its feed */
  id: string
  /** what the device says, ms; may be wrong: see `at` of Signal */
  time: Millis
  /** UTC offset in minutes that the sender gave, null when it gave none */
  offset: number | null
  status: Status
  /** state replay (retained MQTT, ONVIF Initialized): updates state, raises nothing */
  replay?: boolean
  /** the sender gave no time, or its clock was plainly never set: analysis goes by the receipt */
  timeAssumed?: boolean
  /** says again what was said before (a rising post count, a panel's resend): an open matter is not counted up by it */
  repeat?: boolean
  /** the sender kept it and hands it over later: its lateness says nothing of the device's clock */
  backlog?: boolean
}

/** What a source makes of a message: not yet matched to a device, not yet stored. */
export type SignalDraft = {
  [T in SignalType]: Common & {
    type: T
    data: SignalData[T]
    /** the device id (CloudEvents subject) … */
    deviceId?: string
    /** … or what the feed calls the device … */
    address?: string
    /** … or else one of these, the first that the register knows (a panel for its zone, an IP for a MAC) */
    aliases?: readonly string[]
    /** the happening as the sender tells it, without sequence numbers: the same again within minutes is a repeat, though its id differs */
    sameAs?: string
    /** a sign of life that comes many times a minute by itself: what says nothing new within a minute is heard, and not kept */
    routine?: true
  }
}[SignalType]

/** A stored signal, in commit order. */
export type Signal = {
  [T in SignalType]: Common & {
    type: T
    data: SignalData[T]
    seq: number
    deviceId: string
    placeId: string
    receivedAt: Millis
    /** the time analysis goes by: `time`, but never after `receivedAt` */
    at: Millis
  }
}[SignalType]
export type SignalOf<T extends SignalType> = Extract<Signal, { type: T }>
