import { type Static, Type } from 'typebox'
import { Order } from './order.ts'

/** Somebody of the staff to be telephoned about an order. */
export const OrderContact = Type.Object({ id: Type.String(), name: Type.String(), role: Type.String(), phone: Type.String() })

/** An order with all that a phone needs to work on it without a network. */
export const MyOrder = Type.Intersect([
  Order,
  Type.Object({
    /** 12栋 1单元 302 */
    place: Type.String(),
    lon: Type.Optional(Type.Number()),
    lat: Type.Optional(Type.Number()),
    gridId: Type.Optional(Type.String()),
    buildingId: Type.Optional(Type.String()),
    /** the register's name of a kind that people report; absent: an alert's kind, for which the page has words */
    kindName: Type.Optional(Type.String()),
    teamName: Type.Optional(Type.String()),
    /** what was reported, in the reporters' words, oldest first */
    said: Type.Array(
      Type.Object({ at: Type.Number(), text: Type.String(), spot: Type.Optional(Type.String()), photos: Type.Array(Type.String()) }),
    ),
    /** the cluster head, then whoever dispatched it; numbers masked until the order is one's own */
    contacts: Type.Array(OrderContact),
    /** commands that fit its state; what body they need is the page's to know */
    possible: Type.Array(Type.String()),
  }),
])
export type MyOrder = Static<typeof MyOrder>

/** `team`: sent to a team of mine, and nobody of it has accepted it yet; `claimable`: in a pool of mine, in my area. */
export const MyOrders = Type.Object({
  now: Type.Number(),
  mine: Type.Array(MyOrder),
  team: Type.Array(MyOrder),
  claimable: Type.Array(MyOrder),
})
export type MyOrders = Static<typeof MyOrders>

/** One place where the same keeps happening. */
export const Danger = Type.Object({
  /** the family's or kind's name and the place: stays the same while the list changes */
  id: Type.String(),
  family: Type.String(),
  kinds: Type.Array(Type.String()),
  placeId: Type.String(),
  place: Type.String(),
  gridId: Type.Optional(Type.String()),
  times: Type.Number(),
  firstAt: Type.Number(),
  lastAt: Type.Number(),
  /** newest first, at most 20 */
  incidents: Type.Array(Type.String()),
})
export type Danger = Static<typeof Danger>
