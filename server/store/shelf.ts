import type { Database, Statement } from 'better-sqlite3'
import type { Shelf } from '../work.ts'
import { numberOf } from './id-number.ts'

/** What lists ask for, beside the document. */
export interface Columns {
  open: boolean
  state: string
  kind: string
  priority: number
  status: string
  place: string
  device?: string
  resident?: string
  incident?: string
  assignee?: string
  /** key of an alert: one open at a time; pool or team of an order */
  matter?: string
  at: number
  endedAt?: number
  /** columns that this table alone has, in the order in which it states them */
  own?: () => readonly (string | number | null)[]
}

/** A shelf that is written with the commit and can take back what was put since a mark. */
export interface StoredShelf<T extends { id: string }> extends Shelf<T> {
  /** ids put since the last flush, and the things themselves */
  changed(): string[]
  unwritten(): Iterable<T>
  /** as it was at the last commit; undefined: it was not there */
  committed(id: string): T | undefined
  flush(now: number): void
  /** a place in the run of puts, to come back to */
  mark(): number
  undoTo(mark: number): void
}

interface Undo<T> {
  id: string
  open: T | undefined
  dirty: T | undefined
}

export function createShelf<T extends { id: string }>(
  db: Database,
  name: 'alerts' | 'incidents' | 'orders' | 'reports',
  gridOf: (placeId: string) => string | undefined,
  columns: (thing: T) => Columns,
  own: readonly string[] = [],
): StoredShelf<T> {
  const read = db.prepare<[string], { doc: string }>(`SELECT doc FROM ${name} WHERE id = ?`)
  const write = writer(db, name, own)
  const parse = ({ doc }: { doc: string }) => JSON.parse(doc) as T
  const open = new Map<string, T>(
    db
      .prepare<[], { doc: string }>(`SELECT doc FROM ${name} WHERE open = 1 ORDER BY n`)
      .all()
      .map(parse)
      .map((thing) => [thing.id, thing]),
  )
  const dirty = new Map<string, T>()
  let undo: Undo<T>[] = []
  /** of what was put since the last commit: as it was before, when it was open */
  const before = new Map<string, T | undefined>()

  return {
    get(id) {
      const known = dirty.get(id) ?? open.get(id)
      if (known) return known
      const row = read.get(id)
      return row && parse(row)
    },
    put(thing) {
      if (!before.has(thing.id)) before.set(thing.id, open.get(thing.id))
      undo.push({ id: thing.id, open: open.get(thing.id), dirty: dirty.get(thing.id) })
      dirty.set(thing.id, thing)
      if (columns(thing).open) open.set(thing.id, thing)
      else open.delete(thing.id)
    },
    open: () => open.values(),
    changed: () => [...dirty.keys()],
    unwritten: () => dirty.values(),
    committed(id) {
      const known = before.has(id) ? before.get(id) : open.get(id)
      if (known) return known
      const row = read.get(id)
      return row && parse(row)
    },
    flush(now) {
      for (const thing of dirty.values()) write(thing, columns(thing), gridOf, now)
      dirty.clear()
      before.clear()
      undo = []
    },
    mark: () => undo.length,
    undoTo(mark) {
      for (const entry of undo.splice(mark).reverse()) {
        restore(open, entry.id, entry.open)
        restore(dirty, entry.id, entry.dirty)
      }
    },
  }
}

function restore<T>(map: Map<string, T>, id: string, thing: T | undefined) {
  if (thing === undefined) map.delete(id)
  else map.set(id, thing)
}

const COLUMNS = [
  ...['n', 'id', 'open', 'state', 'kind', 'priority', 'status', 'place', 'grid', 'device', 'resident', 'incident', 'assignee', 'matter'],
  ...['at', 'ended_at', 'doc'],
]
/** An id and its number never change. */
const KEPT = 2

function writer(db: Database, name: string, own: readonly string[]) {
  const all = [...COLUMNS, ...own]
  const updates = all.slice(KEPT).map((column) => `${column} = excluded.${column}`)
  const upsert: Statement = db.prepare(
    `INSERT INTO ${name} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')}) ON CONFLICT (n) DO UPDATE SET ${updates.join(', ')}`,
  )
  return (thing: { id: string }, row: Columns, gridOf: (placeId: string) => string | undefined, now: number) =>
    upsert.run(
      numberOf(thing.id),
      thing.id,
      row.open ? 1 : 0,
      row.state,
      row.kind,
      row.priority,
      row.status,
      row.place,
      gridOf(row.place) ?? null,
      row.device ?? null,
      row.resident ?? null,
      row.incident ?? null,
      row.assignee ?? null,
      row.matter ?? null,
      Math.trunc(row.at),
      row.open ? null : Math.trunc(row.endedAt ?? now),
      JSON.stringify(thing),
      ...(row.own?.() ?? []),
    )
}
