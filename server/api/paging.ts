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

/**
 * Pages through what is in memory, by id: an import between two pages moves nothing that stays. Looks no further than the page needs, so
 * that a district's registers cost no more than a community's.
 */
export function pageById<T extends { id: string }>(
  all: readonly T[],
  query: { limit?: number; cursor?: string },
  fits: (item: T) => boolean = () => true,
): Page<T> {
  const after = query.cursor === undefined ? '' : decodeCursor(query.cursor)
  const limit = limitOf(query)
  const items: T[] = []
  for (const item of sortedById(all)) {
    if (item.id <= after || !fits(item)) continue
    if (items.length === limit) return { items, next: encodeCursor(items.at(-1)!.id) }
    items.push(item)
  }
  return { items, next: null }
}

const sorted = new WeakMap<readonly object[], readonly object[]>()

/** The registers hand out the same lists until the next import. */
function sortedById<T extends { id: string }>(all: readonly T[]): readonly T[] {
  const known = sorted.get(all) as readonly T[] | undefined
  if (known) return known
  const fresh = [...all].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  sorted.set(all, fresh)
  return fresh
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
