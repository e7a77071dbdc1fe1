import { type Static, Type } from 'typebox'
import { Step } from './alert.ts'
import { Priority, Status } from './status.ts'

export const ORDER_STATES = ['dispatched', 'accepted', 'arrived', 'handled', 'verified', 'rejected', 'paused', 'cancelled'] as const
export type OrderState = (typeof ORDER_STATES)[number]

/** The steps that have a deadline each. */
export const ORDER_STEPS = ['accept', 'arrive', 'handle', 'verify'] as const
export type OrderStep = (typeof ORDER_STEPS)[number]

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
  dispatchedAt: Type.Number(),
  /** when the present state began, ms: a deadline bar runs from here to `dueAt` */
  since: Type.Number(),
  /** the deadline of the next step, ms; null when nothing is awaited */
  dueAt: Type.Union([Type.Number(), Type.Null()]),
  /** the step that is awaited */
  next: Type.Union([Type.Enum([...ORDER_STEPS]), Type.Null()]),
  overdue: Type.Boolean(),
  /** ms left on the clock when paused */
  remaining: Type.Optional(Type.Number()),
  pausedUntil: Type.Optional(Type.Number()),
  /** who did the work: may not verify it (D3) */
  handledBy: Type.Optional(Type.String()),
  acceptedAt: Type.Optional(Type.Number()),
  arrivedAt: Type.Optional(Type.Number()),
  handledAt: Type.Optional(Type.Number()),
  verifiedAt: Type.Optional(Type.Number()),
  steps: Type.Array(Step),
  version: Type.Number(),
})
export type Order = Static<typeof Order>

export const isOpenOrder = (order: Pick<Order, 'state'>) => !['verified', 'rejected', 'cancelled'].includes(order.state)
