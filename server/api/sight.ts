import type { Viewer } from '../../shared/access.ts'
import { maskName, maskPhone } from '../../shared/mask.ts'
import type { Category, Resident } from '../../shared/person.ts'
import { scopeOf } from '../../shared/scope.ts'
import { SIGHT } from '../../shared/sight.ts'
import type { World } from '../../shared/world.ts'

/** What one viewer sees of the registers and of the things: the same sight that `/live` projects by. */

export interface ResidentItem {
  id: string
  placeId: string
  place: string
  gridId?: string
  clusterId?: string
  name: string
  sex: 'm' | 'f'
  age: number
  relation: Resident['relation']
  categories: Category[]
  phone?: string
  masked: boolean
}

/** A wall in a hall names who needs looking after; poverty, illness and the like are nobody's business there. */
const ON_SCREENS: readonly Category[] = ['living-alone', 'left-behind-child', 'elder']

export const categoriesFor = ({ categories }: Resident, viewer: Pick<Viewer, 'role'>): Category[] =>
  viewer.role === 'wall' ? categories.filter((category) => ON_SCREENS.includes(category)) : categories

export function maskedResident(world: World, resident: Resident, viewer: Pick<Viewer, 'role'>, now: number): ResidentItem {
  const sight = SIGHT[viewer.role]
  const phone = resident.phone !== undefined && sight.phone === 'masked' ? { phone: maskPhone(resident.phone) } : {}
  return {
    ...bare(world, resident, now),
    name: maskName(resident.name),
    categories: categoriesFor(resident, viewer),
    ...phone,
    masked: true,
  }
}

export function fullResident(world: World, resident: Resident, now: number) {
  const { phone, birthDate, idTail } = resident
  return { ...bare(world, resident, now), name: resident.name, categories: resident.categories, phone, birthDate, idTail, masked: false }
}

function bare(world: World, resident: Resident, now: number) {
  const { places } = world
  const { id, placeId, sex, relation } = resident
  const gridId = places.nearest(placeId, 'grid')?.id
  const clusterId = places.nearest(placeId, 'cluster')?.id
  return {
    id,
    placeId,
    place: places.label(placeId),
    gridId,
    clusterId,
    sex,
    relation,
    age: ageAt(resident.birthDate, now, world.utcOffset),
  }
}

/** whole years at the community's date */
export function ageAt(birthDate: string, now: number, utcOffset: number): number {
  const today = new Date(now + utcOffset * 60_000).toISOString().slice(0, 10)
  return Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (today.slice(5) < birthDate.slice(5) ? 1 : 0)
}

const placeSets = new WeakMap<World, Map<string, ReadonlySet<string>>>()

/** Ids of the places in a scope, for lists of the store; undefined: everything, nothing to filter. */
export function placesIn(world: World, scope: string): ReadonlySet<string> | undefined {
  if (scopeOf(world, scope).whole) return undefined
  const sets = placeSets.get(world) ?? new Map<string, ReadonlySet<string>>()
  placeSets.set(world, sets)
  const known = sets.get(scope)
  if (known) return known
  const inside = new Set(world.places.all().flatMap(({ id }) => (world.places.within(id, scope) ? [id] : [])))
  sets.set(scope, inside)
  return inside
}

/** Remarks are written for colleagues: screens that strangers see get the facts alone. */
const READS_REMARKS: readonly Viewer['role'][] = ['field', 'officer', 'supervisor', 'engineer', 'admin']

export function thingFor<T extends object>(thing: T, viewer: Pick<Viewer, 'role'>): T {
  const known = SIGHT[viewer.role].person === 'none' && 'residentId' in thing ? without(thing, 'residentId') : thing
  return READS_REMARKS.includes(viewer.role) ? known : quiet(known)
}

function quiet<T extends object>(thing: T): T {
  const lines = (name: 'steps' | 'timeline', word: 'why' | 'note') =>
    name in thing ? { [name]: (thing as Record<string, object[]>)[name]!.map((line) => without(line, word)) } : {}
  return { ...thing, ...lines('steps', 'why'), ...lines('timeline', 'note') }
}

function without<T extends object>(thing: T, field: string): T {
  const { [field]: _, ...rest } = thing as Record<string, unknown>
  return rest as T
}
