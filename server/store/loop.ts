import type { Database } from 'better-sqlite3'
import { type Ended, LOOP_COUNTS, LOOP_STEPS, type LoopCount, type LoopStep, type Took } from '../../shared/loop.ts'
import { add, addBytes, type Cell, encodeCell, isEmpty, newCell } from './sketch.ts'

/**
 * `loop_times`: one narrow row for each ended incident and order. `loop_cells`: the sum of those rows by area (grid and above), by
 * dimension and by day (grain 0, span: local day number) or month (grain 1, span: year × 12 + month), so that years are read in some
 * hundred rows. Both are written with the commit that ends the thing, so the cells always are that sum.
 */
export const LOOP_TABLES = `
CREATE TABLE IF NOT EXISTS loop_times (
  id TEXT PRIMARY KEY,
  day INTEGER NOT NULL,
  areas TEXT NOT NULL,
  kind TEXT NOT NULL,
  team TEXT NOT NULL,
  priority INTEGER NOT NULL,
  took TEXT NOT NULL,
  counts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS loop_times_day ON loop_times (day);
CREATE TABLE IF NOT EXISTS loop_cells (
  area TEXT NOT NULL,
  dim TEXT NOT NULL,
  grain INTEGER NOT NULL,
  span INTEGER NOT NULL,
  key TEXT NOT NULL,
  cell BLOB NOT NULL,
  PRIMARY KEY (area, dim, grain, span, key)
) STRICT, WITHOUT ROWID;
`
export const LOOP_DIMS = ['all', 'kind', 'team', 'priority'] as const
export type LoopDim = (typeof LOOP_DIMS)[number]
const DAY = 86_400_000

export interface LoopStore {
  /** what each of these ids gives now; without `ended` it gives nothing (open again, an exercise after all) */
  put(rows: readonly { id: string; ended: Ended | undefined; areas: readonly string[] }[]): void
}

interface Row {
  id: string
  day: number
  areas: string
  kind: string
  team: string
  priority: number
  took: string
  counts: string
}

/** [step, seconds, target, within] */
type Short = [LoopStep, number, number, 0 | 1]

/** `utcOffset`: minutes; days are the community's. */
export function createLoopStore(db: Database, utcOffset: () => number): LoopStore {
  const known = db.prepare<[string], Row>('SELECT * FROM loop_times WHERE id = ?')
  const drop = db.prepare('DELETE FROM loop_times WHERE id = ?')
  const keep = db.prepare(
    `INSERT INTO loop_times (id, day, areas, kind, team, priority, took, counts) VALUES (@id, @day, @areas, @kind, @team, @priority, @took, @counts)
     ON CONFLICT (id) DO UPDATE SET day = excluded.day, areas = excluded.areas, kind = excluded.kind, team = excluded.team,
       priority = excluded.priority, took = excluded.took, counts = excluded.counts`,
  )
  const cells = openCells(db)

  return {
    put(rows) {
      for (const { id, ended, areas } of rows) {
        const before = known.get(id)
        const after = ended && rowOf(ended, areas, utcOffset())
        if (before) cells.add(before, -1)
        if (after) cells.add(after, 1)
        if (after) keep.run(after)
        else if (before) drop.run(id)
      }
      cells.flush()
    },
  }
}

/** Deletes what ended before a time, at most so many rows; what was counted stays counted. */
export const pruneLoop = (db: Database, before: number, rows: number): number =>
  db.prepare('DELETE FROM loop_times WHERE id IN (SELECT id FROM loop_times WHERE day < ? LIMIT ?)').run(Math.floor(before / DAY), rows)
    .changes

function rowOf({ id, at, kind, team, priority, took, counts }: Ended, areas: readonly string[], utcOffset: number): Row {
  const short = Object.entries(took).map(
    ([step, { seconds, target, within }]): Short => [step as LoopStep, Math.round(seconds), Math.round(target), within ? 1 : 0],
  )
  const day = Math.floor((at + utcOffset * 60_000) / DAY)
  return { id, day, areas: areas.join(' '), kind, team, priority, took: JSON.stringify(short), counts: JSON.stringify(counts) }
}

/** Cells that a flush touches, each read and written once. */
function openCells(db: Database) {
  const read = db.prepare<[string, string, number, number, string], { cell: Uint8Array }>(
    'SELECT cell FROM loop_cells WHERE area = ? AND dim = ? AND grain = ? AND span = ? AND key = ?',
  )
  const write = db.prepare('INSERT OR REPLACE INTO loop_cells (area, dim, grain, span, key, cell) VALUES (?, ?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM loop_cells WHERE area = ? AND dim = ? AND grain = ? AND span = ? AND key = ?')
  type Place = [area: string, dim: string, grain: number, span: number, key: string]
  const touched = new Map<string, { place: Place; cell: Cell }>()
  const cellAt = (place: Place): Cell => {
    const name = place.join('\n')
    const there = touched.get(name)
    if (there) return there.cell
    const row = read.get(...place)
    const cell = row ? addBytes(newCell(), row.cell) : newCell()
    touched.set(name, { place, cell })
    return cell
  }
  return {
    add(row: Row, times: 1 | -1) {
      const took = JSON.parse(row.took) as Short[]
      const counts = JSON.parse(row.counts) as Partial<Record<LoopCount, number>>
      for (const place of placesOf(row)) addRow(cellAt(place), took, counts, times)
    },
    flush() {
      for (const { place, cell } of touched.values()) {
        if (isEmpty(cell)) remove.run(...place)
        else write.run(...place, encodeCell(cell))
      }
      touched.clear()
    },
  }

  function* placesOf({ areas, day, kind, team, priority }: Row): Iterable<Place> {
    const keys = { all: '', kind, team, priority: String(priority) }
    for (const area of areas.split(' '))
      for (const dim of LOOP_DIMS) {
        yield [area, dim, 0, day, keys[dim]]
        yield [area, dim, 1, monthOf(day), keys[dim]]
      }
  }
}

function addRow(cell: Cell, took: readonly Short[], counts: Partial<Record<LoopCount, number>>, times: 1 | -1) {
  for (const [step, seconds, target, within] of took) {
    const one: Took = { seconds, target, within: within === 1 }
    add(cell.sketches[LOOP_STEPS.indexOf(step)]!, one, times)
  }
  for (const [i, name] of LOOP_COUNTS.entries()) cell.counts[i] = (cell.counts[i] ?? 0) + times * (counts[name] ?? 0)
}

/** Local day number → year × 12 + month */
export function monthOf(day: number): number {
  const date = new Date(day * DAY)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}
/** … and the first day of a month. */
export const firstDayOf = (month: number) => Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY

/** From here on months are read, not days: whole ones alone. */
export const DAYS_READ = 45

/** Local days, both counted in; a long time begins with its month. `today`: the month that goes on is read as a whole. */
export function spansOf(from: number, to: number, today: number): { from: number; to: number; grain: 0 | 1; spans: [number, number] } {
  const last = Math.min(to, today)
  if (last - from < DAYS_READ) return { from, to: last, grain: 0, spans: [from, last] }
  const month = monthOf(last)
  // of a long time that ended before today the last month is counted whole
  const end = Math.min(firstDayOf(month + 1) - 1, today)
  return { from: firstDayOf(monthOf(from)), to: end, grain: 1, spans: [monthOf(from), month] }
}

/** The sums of an area over a time, by key of the dimension. */
export function readLoop(read: Database, area: string, dim: LoopDim, grain: 0 | 1, spans: readonly [number, number]): Map<string, Cell> {
  const rows = read
    .prepare<[string, string, number, number, number]>(
      'SELECT key, cell FROM loop_cells WHERE area = ? AND dim = ? AND grain = ? AND span BETWEEN ? AND ?',
    )
    .raw()
    .all(area, dim, grain, ...spans) as [key: string, cell: Uint8Array][]
  const sums = new Map<string, Cell>()
  for (const [key, cell] of rows) {
    const sum = sums.get(key) ?? newCell()
    sums.set(key, addBytes(sum, cell))
  }
  return sums
}

export interface OpenNow {
  kind: string
  place: string
  priority: number
  n: number
  overdue: number
  waiting: number
}

/** Everything open now, by kind and place; the index of the queue is enough. */
export const openNow = (read: Database): OpenNow[] =>
  read
    .prepare<[], OpenNow>(
      `SELECT kind, place, priority, count(*) AS n, sum(overdue) AS overdue, sum(waiting) AS waiting
       FROM incidents INDEXED BY incidents_queue WHERE open = 1 AND status = 'actual' GROUP BY priority, kind, place`,
    )
    .all()

/** Open orders by pool or team and place. */
export const openByTeam = (read: Database): { team: string; place: string; n: number }[] =>
  read
    .prepare<[], { team: string; place: string; n: number }>(
      `SELECT ifnull(matter, '') AS team, place, count(*) AS n FROM orders WHERE open = 1 AND status = 'actual' GROUP BY 1, 2`,
    )
    .all()
