import type { Place } from './place.ts'
import type { PlaceTree } from './world.ts'

const NAMED_WITH_PARENTS: Partial<Record<Place['kind'], Place['kind'][]>> = {
  flat: ['building', 'unit'],
  floor: ['building', 'unit'],
  unit: ['building'],
  cluster: ['grid'],
  spot: ['grid'],
}

/** The place tree over a list of places. Orphans keep a short path; the import is where they are refused. */
export function createPlaceTree(places: readonly Place[]): PlaceTree {
  const byId = new Map(places.map((place) => [place.id, place]))
  const childrenOf = groupByParent(places)
  const flatsOfCluster = (id: string) => places.filter((place) => place.clusterId === id)
  const paths = new Map<string, readonly Place[]>()

  const get = (id: string) => byId.get(id)
  const path = (id: string): readonly Place[] => {
    const known = paths.get(id)
    if (known) return known
    const found = climb(id, byId)
    paths.set(id, found)
    return found
  }
  const clusterOf = (id: string) => path(id).find((place) => place.clusterId)?.clusterId

  return {
    get,
    all: () => places,
    children(id) {
      const known = childrenOf.get(id)
      if (known || byId.get(id)?.kind !== 'cluster') return known ?? []
      const flats = flatsOfCluster(id)
      childrenOf.set(id, flats)
      return flats
    },
    path,
    nearest(id, kind) {
      const above = path(id).find((place) => place.kind === kind)
      if (above || kind !== 'cluster') return above
      const cluster = clusterOf(id)
      return cluster === undefined ? undefined : byId.get(cluster)
    },
    within: (id, scopeId) => path(id).some((place) => place.id === scopeId || place.clusterId === scopeId),
    label(id) {
      const place = byId.get(id)
      if (!place) return id
      const kinds = NAMED_WITH_PARENTS[place.kind] ?? []
      const parents = path(id).slice(1).reverse()
      return [...parents.filter((parent) => kinds.includes(parent.kind)), place].map(({ name }) => name).join(' ')
    },
  }
}

function groupByParent(places: readonly Place[]): Map<string, Place[]> {
  const groups = new Map<string, Place[]>()
  for (const place of places) {
    if (place.parentId === null) continue
    const group = groups.get(place.parentId)
    if (group) group.push(place)
    else groups.set(place.parentId, [place])
  }
  return groups
}

function climb(id: string, byId: Map<string, Place>): Place[] {
  const found: Place[] = []
  for (let at = byId.get(id); at && !found.includes(at); at = at.parentId === null ? undefined : byId.get(at.parentId)) found.push(at)
  return found
}
