import type { Viewer } from '../../shared/access.ts'
import { maskName, maskPhone } from '../../shared/mask.ts'
import type { Category, Resident } from '../../shared/person.ts'
import { scopeOf } from '../../shared/scope.ts'
import { sightOf } from '../../shared/sight.ts'
import { dateAt } from '../../shared/time.ts'
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

export const categoriesFor = ({ categories }: Resident, viewer: Pick<Viewer, 'role' | 'helper'>): Category[] =>
  viewer.role === 'wall' ? categories.filter((category) => ON_SCREENS.includes(category)) : categories

export function maskedResident(world: World, resident: Resident, viewer: Pick<Viewer, 'role' | 'helper'>, now: number): ResidentItem {
  const sight = sightOf(viewer)
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
  const today = dateAt(now, utcOffset)
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

export function thingFor<T extends object>(thing: T, viewer: Pick<Viewer, 'role' | 'helper'>): T {
  const known = sightOf(viewer).person === 'none' ? nobody(thing) : thing
  return READS_REMARKS.includes(viewer.role) ? known : quiet(known)
}

/** Who lives there; a merged one remembers whom it was about before. */
function nobody<T extends object>(thing: T): T {
  const { residentId: _, ...rest } = thing as Record<string, unknown>
  return ('merged' in rest ? { ...rest, merged: without(rest.merged as object, ['residentId']) } : rest) as T
}

/** Lines of a list that tell who said what about it */
const WORDS: Readonly<Record<string, readonly string[]>> = { steps: ['why'], timeline: ['note'], checklist: ['by'] }
/** What is words from beginning to end */
const TALK = ['notes', 'help', 'mediations']

function quiet<T extends object>(thing: T): T {
  const lists = Object.entries(WORDS).flatMap(([list, words]) =>
    list in thing ? [[list, (thing as Record<string, object[]>)[list]!.map((line) => without(line, words))]] : [],
  )
  return { ...without(thing, TALK), ...Object.fromEntries(lists) }
}

const without = <T extends object>(thing: T, fields: readonly string[]): T =>
  Object.fromEntries(Object.entries(thing).filter(([name]) => !fields.includes(name))) as T
