import { type Static, Type } from 'typebox'

/** What a feed speaks. The ones that end in a way of fetching are called by us; the others call us. */
export const FEED_KINDS = [
  'cloudevents',
  'hikvision',
  'hikvision-alertstream',
  'hikvision-isc',
  'dahua',
  'dahua-attach',
  'zigbee2mqtt',
  'frigate',
  'ctwing',
  'onenet',
  'sia-dc09',
  'cap',
  'onvif',
  'onvif-pull',
  'gb28181',
  'json',
] as const
export type FeedKind = (typeof FEED_KINDS)[number]

/** We open the connection, with an address and a password of the device. */
export const OUTGOING_KINDS: readonly FeedKind[] = ['hikvision-alertstream', 'dahua-attach', 'onvif-pull']
export const isOutgoing = (kind: FeedKind) => OUTGOING_KINDS.includes(kind)

export const FeedId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' })

/** Where we call, and as whom. The password is sealed in the store and never leaves the server. */
export const FeedConnection = Type.Object({
  url: Type.String({ pattern: '^https?://', maxLength: 500 }),
  username: Type.Optional(Type.String({ maxLength: 100 })),
  hasPassword: Type.Optional(Type.Boolean()),
  /** the device shows a certificate of its own making: taken as it is */
  selfSigned: Type.Optional(Type.Boolean()),
})

/** One panel of an SIA DC-09 feed. The AES key is sealed like a password. */
export const SiaAccount = Type.Object({
  account: Type.String({ minLength: 1, maxLength: 16 }),
  /** seconds between two supervision messages that it promises */
  supervision: Type.Optional(Type.Integer({ minimum: 10, maximum: 86_400 })),
  /** absent: as the feed says */
  strict: Type.Optional(Type.Boolean()),
  hasKey: Type.Optional(Type.Boolean()),
})

/** From a JSON message of anybody to signals: see server/feeds/sources/json-map. */
export const FieldMap = Type.Record(Type.String(), Type.Unknown())

/** What people set of a feed. */
export const FeedSettings = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 64 }),
  /** minutes east of UTC of device clocks that give no zone; absent: the community's */
  zone: Type.Optional(Type.Integer({ minimum: -720, maximum: 840 })),
  /** what is nearly right is quarantined instead of mended */
  strict: Type.Optional(Type.Boolean()),
  /** addresses or CIDR blocks that may speak; empty or absent: all */
  allow: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 64 })),
  /** messages a second at most, over ten seconds */
  rate: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  /** bytes of one message at most */
  maxBytes: Type.Optional(Type.Integer({ minimum: 256, maximum: 8 * 1024 * 1024 })),
  /** seconds of silence that are a fault; absent: learned from its own rhythm */
  silentAfter: Type.Optional(Type.Integer({ minimum: 10, maximum: 30 * 86_400 })),
  connection: Type.Optional(FeedConnection),
  accounts: Type.Optional(Type.Array(SiaAccount, { maxItems: 1000 })),
  map: Type.Optional(FieldMap),
})
export type FeedSettings = Static<typeof FeedSettings>

/** A feed as the register keeps it. */
export interface Feed extends FeedSettings {
  id: string
  kind: FeedKind
  state: 'active' | 'paused'
  version: number
  /** domain time of its first message or its making, ms */
  firstAt: number
  createdBy?: string
}
