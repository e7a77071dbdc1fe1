import type { Category } from './person.ts'
import type { Place } from './place.ts'
import type { WallState } from './wall.ts'
import type { World } from './world.ts'

/** The registers as far as a projection asks them: who people are and where things lie. */
export type Directory = Pick<World, 'places' | 'resident' | 'residents' | 'residentsAt' | 'staff' | 'devices'>

/** What lies at or under a place. */
export interface Scope {
  /** everything there is: nothing is filtered or counted anew */
  whole: boolean
  has(placeId: string): boolean
  grids: ReadonlySet<string>
  clusters: ReadonlySet<string>
  totals: WallState['totals']
  /** devices by kind */
  devices: Readonly<Record<string, number>>
}

const known = new WeakMap<Directory, Map<string, Scope>>()

/** Counted once for each place and state of the registers. */
export function scopeOf(directory: Directory, placeId: string): Scope {
  const scopes = known.get(directory) ?? new Map<string, Scope>()
  const scope = scopes.get(placeId) ?? survey(directory, placeId)
  known.set(directory, scopes.set(placeId, scope))
  return scope
}

function survey(directory: Directory, scopeId: string): Scope {
  const { places } = directory
  const has = (placeId: string) => places.within(placeId, scopeId)
  const inside = places.all().filter(({ id }) => has(id))
  const homes = inside.filter((place) => isHousehold(directory, place))
  return {
    whole: places.all().every(({ id, kind }) => (kind !== 'community' && kind !== 'grid') || has(id)),
    has,
    grids: new Set(inside.map(({ id }) => places.nearest(id, 'grid')?.id ?? '')),
    clusters: new Set([...idsOf(inside, 'cluster'), ...homes.map(({ clusterId }) => clusterId ?? '')]),
    totals: countTotals(directory, inside, homes, has),
    devices: Object.fromEntries(
      Map.groupBy(devicesIn(directory, has), ({ kind }) => kind)
        .entries()
        .map(([kind, all]) => [kind, all.length]),
    ),
  }
}

/** A flat in which a household is registered; an empty flat is none. */
const isHousehold = (directory: Directory, place: Place) =>
  place.kind === 'flat' && (place.clusterId !== undefined || directory.residentsAt(place.id).length > 0)

const idsOf = (places: Place[], kind: Place['kind']) => places.filter((place) => place.kind === kind).map(({ id }) => id)
const devicesIn = (directory: Directory, has: (placeId: string) => boolean) => directory.devices().filter(({ placeId }) => has(placeId))

function countTotals(directory: Directory, inside: Place[], homes: Place[], has: (placeId: string) => boolean): WallState['totals'] {
  const residents = directory.residents().filter(({ placeId }) => has(placeId))
  const people = (category: Category) => residents.filter(({ categories }) => categories.includes(category)).length
  const devices = (kind: string) => devicesIn(directory, has).filter((device) => device.kind === kind).length
  return {
    grids: idsOf(inside, 'grid').length,
    clusters: idsOf(inside, 'cluster').length,
    buildings: idsOf(inside, 'building').length,
    households: homes.length,
    residents: residents.length,
    cameras: devices('camera'),
    speakers: devices('speaker'),
    gates: devices('gate'),
    livingAlone: people('living-alone'),
    leftBehindChildren: people('left-behind-child'),
  }
}
