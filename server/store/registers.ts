import type { Database } from 'better-sqlite3'
import type { Device } from '../../shared/device.ts'
import type { Registers } from '../../shared/registers.ts'
import { addColumns } from './columns.ts'

/** Order is kept: what the file says first is first on every list. */
export const REGISTERS_TABLES = `
CREATE TABLE IF NOT EXISTS places (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, parentId TEXT, name TEXT NOT NULL, code TEXT, clusterId TEXT, lon REAL, lat REAL, height REAL) STRICT;
CREATE TABLE IF NOT EXISTS households (n INTEGER PRIMARY KEY, placeId TEXT NOT NULL UNIQUE, clusterId TEXT NOT NULL, tenure TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS residents (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, placeId TEXT NOT NULL, name TEXT NOT NULL, sex TEXT NOT NULL, birthDate TEXT NOT NULL, phone TEXT, idHash TEXT, idTail TEXT, relation TEXT NOT NULL, categories TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS devices (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, placeId TEXT NOT NULL, feed TEXT NOT NULL, address TEXT NOT NULL, name TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL, height REAL, silentAfter REAL, rules TEXT, bound INTEGER NOT NULL DEFAULT 0, UNIQUE (feed, address)) STRICT;
CREATE TABLE IF NOT EXISTS staff (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, phone TEXT NOT NULL, placeId TEXT NOT NULL, residentId TEXT) STRICT;
CREATE TABLE IF NOT EXISTS shifts (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, staffId TEXT NOT NULL, name TEXT NOT NULL, weekdays TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS teams (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, form TEXT NOT NULL, kind TEXT NOT NULL, placeId TEXT NOT NULL, leadId TEXT, members TEXT NOT NULL, matters TEXT NOT NULL, skills TEXT NOT NULL, phone TEXT) STRICT;
CREATE TABLE IF NOT EXISTS holidays (n INTEGER PRIMARY KEY, day TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT) STRICT;
CREATE TABLE IF NOT EXISTS matterKinds (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, "group" TEXT NOT NULL, codes TEXT NOT NULL, priority INTEGER NOT NULL, clock TEXT NOT NULL, family TEXT, reach TEXT, urgentFor TEXT NOT NULL, auto TEXT, skills TEXT NOT NULL, teamId TEXT, offeredTo TEXT NOT NULL, checklist TEXT NOT NULL, mediation TEXT) STRICT;
CREATE TABLE IF NOT EXISTS thresholds (n INTEGER PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL, value REAL NOT NULL, unit TEXT, note TEXT, UNIQUE (name, scope)) STRICT;
CREATE TABLE IF NOT EXISTS estate (n INTEGER PRIMARY KEY CHECK (n = 1), plan TEXT NOT NULL) STRICT;
`

/** `bound`: by hand, one at a time; a file of an import that does not know the device leaves it. */
export function migrateRegisters(db: Database): void {
  addColumns(db, 'devices', { bound: 'INTEGER NOT NULL DEFAULT 0' })
}

const COLUMNS = {
  places: ['id', 'kind', 'parentId', 'name', 'code', 'clusterId', 'lon', 'lat', 'height'],
  households: ['placeId', 'clusterId', 'tenure'],
  residents: ['id', 'placeId', 'name', 'sex', 'birthDate', 'phone', 'idHash', 'idTail', 'relation', 'categories'],
  devices: ['id', 'kind', 'placeId', 'feed', 'address', 'name', 'lon', 'lat', 'height', 'silentAfter', 'rules'],
  staff: ['id', 'name', 'role', 'phone', 'placeId', 'residentId'],
  shifts: ['id', 'staffId', 'name', 'weekdays', 'from', 'to'],
  teams: ['id', 'name', 'form', 'kind', 'placeId', 'leadId', 'members', 'matters', 'skills', 'phone'],
  holidays: ['day', 'kind', 'name'],
  thresholds: ['name', 'scope', 'value', 'unit', 'note'],
  matterKinds: [
    ...['id', 'name', 'group', 'codes', 'priority', 'clock', 'family', 'reach', 'urgentFor', 'auto', 'skills', 'teamId'],
    ...['offeredTo', 'checklist', 'mediation'],
  ],
} as const satisfies Record<Exclude<keyof Registers, 'estate' | 'carePlans'>, readonly string[]>
type Name = keyof typeof COLUMNS
const NAMES = Object.keys(COLUMNS) as Name[]

/** Lists within a row are kept as JSON. */
const JSON_COLUMNS: readonly string[] = ['categories', 'rules', 'weekdays', 'members', 'matters', 'skills']
const MORE_JSON: readonly string[] = ['codes', 'urgentFor', 'auto', 'skills', 'offeredTo', 'checklist', 'mediation']
/** An import without a file of these leaves them as they are. */
const KEPT: readonly string[] = ['matterKinds']
/** Columns where null is a value of its own; in the others it means that the row says nothing. */
const NULL_COLUMNS: readonly string[] = ['parentId']

/**
 * Puts these registers in the place of the old ones. The caller owns the transaction: all or nothing. What was bound by hand stays as long
 * as its place does and nothing of the file has its id or address.
 */
export function writeRegisters(db: Database, registers: Registers): void {
  const bound = readTable(db, 'devices', 'bound = 1') as Device[]
  for (const name of NAMES) {
    const columns = COLUMNS[name]
    if (KEPT.includes(name) && (registers[name] ?? []).length === 0) continue
    db.exec(`DELETE FROM ${name}`)
    const insert = db.prepare(insertInto(name))
    for (const row of registers[name] ?? []) insert.run(columns.map((column) => toCell(row as never, column)))
  }
  for (const device of bound) keepBound(db, device)
  db.exec('DELETE FROM estate')
  if (registers.estate !== undefined) db.prepare('INSERT INTO estate (n, plan) VALUES (1, ?)').run(JSON.stringify(registers.estate))
}

function keepBound(db: Database, device: Device): void {
  const clash = db.prepare('SELECT 1 FROM devices WHERE id = ? OR (feed = ? AND address = ?)').get(device.id, device.feed, device.address)
  const place = db.prepare('SELECT 1 FROM places WHERE id = ?').get(device.placeId)
  if (clash === undefined && place !== undefined) putDevice(db, device, true)
}

/** Adds a device, or puts it in the place of the one with its id; `bound` is for one that no file knows. */
export function putDevice(db: Database, device: Device, bound: boolean): void {
  writeRow(db, 'devices', device)
  if (bound) db.prepare('UPDATE devices SET bound = 1 WHERE id = ?').run(device.id)
}

/** Adds one row, or puts it in the place of the one with its id. */
function writeRow<N extends 'devices'>(db: Database, name: N, row: Registers[N][number]): void {
  const columns = COLUMNS[name]
  const updates = columns.filter((column) => column !== 'id').map((column) => `${quoted(column)} = excluded.${quoted(column)}`)
  const upsert = `${insertInto(name)} ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`
  db.prepare(upsert).run(columns.map((column) => toCell(row as never, column)))
}

const insertInto = (name: Name) =>
  `INSERT INTO ${name} (${COLUMNS[name].map(quoted).join(', ')}) VALUES (${COLUMNS[name].map(() => '?').join(', ')})`

/** Everything but the plan, which only the map wants: see `readEstate`. */
export function readRegisters(db: Database): Registers {
  return Object.fromEntries(NAMES.map((name) => [name, readTable(db, name)])) as unknown as Registers
}

/** The plan as GeoJSON text, ready to be sent; undefined when none was imported. */
export const readEstate = (db: Database): string | undefined =>
  db.prepare<[], { plan: string }>('SELECT plan FROM estate WHERE n = 1').get()?.plan

export const hasRegisters = (db: Database): boolean => db.prepare('SELECT 1 FROM places LIMIT 1').get() !== undefined

/** One register, or its rows for which `where` holds. */
export function readTable(db: Database, name: Name, where = '1', values: readonly string[] = []): unknown[] {
  const sql = `SELECT ${COLUMNS[name].map(quoted).join(', ')} FROM ${name} WHERE ${where} ORDER BY n`
  const rows = db.prepare<string[], Record<string, unknown>>(sql).all(...values)
  return rows.map((row) => Object.fromEntries(Object.entries(row).flatMap(([column, cell]) => fromCell(column, cell))))
}

const isJson = (column: string) => JSON_COLUMNS.includes(column) || MORE_JSON.includes(column)
const quoted = (column: string) => `"${column}"`
const toCell = (row: Record<string, unknown>, column: string) => {
  const value = row[column] ?? null
  return value !== null && isJson(column) ? JSON.stringify(value) : value
}
const fromCell = (column: string, cell: unknown): [string, unknown][] => {
  if (cell === null) return NULL_COLUMNS.includes(column) ? [[column, null]] : []
  return [[column, isJson(column) ? JSON.parse(String(cell)) : cell]]
}
