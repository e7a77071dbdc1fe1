import type { Place } from '../../shared/place.ts'
import { scopeOf } from '../../shared/scope.ts'
import type { WallState } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'

/** What the registers alone say: counted once after each import. */
export interface Ground {
  community: WallState['community']
  totals: WallState['totals']
  grids: Area[]
  clusters: Area[]
}
export interface Area {
  id: string
  n: number
  name: string
  gridId: string
  people: number
  households: number
}

export function surveyGround(world: World, district = ''): Ground {
  const places = world.places.all()
  const homes = places.filter(({ kind, clusterId, id }) => kind === 'flat' && (clusterId !== undefined || world.residentsAt(id).length > 0))
  const of = (kind: Place['kind']) => places.filter((place) => place.kind === kind)
  const [root] = places.filter(({ parentId }) => parentId === null)
  return {
    community: communityOf(world, of, district),
    totals: scopeOf(world, root?.id ?? '').totals,
    grids: areas(world, of('grid'), homes, 'grid'),
    clusters: areas(world, of('cluster'), homes, 'cluster'),
  }
}

function communityOf(world: World, of: (kind: Place['kind']) => Place[], district: string): WallState['community'] {
  const [community] = of('community')
  const [street] = of('street')
  const middle = (pick: (place: Place) => number | undefined) => mean(of('building').map(pick))
  return {
    id: community?.id ?? street?.id ?? '',
    name: community?.name ?? street?.name ?? '',
    street: street?.name ?? '',
    district,
    lon: community?.lon ?? middle(({ lon }) => lon),
    lat: community?.lat ?? middle(({ lat }) => lat),
    utcOffset: world.utcOffset,
  }
}

function mean(numbers: (number | undefined)[]) {
  const known = numbers.filter((number) => number !== undefined)
  return known.length === 0 ? 0 : known.reduce((sum, number) => sum + number, 0) / known.length
}

function areas(world: World, places: Place[], homes: Place[], kind: 'grid' | 'cluster'): Area[] {
  const homesIn = Map.groupBy(homes, (home) => world.places.nearest(home.id, kind)?.id)
  return places.map((place, i) => ({
    id: place.id,
    n: Number(/(\d+)$/.exec(place.id)?.[1] ?? i + 1),
    name: place.name,
    gridId: world.places.nearest(place.id, 'grid')?.id ?? place.id,
    households: homesIn.get(place.id)?.length ?? 0,
    people: (homesIn.get(place.id) ?? []).reduce((sum, home) => sum + world.residentsAt(home.id).length, 0),
  }))
}
