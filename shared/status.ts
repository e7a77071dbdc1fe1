import { type Static, Type } from 'typebox'

/** CAP 1.2 `status`, in lower case: an absent status is `actual`. Carried by every signal, alert, incident and order. */
export const Status = Type.Union([Type.Literal('actual'), Type.Literal('exercise'), Type.Literal('test')])
export type Status = Static<typeof Status>

/** 1 is the most urgent. */
export const Priority = Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3), Type.Literal(4)])
export type Priority = Static<typeof Priority>

/** Milliseconds since 1970 in domain time, unless a name says otherwise. */
export type Millis = number
