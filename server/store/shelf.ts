import type { Database, Statement } from 'better-sqlite3'
import type { Shelf } from '../work.ts'

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
}

/** A shelf that is written with the commit and can take back what was put since a mark. */
export interface StoredShelf<T extends { id: string }> extends Shelf<T> {
  /** ids put since the last flush, and the things themselves */
  changed(): string[]
  unwritten(): Iterable<T>
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
  name: 'alerts' | 'incidents' | 'orders',
  gridOf: (placeId: string) => string | undefined,
  columns: (thing: T) => Columns,
): StoredShelf<T> {
  const read = db.prepare<[string], { doc: string }>(`SELECT doc FROM ${name} WHERE id = ?`)
  const write = writer(db, name)
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

  return {
    get(id) {
      const known = dirty.get(id) ?? open.get(id)
      if (known) return known
      const row = read.get(id)
      return row && parse(row)
    },
    put(thing) {
      undo.push({ id: thing.id, open: open.get(thing.id), dirty: dirty.get(thing.id) })
      dirty.set(thing.id, thing)
      if (columns(thing).open) open.set(thing.id, thing)
      else open.delete(thing.id)
    },
    open: () => open.values(),
    changed: () => [...dirty.keys()],
    unwritten: () => dirty.values(),
    flush(now) {
      for (const thing of dirty.values()) write(thing, columns(thing), gridOf, now)
      dirty.clear()
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

function writer(db: Database, name: string) {
  const upsert: Statement = db.prepare(`
    INSERT INTO ${name} (n, id, open, state, kind, priority, status, place, grid, device, resident, incident, assignee, matter, at, ended_at, doc)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (n) DO UPDATE SET open = excluded.open, state = excluded.state, kind = excluded.kind, priority = excluded.priority,
      status = excluded.status, place = excluded.place, grid = excluded.grid, device = excluded.device, resident = excluded.resident,
      incident = excluded.incident, assignee = excluded.assignee, matter = excluded.matter, at = excluded.at, ended_at = excluded.ended_at, doc = excluded.doc`)
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
    )
}

/** alert-17 → 17 */
const numberOf = (id: string) => Number(id.slice(id.lastIndexOf('-') + 1))
