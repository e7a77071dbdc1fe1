import type { PlaceKind } from '../../shared/place.ts'
import type { PlaceTree } from '../../shared/world.ts'

/**
 * Which alerts are about one matter though their kinds differ, and how far such a matter reaches: smoke on one floor and fire on the next
 * are one building's matter, a person's fall and that person's help press are one flat's. A kind in no family is a family of its own.
 */
const FAMILIES: Record<string, { kinds: readonly string[]; reach: PlaceKind }> = {
  fire: { kinds: ['hazard.smoke', 'hazard.fire', 'camera.fire', 'camera.smoke'], reach: 'building' },
  gas: { kinds: ['hazard.gas'], reach: 'unit' },
  water: { kinds: ['hazard.leak', 'water-flow'], reach: 'unit' },
}

const familyOf = (kind: string) => Object.keys(FAMILIES).find((name) => FAMILIES[name]!.kinds.includes(kind)) ?? kind

/** What two matters must share to be one (A4): the flat, or the family and the place as far as the family reaches. */
export interface Matter {
  flat: string | undefined
  family: string
  reach: string
}

export function matterOf(places: PlaceTree, kind: string, placeId: string): Matter {
  const family = familyOf(kind)
  const reach = FAMILIES[family]?.reach
  return {
    flat: places.nearest(placeId, 'flat')?.id,
    family,
    reach: (reach && places.nearest(placeId, reach)?.id) ?? placeId,
  }
}

export const isSameMatter = (a: Matter, b: Matter) =>
  (a.flat !== undefined && a.flat === b.flat) || (a.family === b.family && a.reach === b.reach)
