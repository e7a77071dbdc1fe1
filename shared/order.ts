import { type Static, Type } from 'typebox'
import { Step } from './alert.ts'
import { Priority, Status } from './status.ts'

export const ORDER_STATES = ['dispatched', 'accepted', 'arrived', 'handled', 'verified', 'rejected', 'paused', 'cancelled'] as const
export type OrderState = (typeof ORDER_STATES)[number]

/** The steps that have a deadline each. */
export const ORDER_STEPS = ['accept', 'arrive', 'handle', 'verify'] as const
export type OrderStep = (typeof ORDER_STEPS)[number]

/** One thing to be ticked off on the spot. */
export const CheckItem = Type.Object({
  text: Type.String(),
  done: Type.Boolean(),
  at: Type.Optional(Type.Number()),
  by: Type.Optional(Type.String()),
})
export type CheckItem = Static<typeof CheckItem>

/** What the owner or the verifier wrote, oldest first. */
export const OrderNote = Type.Object({
  at: Type.Number(),
  by: Type.String(),
  text: Type.String(),
  photos: Type.Optional(Type.Array(Type.String())),
})
export type OrderNote = Static<typeof OrderNote>

/** How the work was found to be done. */
export const VERIFIED_HOW = ['on-spot', 'phone', 'photo'] as const
export const VerifiedHow = Type.Enum([...VERIFIED_HOW])
export type VerifiedHow = Static<typeof VerifiedHow>
/** What came of it: confirmed closes the order, refused brings a new one, the others leave it as it is */
export const VERIFY_OUTCOMES = ['confirmed', 'refused', 'no-answer', 'wrong-number'] as const
export type VerifyOutcome = (typeof VERIFY_OUTCOMES)[number]

/** How far up the ladder a missed deadline has been told: the `level`th rung of so many, counted from 1. */
export const Rung = Type.Object({ level: Type.Number(), of: Type.Number(), name: Type.String() })
export type Rung = Static<typeof Rung>

export const Order = Type.Object({
  id: Type.String(),
  incidentId: Type.String(),
  kind: Type.String(),
  priority: Priority,
  status: Status,
  state: Type.Enum([...ORDER_STATES]),
  placeId: Type.String(),
  /** staff id: an order is never without an owner */
  assignee: Type.String(),
  contactId: Type.Optional(Type.String()),
  /** whose order it is: of a team one of its people is the assignee, of an outside team (police, fire …) the officer who notes its steps */
  teamId: Type.Optional(Type.String()),
  /** id of the team in whose pool it waits to be claimed; until then the assignee is whoever dispatched it */
  pool: Type.Optional(Type.String()),
  /** of several orders of an incident the leading one */
  lead: Type.Optional(Type.Boolean()),
  /** in order: it comes after that order; while `heldBy` is there it waits and no clock runs */
  after: Type.Optional(Type.String()),
  heldBy: Type.Optional(Type.String()),
  /** the rejected or refused order in whose place it is */
  replaces: Type.Optional(Type.String()),
  /** how its deadlines run; absent: calendar */
  clock: Type.Optional(Type.Enum(['calendar', 'working'])),
  dispatchedAt: Type.Number(),
  /** when the present state began, ms: a deadline bar runs from here to `dueAt` */
  since: Type.Number(),
  /** the deadline of the next step, ms; null when nothing is awaited */
  dueAt: Type.Union([Type.Number(), Type.Null()]),
  /** the step that is awaited */
  next: Type.Union([Type.Enum([...ORDER_STEPS]), Type.Null()]),
  overdue: Type.Boolean(),
  /** of the deadline that was missed; gone with the next step */
  rung: Type.Optional(Rung),
  /** how often that deadline has been told; the next time is `escalate.p<N>` minutes after the last */
  told: Type.Optional(Type.Number()),
  /** ms left on the clock when paused */
  remaining: Type.Optional(Type.Number()),
  pausedUntil: Type.Optional(Type.Number()),
  /** who did the work: may not verify it (D3) */
  handledBy: Type.Optional(Type.String()),
  acceptedAt: Type.Optional(Type.Number()),
  arrivedAt: Type.Optional(Type.Number()),
  handledAt: Type.Optional(Type.Number()),
  verifiedAt: Type.Optional(Type.Number()),
  /** whether the phone was at the place when its owner arrived there; where it was is not kept */
  placeChecked: Type.Optional(Type.Union([Type.Boolean(), Type.Literal('unknown')])),
  checklist: Type.Optional(Type.Array(CheckItem)),
  notes: Type.Optional(Type.Array(OrderNote)),
  /** ids of pictures */
  photos: Type.Optional(Type.Array(Type.String())),
  /** somebody asked for help: the last time */
  help: Type.Optional(Type.Object({ at: Type.Number(), by: Type.String(), text: Type.String() })),
  verifiedHow: Type.Optional(VerifiedHow),
  /** who can verify it now: staff id; absent while handled: nobody else is on duty, it waits for the next shift */
  verifier: Type.Optional(Type.String()),
  steps: Type.Array(Step),
  version: Type.Number(),
})
export type Order = Static<typeof Order>

export const isOpenOrder = (order: Pick<Order, 'state'>) => !['verified', 'rejected', 'cancelled'].includes(order.state)
