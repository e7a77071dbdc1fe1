import { Type } from 'typebox'
import { badRequest } from '../../shared/problem.ts'

export const Time = Type.String({ description: 'RFC 3339 time, or milliseconds since 1970' })
export const PlaceId = Type.String({ description: 'id of a place: it and everything in it' })
export const Ids = Type.Object({ id: Type.String() })
/** Of every command over REST (D2). */
export const KeyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'the same key again gets the first answer again' }),
  ),
})

/** `a,b` → ['a', 'b']; undefined stays */
export const listOf = (text: string | undefined): string[] | undefined =>
  text === undefined
    ? undefined
    : text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean)

export function timeOf(text: string | undefined, field: string): number | undefined {
  if (text === undefined) return undefined
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isFinite(at)) return at
  throw badRequest(`${field} is not a time`, {
    errors: [{ field: `?${field}`, detail: 'not a time', fix: 'e.g. 2026-03-01T08:00:00+08:00' }],
  })
}
