import { type Static, type TSchema, Type } from 'typebox'
import { QuietHours } from './care.ts'
import { Priority, Status } from './status.ts'

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** page: the recipient's list, pushed to open pages; the others leave the house */
export const CHANNELS = ['page', 'webpush', 'email', 'webhook'] as const
export const Channel = Type.Enum([...CHANNELS])
export type Channel = Static<typeof Channel>
/** Those that a person chooses among, in the order in which they are tried. */
export const PERSONAL_CHANNELS = ['page', 'webpush', 'email'] as const
export type PersonalChannel = (typeof PERSONAL_CHANNELS)[number]

/** failed: given up for good, or refused; dropped: never tried, `reason` says why */
export const MESSAGE_STATES = ['waiting', 'sending', 'sent', 'failed', 'dropped'] as const
export const MessageState = Type.Enum([...MESSAGE_STATES])
export type MessageState = Static<typeof MessageState>

/** What a message is about. A page puts it into its own words; robots and mail get ours (server/out/words.ts). */
export const MESSAGE_KINDS = [
  'incident.opened',
  'incident.closed',
  'incident.reopened',
  'order.new',
  'order.transferred',
  'order.priority',
  'order.overdue',
  'order.escalated',
  'order.urgent',
  'order.rejected',
  'order.to-verify',
  'order.refused',
  'order.cancelled',
  'order.help',
  'order.note',
  /** to whoever reported something: how far it has come (`params.step`) */
  'report.progress',
  /** to the officer: it is closed, and who called it in wants to be called back */
  'report.call-back',
  /** every change, for the city's platform alone */
  'change.incident',
  'change.order',
  'test',
] as const
export const MessageKind = Type.Enum([...MESSAGE_KINDS])
export type MessageKind = Static<typeof MessageKind>

/** Ids and codes only, never a name or anybody's own words: names are added for each recipient when it is sent. */
export const MessageParams = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null(), Type.Array(Type.String())]),
)
export type MessageParams = Static<typeof MessageParams>

/** One message on one channel to one recipient: a row of the outbox. */
export const Message = Type.Object({
  /** never given twice, on no installation: Message-ID, webhook-id, CloudEvents id */
  id: Type.String(),
  channel: Channel,
  /** staff, resident or user id; of a webhook the id of its endpoint */
  recipient: Type.String(),
  kind: MessageKind,
  priority: Priority,
  status: Status,
  incidentId: orNull(Type.String()),
  orderId: orNull(Type.String()),
  placeId: orNull(Type.String()),
  params: MessageParams,
  /** domain time, ms */
  createdAt: Type.Number(),
  /** domain time, ms: held until then by quiet hours */
  notBefore: orNull(Type.Number()),
  state: MessageState,
  attempts: Type.Number(),
  /** real time, ms; null: at once, or never again */
  nextAt: orNull(Type.Number()),
  /** real time, ms, of the first attempt */
  firstAt: orNull(Type.Number()),
  /** real time, ms; of a page message when it came to lie in the list, domain time */
  sentAt: orNull(Type.Number()),
  /** domain time, ms: marked as read (page) */
  readAt: orNull(Type.Number()),
  lastError: orNull(Type.String()),
  /** why it was dropped or failed: outbox-full, endpoint-deleted, no-address, expired, refused, gone … */
  reason: orNull(Type.String()),
})
export type Message = Static<typeof Message>

/** What a page shows of a message; words for whoever has none of its own. */
export const Notice = Type.Object({
  id: Type.String(),
  kind: MessageKind,
  priority: Priority,
  status: Status,
  at: Type.Number(),
  readAt: orNull(Type.Number()),
  /** quiet hours: show it, make no sound */
  quiet: Type.Boolean(),
  incidentId: orNull(Type.String()),
  orderId: orNull(Type.String()),
  placeId: orNull(Type.String()),
  params: MessageParams,
  title: Type.String(),
  text: Type.String(),
})
export type Notice = Static<typeof Notice>

/** How somebody wants to be told. Without a record: page, then Web Push and mail where they are set up. */
export const RecipientSettings = Type.Object({
  /** in the order of trying: the next one serves when the one before has no address or failed for good. Of priority 1 all at once. */
  channels: Type.Array(Type.Enum([...PERSONAL_CHANNELS]), { maxItems: 3, uniqueItems: true }),
  /** held until their end, unless priority 1; the page shows it at once and makes no sound */
  quiet: orNull(QuietHours),
  email: orNull(Type.String({ maxLength: 254, pattern: '^[^\\s@<>,;"]+@[^\\s@<>,;"]+$' })),
})
export type RecipientSettings = Static<typeof RecipientSettings>
export interface Recipient extends RecipientSettings {
  /** staff id, or the user's where there is no staff record */
  id: string
  version: number
}
export const DEFAULT_RECIPIENT: RecipientSettings = { channels: ['page', 'webpush', 'email'], quiet: null, email: null }

/** What a browser gives for Web Push (W3C PushSubscription.toJSON). */
export const PushSubscription = Type.Object({
  endpoint: Type.String({ maxLength: 1000, pattern: '^https?://' }),
  keys: Type.Object({
    p256dh: Type.String({ pattern: '^[A-Za-z0-9_-]{80,100}={0,2}$' }),
    auth: Type.String({ pattern: '^[A-Za-z0-9_-]{20,30}={0,2}$' }),
  }),
})
export type PushSubscription = Static<typeof PushSubscription>

export const ENDPOINT_FORMATS = ['json', 'wecom', 'dingtalk', 'feishu', 'city'] as const
export const EndpointFormat = Type.Enum([...ENDPOINT_FORMATS])
export type EndpointFormat = Static<typeof EndpointFormat>

export const EndpointId = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' })
/** What an endpoint is told; absent: everything of that sort. */
export const EndpointFilter = Type.Object({
  events: Type.Optional(Type.Array(MessageKind, { maxItems: MESSAGE_KINDS.length })),
  /** kinds of alert or matter: help, hazard.smoke, report.burst-pipe */
  kinds: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 200 })),
  /** this one and what is more urgent */
  priority: Type.Optional(Priority),
  /** it and everything in it */
  placeId: Type.Optional(Type.String()),
})
export type EndpointFilter = Static<typeof EndpointFilter>

export const EndpointSettings = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 64 }),
  filter: EndpointFilter,
  /** told of exercises and tests as well; whoever is not marked so never hears of one (X1) */
  drills: Type.Boolean(),
  /** how exactly places are told: a flat with a cry for help is a person */
  detail: Type.Enum(['building', 'flat']),
  /** messages a minute at most; absent: what the platform allows */
  perMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
})
export type EndpointSettings = Static<typeof EndpointSettings>

export interface Endpoint extends EndpointSettings {
  id: string
  format: EndpointFormat
  /** scheme, host and port; the rest of the address may be the key itself and stays sealed */
  origin: string
  hasSecret: boolean
  /** gone: it answered 410, nothing is sent until somebody resumes it */
  state: 'active' | 'paused' | 'gone'
  version: number
  createdAt: number
  createdBy: string
  health: EndpointHealth
}
/** Real times, ms. `fault` from the fifth failure in a row: then it is only probed. */
export interface EndpointHealth {
  fault: boolean
  failures: number
  failingSince: number | null
  lastOkAt: number | null
  lastError: string | null
}

export const SmtpSettings = Type.Object({
  host: Type.String({ minLength: 1, maxLength: 253 }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  /** tls: from the first byte (465); starttls: demanded (587); none: a relay in the own house */
  security: Type.Enum(['tls', 'starttls', 'none']),
  user: orNull(Type.String({ maxLength: 200 })),
  from: Type.String({ maxLength: 320, pattern: '^[^\\r\\n]+$' }),
  /** certificate of the server must be good; false only for a server of the own house with a certificate of its own making */
  verify: Type.Boolean(),
})
export type SmtpSettings = Static<typeof SmtpSettings>

/** Hosts of push services that subscriptions may name: `fcm.googleapis.com`, `*.push.apple.com`. Empty: Web Push is off. */
export const PushSettings = Type.Object({
  hosts: Type.Array(Type.String({ pattern: '^(\\*\\.)?[A-Za-z0-9.:\\[\\]-]{1,253}$' }), { maxItems: 50 }),
  /** whom a push service writes to in case of trouble */
  contact: Type.String({ pattern: '^(mailto:|https://)', maxLength: 200 }),
})
export type PushSettings = Static<typeof PushSettings>
export const DEFAULT_PUSH: PushSettings = { hosts: [], contact: 'mailto:admin@localhost.localdomain' }
