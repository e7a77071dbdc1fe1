import { type Static, Type } from 'typebox'

const maybe = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

/** How one device of the register is heard, for whoever puts it right. */
export const DeviceHealth = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  placeId: Type.String(),
  address: Type.String(),
  state: Type.Enum(['heard', 'silent', 'never', 'fault', 'low-battery']),
  /** by receipt, ms; null: never */
  lastHeard: maybe(Type.Number()),
  /** seconds between two messages, as it usually speaks; null: not known yet */
  usualGap: maybe(Type.Number()),
  /** seconds of silence after which the engineer is told */
  silentAfter: Type.Number(),
  /** where that comes from: set by hand, learned from its own rhythm, or usual for its kind */
  expectation: Type.Enum(['set', 'learned', 'kind']),
  /** seconds that its clock is ahead (+) or behind (−); null: unknown, or within two minutes */
  drift: maybe(Type.Number()),
  battery: maybe(Type.Number()),
  accepted: Type.Number(),
  duplicates: Type.Number(),
  repeats: Type.Number(),
  quarantined: Type.Number(),
})
export type DeviceHealth = Static<typeof DeviceHealth>
