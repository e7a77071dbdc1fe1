import type { Patch } from './live.ts'
import type { FieldName, ListName, WallState } from './wall.ts'

/** `set` replaces a field; `put` adds or replaces an item of a list by its id; `drop` removes it. */
export type Op =
  | { op: 'set'; field: FieldName; value: unknown }
  | { op: 'put'; list: ListName; item: { id: string } }
  | { op: 'drop'; list: ListName; id: string }

export type { Patch, WallState }
