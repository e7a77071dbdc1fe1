import { type Static, Type } from 'typebox'
import { Step } from './alert.ts'
import { Status } from './status.ts'

/** proposed: made by rule, draft: made by a person; neither is heard before somebody confirms it */
export const BROADCAST_STATES = ['proposed', 'draft', 'sent', 'stopped', 'ended', 'discarded'] as const
export const SPEAKER_STATES = ['waiting', 'playing', 'played', 'failed', 'stopped'] as const
export type SpeakerState = (typeof SPEAKER_STATES)[number]

/** A recording, as it was uploaded. */
export const Clip = Type.Object({
  /** SHA-256 of the bytes, hex */
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** audio/webm … */
  type: Type.String({ pattern: '^audio/[a-z0-9.+-]+$' }),
  bytes: Type.Integer({ minimum: 1 }),
  seconds: Type.Number({ minimum: 0.2, maximum: 120 }),
})
export type Clip = Static<typeof Clip>

/** What loudspeakers say: a text that the speaker reads out, or a recording. Who had it said, who confirmed it and what became of it stay on record. */
export const Broadcast = Type.Object({
  /** broadcast-17 */
  id: Type.String(),
  text: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  clip: Type.Optional(Clip),
  /** how often it is said */
  repeat: Type.Integer({ minimum: 1, maximum: 10 }),
  /** seconds that it takes once, about */
  seconds: Type.Number(),
  status: Status,
  state: Type.Enum([...BROADCAST_STATES]),
  placeId: Type.String(),
  speakers: Type.Array(
    Type.Object({
      deviceId: Type.String(),
      state: Type.Enum([...SPEAKER_STATES]),
      at: Type.Number(),
      error: Type.Optional(Type.String()),
    }),
  ),
  /** the matter that it is about, and the kind of alert or the warning that proposed it */
  incidentId: Type.Optional(Type.String()),
  because: Type.Optional(Type.String()),
  by: Type.String(),
  at: Type.Number(),
  sentAt: Type.Optional(Type.Number()),
  steps: Type.Array(Step),
  version: Type.Number(),
})
export type Broadcast = Static<typeof Broadcast>

/** What a page sends. `speakers`: ids of devices; absent: all in the place. */
export const BroadcastDraft = Type.Object({
  text: Broadcast.properties.text,
  clip: Broadcast.properties.clip,
  repeat: Type.Optional(Broadcast.properties.repeat),
  placeId: Type.Optional(Type.String()),
  speakers: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
  status: Type.Optional(Status),
  incidentId: Type.Optional(Type.String()),
})
export type BroadcastDraft = Static<typeof BroadcastDraft>

/** How our words reach the speakers of the estate. */
export const SpeakerLink = Type.Union([
  Type.Object({ kind: Type.Literal('none') }),
  /** `<prefix>/<address>/play`, `…/stop`, and what the speaker answers on `…/state` */
  Type.Object({ kind: Type.Literal('mqtt'), prefix: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9/_.-]{0,99}$' }) }),
  /** POST `<url>/<address>/play` and `…/stop` */
  Type.Object({ kind: Type.Literal('http'), url: Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 500 }) }),
])
export type SpeakerLink = Static<typeof SpeakerLink>

/** Not said any more when it could not be said at once: an alarm of half an hour ago frightens and misleads, ms. */
export const STALE_BROADCAST = 30_000

/** characters of Chinese that a calm voice reads in a second */
const READ_PER_SECOND = 4
export const secondsToRead = (text: string) => Math.max(2, Math.ceil([...text].length / READ_PER_SECOND))

export const isBroadcastOver = ({ state }: Pick<Broadcast, 'state'>) => state === 'stopped' || state === 'ended' || state === 'discarded'
