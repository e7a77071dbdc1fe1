import { type TSchema, Type } from 'typebox'
import { badRequest } from '../../shared/problem.ts'

export interface Page<T> {
  items: T[]
  /** goes into `cursor` of the next request; null: that was all */
  next: string | null
}

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, description: 'how many at most; 200 unless said, never more than 1000' })),
  cursor: Type.Optional(Type.String({ description: '`next` of the page before' })),
}

export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) })

export const limitOf = (query: { limit?: number }): number => Math.min(query.limit ?? 200, 1000)

/** Pages through what is in memory, sorted by id: an import between two pages moves nothing that stays. */
export function pageById<T extends { id: string }>(all: readonly T[], query: { limit?: number; cursor?: string }): Page<T> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor)
  const sorted = [...all].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const rest = after === undefined ? sorted : sorted.filter((item) => item.id > after)
  const items = rest.slice(0, limitOf(query))
  return { items, next: rest.length > items.length ? encodeCursor(items.at(-1)!.id) : null }
}

export const encodeCursor = (value: string): string => Buffer.from(value).toString('base64url')

export function decodeCursor(cursor: string): string {
  const value = Buffer.from(cursor, 'base64url').toString()
  if (encodeCursor(value) !== cursor) throw badCursor()
  return value
}

/** A cursor that is a number: how far down the rows of a table. */
export function decodeNumber(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const value = Number(decodeCursor(cursor))
  if (!Number.isSafeInteger(value)) throw badCursor()
  return value
}

const badCursor = () =>
  badRequest('The cursor is not one of ours', {
    errors: [{ field: '?cursor', detail: 'not understood', fix: 'give `next` of the page before as it is' }],
  })
