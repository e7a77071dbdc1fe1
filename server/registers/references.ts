import type { PlaceKind } from '../../shared/place.ts'
import type { RowError } from '../../shared/registers.ts'
import { checkCarePlans } from './care-rows.ts'
import { isDate, type Say } from './checks.ts'
import type { Read } from './rows.ts'
import { fileOf, type TableName } from './tables.ts'
import { SHIPPED } from './thresholds.ts'

export type Tables = Record<TableName, Read[]>
type Tell = (error: RowError) => void

/** Which kinds a place may hang under. */
const PARENTS: Record<PlaceKind, readonly PlaceKind[]> = {
  street: [],
  community: ['street'],
  grid: ['community'],
  cluster: ['grid'],
  building: ['grid'],
  unit: ['building'],
  floor: ['unit', 'building'],
  flat: ['floor', 'unit', 'building'],
  spot: ['street', 'community', 'grid', 'building', 'unit'],
}

/** What no row can know of itself: ids that are there twice, and references that lead nowhere or to the wrong kind. */
export function checkReferences(tables: Tables, today: string, tell: Tell): void {
  const say = (table: TableName) => (read: Read, column: string, problem: string, fix: string) =>
    tell({ file: fileOf(table), row: read.row, column, value: read.cells[column] ?? '', problem, fix })
  for (const table of ['places', 'residents', 'devices', 'staff', 'shifts', 'teams'] as const)
    unique(tables[table], (read) => read.cells.id!, 'id', say(table))
  unique(tables.households, (read) => read.cells.placeId!, 'placeId', say('households'))
  unique(tables.devices, ({ cells }) => `${cells.feed}\n${cells.address}`, 'address', say('devices'))
  unique(tables.holidays, (read) => read.cells.day!, 'day', say('holidays'))
  unique(tables.thresholds, ({ cells }) => `${cells.name}\n${cells.scope}`, 'name', say('thresholds'))

  const places = byId(tables.places)
  const residents = byId(tables.residents)
  checkPlaces(tables.places, places, say('places'))
  checkPeople(tables, places, today, say)
  for (const read of tables.devices) if (!places.has(read.cells.placeId!)) say('devices')(read, 'placeId', ...NO_PLACE)
  checkStaff(tables, places, residents, say)
  checkKinds(tables.matterKinds, say('matterKinds'))
  checkTeams(tables, places, say('teams'))
  checkCarePlans(tables.carePlans, { residents, staff: byId(tables.staff) }, say('carePlans'))
  checkThresholds(tables, [places, residents, byId(tables.devices)], say('thresholds'))
}

const NO_PLACE = ['names no place', 'add the place to places.csv, or mend the id'] as const
const byId = (rows: readonly Read[]) => new Map(rows.map((read) => [read.cells.id!, read]))

function unique(rows: readonly Read[], keyOf: (read: Read) => string, column: string, say: Say) {
  const first = new Map<string, number>()
  for (const read of rows) {
    const row = first.get(keyOf(read))
    if (row === undefined) first.set(keyOf(read), read.row)
    else say(read, column, `is in row ${row} already`, 'give another one, or remove the row')
  }
}

/** Kinds of one family are one matter, so they reach equally far. */
function checkKinds(rows: readonly Read[], say: Say) {
  unique(rows, (read) => read.cells.id!, 'id', say)
  const first = new Map<string, Read>()
  for (const read of rows.filter(({ cells }) => cells.family)) {
    const other = first.get(read.cells.family!) ?? read
    first.set(read.cells.family!, other)
    if (other.value.reach !== read.value.reach)
      say(read, 'reach', `differs from ${other.cells.id} of the same family`, 'give both the same reach, or another family')
  }
}

function checkPlaces(rows: readonly Read[], places: Map<string, Read>, say: Say) {
  const kindOf = (id: unknown) => places.get(String(id))?.value.kind as PlaceKind | undefined
  const roots = rows.filter(({ value }) => value.parentId === null)
  if (rows.length > 0 && roots.length === 0) say(rows[0]!, 'parentId', 'no place is the root', 'leave parentId of the street empty')
  for (const extra of roots.slice(1)) say(extra, 'parentId', 'is a second root', 'give its parent: the root alone has none')
  for (const read of rows) {
    const { kind, parentId, clusterId } = read.value as { kind: PlaceKind; parentId: string | null; clusterId?: string }
    const parentKind = kindOf(parentId)
    if (parentId !== null && !parentKind) say(read, 'parentId', ...NO_PLACE)
    else if (parentKind && !PARENTS[kind].includes(parentKind))
      say(
        read,
        'parentId',
        `a ${kind} cannot hang under a ${parentKind}`,
        `name a ${PARENTS[kind].join(' or ') || 'place that is no street'}`,
      )
    if (clusterId === undefined) continue
    if (kindOf(clusterId) !== 'cluster') say(read, 'clusterId', 'names no cluster', 'add the cluster to places.csv, or mend the id')
    else if (gridOf(places.get(clusterId), places) !== gridOf(read, places))
      say(read, 'clusterId', 'lies in another grid', 'name a cluster of the same grid')
  }
}

function gridOf(read: Read | undefined, places: Map<string, Read>): string | undefined {
  for (let steps = 0, at = read; at && steps < 9; steps++, at = places.get(String(at.value.parentId)))
    if (at.value.kind === 'grid') return at.cells.id
  return undefined
}

type Sayer = (table: TableName) => Say

function checkPeople(tables: Tables, places: Map<string, Read>, today: string, say: Sayer) {
  const homes = new Set(tables.households.map(({ cells }) => cells.placeId))
  for (const read of tables.households) {
    const flat = places.get(read.cells.placeId!)
    if (flat?.value.kind !== 'flat') say('households')(read, 'placeId', 'names no flat', 'add the flat to places.csv, or mend the id')
    else if (flat.value.clusterId !== read.value.clusterId)
      say('households')(
        read,
        'clusterId',
        `is not the cluster of that flat (${flat.cells.clusterId || 'none'})`,
        'make places.csv and households.csv agree',
      )
  }
  for (const read of tables.residents) {
    if (!homes.has(read.cells.placeId!))
      say('residents')(read, 'placeId', 'has no household', 'add the household to households.csv, or mend the id')
    if (!isDate(read.cells.birthDate!) || read.cells.birthDate! > today)
      say('residents')(read, 'birthDate', 'is no day of the past', 'give a date YYYY-MM-DD')
  }
}

function checkStaff(tables: Tables, places: Map<string, Read>, residents: Map<string, Read>, say: Sayer) {
  const staff = byId(tables.staff)
  for (const read of tables.staff) {
    if (!places.has(read.cells.placeId!)) say('staff')(read, 'placeId', ...NO_PLACE)
    if (read.cells.residentId && !residents.has(read.cells.residentId))
      say('staff')(read, 'residentId', 'names no resident', 'add the resident to residents.csv, or leave it empty')
  }
  for (const read of tables.shifts)
    if (!staff.has(read.cells.staffId!)) say('shifts')(read, 'staffId', 'names nobody', 'add the person to staff.csv, or mend the id')
}

function checkTeams(tables: Tables, places: Map<string, Read>, say: Say) {
  const staff = byId(tables.staff)
  for (const read of tables.teams) {
    const { form, leadId, members } = read.value as { form: string; leadId?: string; members: string[] }
    if (!places.has(read.cells.placeId!)) say(read, 'placeId', ...NO_PLACE)
    if (leadId !== undefined && !staff.has(leadId)) say(read, 'leadId', 'names nobody', 'add the person to staff.csv, or mend the id')
    const unknown = members.filter((id) => !staff.has(id))
    if (unknown.length > 0)
      say(read, 'members', `names nobody: ${unknown.slice(0, 3).join(', ')}`, 'add them to staff.csv, or mend the ids')
    if (form !== 'outside' && members.length === 0) say(read, 'members', 'is empty', 'name who belongs to it')
    if (form === 'team' && leadId === undefined) say(read, 'leadId', 'is empty', 'name who leads the team')
  }
}

function checkThresholds(tables: Tables, subjects: Map<string, Read>[], say: Say) {
  const names = [...SHIPPED.keys()]
  for (const read of tables.thresholds) {
    const { name, scope } = read.cells as { name: string; scope: string }
    if (!SHIPPED.has(name)) say(read, 'name', 'is no threshold', `use one of ${names.join(', ')}`)
    if (scope !== '*' && !subjects.some((known) => known.has(scope)))
      say(read, 'scope', 'names nobody and nothing', 'give *, or the id of a resident, device or place')
  }
}
