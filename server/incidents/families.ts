import { matterKindOf, type Reach } from '../../shared/matter-kind.ts'
import type { PlaceKind } from '../../shared/place.ts'
import type { World } from '../../shared/world.ts'

interface Family {
  /** of alerts; kinds that people report name their family in their register */
  kinds: readonly string[]
  /** absent: the place itself */
  reach?: PlaceKind
}

/**
 * Which alerts and reports are about one matter though their kinds differ, and how far such a matter reaches: smoke on one floor and fire
 * on the next are one building's matter, a person's fall and that person's help press are one flat's, a leak alert and the resident who
 * reports a burst pipe are one unit's. A kind in no family is a family of its own.
 */
const FAMILIES: Record<string, Family> = {
  fire: { kinds: ['hazard.smoke', 'hazard.fire', 'camera.fire', 'camera.smoke'], reach: 'building' },
  gas: { kinds: ['hazard.gas'], reach: 'unit' },
  water: { kinds: ['hazard.leak', 'water-flow'], reach: 'unit' },
  person: { kinds: ['help', 'inactivity', 'room-stay', 'welfare-check', 'not-returned', 'hazard.fall', 'hazard.panic'], reach: 'flat' },
  child: { kinds: ['child-not-home'], reach: 'flat' },
  'fire-lane': { kinds: ['camera.fire-lane-blocked'] },
  parking: { kinds: ['camera.illegal-parking'] },
  waste: { kinds: ['camera.waste-overflow'] },
  'thrown-object': { kinds: ['camera.thrown-object'], reach: 'building' },
}
const FAMILY_OF = new Map(Object.entries(FAMILIES).flatMap(([name, { kinds }]) => kinds.map((kind) => [kind, name] as const)))

/** What two matters must share to be one (A4): the flat, or the family and the place as far as the family reaches. */
export interface Matter {
  /** of alerts alone: what a resident reports from home need not be about the home */
  flat: string | undefined
  family: string
  /** undefined: each is a matter of its own */
  reach: string | undefined
}

export function matterOf(world: World, kind: string, placeId: string): Matter {
  const reported = matterKindOf(kind)
  const row = reported === undefined ? undefined : world.matterKind(reported)
  const family = row?.family ?? FAMILY_OF.get(kind) ?? kind
  const reach = FAMILIES[family] ? FAMILIES[family].reach : kindOfReach(row?.reach)
  return {
    flat: reported === undefined ? world.places.nearest(placeId, 'flat')?.id : undefined,
    family,
    reach: reach === 'never' ? undefined : ((reach && world.places.nearest(placeId, reach)?.id) ?? placeId),
  }
}

/** For lists of what keeps happening: each quarrel is a matter of its own, and yet the place is the same. */
export function matterFamily(world: World, kind: string, placeId: string): { family: string; reach: string } {
  const { family, reach } = matterOf(world, kind, placeId)
  return { family, reach: reach ?? placeId }
}

const kindOfReach = (reach: Reach | undefined) => (reach === 'place' ? undefined : reach)

export const isSameMatter = (a: Matter, b: Matter) =>
  (a.flat !== undefined && a.flat === b.flat) || (a.reach !== undefined && a.family === b.family && a.reach === b.reach)

/** By which the open incidents of a matter are found without looking through all of them. */
export const sameKeys = ({ flat, family, reach }: Matter): string[] => [
  ...(flat === undefined ? [] : [`flat ${flat}`]),
  ...(reach === undefined ? [] : [`${family} ${reach}`]),
]

/** By which those are found that may have to do with it. */
export function nearKeys(world: World, { family }: Matter, placeId: string): string[] {
  const grid = world.places.nearest(placeId, 'grid')?.id
  return [`at ${placeId}`, ...(grid === undefined ? [] : [`grid ${family} ${grid}`])]
}

export function keysOf(world: World, { kind, placeId }: { kind: string; placeId: string }): string[] {
  const matter = matterOf(world, kind, placeId)
  return [...sameKeys(matter), ...nearKeys(world, matter, placeId)]
}
