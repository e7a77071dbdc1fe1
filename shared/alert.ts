import { type Static, Type } from 'typebox'
import { Priority, Status } from './status.ts'

/** ISA-18.2 / IEC 62682. */
export const ALERT_STATES = [
  'active-unacknowledged',
  'active-acknowledged',
  'returned-unacknowledged',
  'normal',
  'shelved',
  'suppressed',
  'out-of-service',
] as const
export type AlertState = (typeof ALERT_STATES)[number]
export const AlertState = Type.Enum([...ALERT_STATES])

/** One step of a thing's history: who, when and why is kept for each (`by` is a user or staff id, or 'system'). */
export const Step = Type.Object({
  at: Type.Number(),
  /** when we heard of it, ms, if it was done earlier: on a phone without a network */
  receivedAt: Type.Optional(Type.Number()),
  act: Type.String(),
  by: Type.String(),
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
  why: Type.Optional(Type.String()),
})
export type Step = Static<typeof Step>

export const Evidence = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]))
export type Evidence = Static<typeof Evidence>

/** 属实, 误报, 演练 */
export const VERDICTS = ['real', 'false', 'exercise'] as const
export const VerdictCode = Type.Enum([...VERDICTS])
export type VerdictCode = Static<typeof VerdictCode>
/** What people found it to be, last word; every one of them is a step. */
export const Verdict = Type.Object({ verdict: VerdictCode, at: Type.Number(), by: Type.String(), note: Type.Optional(Type.String()) })
export type Verdict = Static<typeof Verdict>

export const Alert = Type.Object({
  id: Type.String(),
  /** the matter: one open alert per key */
  key: Type.String(),
  kind: Type.String(),
  state: AlertState,
  priority: Priority,
  status: Status,
  placeId: Type.String(),
  deviceId: Type.Optional(Type.String()),
  residentId: Type.Optional(Type.String()),
  /** ms, occurrence of the first signal */
  raisedAt: Type.Number(),
  /** ms, occurrence of the last */
  lastAt: Type.Number(),
  returnedAt: Type.Optional(Type.Number()),
  acknowledgedAt: Type.Optional(Type.Number()),
  acknowledgedBy: Type.Optional(Type.String()),
  /** end of shelving, ms; the state to which it returns is worked out from `active` and `acknowledgedAt` */
  shelvedUntil: Type.Optional(Type.Number()),
  /** whether the condition itself holds now, whatever the people did */
  active: Type.Boolean(),
  latched: Type.Optional(Type.Boolean()),
  late: Type.Optional(Type.Boolean()),
  count: Type.Number(),
  incidentId: Type.Optional(Type.String()),
  verdict: Type.Optional(Verdict),
  evidence: Evidence,
  steps: Type.Array(Step),
  version: Type.Number(),
})
export type Alert = Static<typeof Alert>

/** Still on somebody's mind: every state but normal. */
export const isOpenAlert = (alert: Pick<Alert, 'state'>) => alert.state !== 'normal'
