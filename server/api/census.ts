import type { Place } from '../../shared/place.ts'
import type { World } from '../../shared/world.ts'

export interface Count {
  people: number
  households: number
}

const known = new WeakMap<World, Map<string, Count>>()
const NOBODY: Count = { people: 0, households: 0 }

/** People and households at and under each place, clusters too; counted once for each state of the registers. */
export function countAt(world: World, placeId: string): Count {
  let counts = known.get(world)
  if (!counts) {
    counts = count(world)
    known.set(world, counts)
  }
  return counts.get(placeId) ?? NOBODY
}

function count(world: World): Map<string, Count> {
  const counts = new Map<string, Count>()
  for (const home of world.places.all().filter((place) => place.kind === 'flat')) {
    const people = world.residentsAt(home.id).length
    if (people === 0 && home.clusterId === undefined) continue
    for (const id of above(world, home)) {
      const before = counts.get(id) ?? NOBODY
      counts.set(id, { people: before.people + people, households: before.households + 1 })
    }
  }
  return counts
}

/** the flat itself, everything above it, and its cluster */
const above = (world: World, home: Place) =>
  new Set([...world.places.path(home.id).map(({ id }) => id), ...(home.clusterId ? [home.clusterId] : [])])
