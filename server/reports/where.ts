import { metresBetween } from '../../shared/distance.ts'
import type { Place } from '../../shared/place.ts'
import type { World } from '../../shared/world.ts'

/** The place that a tap on the plan is nearest to: a spot or a building, within so many metres. */
const FARTHEST = 300

export function nearestPlace({ places }: World, lon: number, lat: number): Place | undefined {
  let best: { place: Place; metres: number } | undefined
  for (const place of places.all()) {
    if ((place.kind !== 'spot' && place.kind !== 'building') || place.lon === undefined || place.lat === undefined) continue
    const metres = metresBetween({ lon, lat }, place)
    if (metres <= FARTHEST && metres < (best?.metres ?? Number.POSITIVE_INFINITY)) best = { place, metres }
  }
  return best?.place
}

const BUILDING = /(\d{1,3})\s*(?:栋|幢|号楼|座)/
const UNIT = /(\d{1,2})\s*单元/
const FLAT = /(?:单元|栋|幢|号楼)\s*-?\s*(\d{3,4})|(\d{3,4})\s*(?:室|号房|房)/

/** 3栋2单元502 in a caller's words; as far as it can be understood, below the place that is sure. Undefined: nothing of it. */
export function placeInWords({ places }: World, words: string, within: string): Place | undefined {
  const inside = places.all().filter(({ id }) => places.within(id, within))
  const number = BUILDING.exec(words)?.[1]
  const building = number && inside.find(({ kind, name }) => kind === 'building' && Number.parseInt(name, 10) === Number(number))
  if (!building) return inside.find(({ kind, name }) => kind === 'spot' && words.includes(name))
  const below = inside.filter(({ id }) => places.within(id, building.id))
  const unitNo = UNIT.exec(words)?.[1]
  const unit = below.find(({ kind, name }) => kind === 'unit' && unitNo !== undefined && Number.parseInt(name, 10) === Number(unitNo))
  const flatNo = FLAT.exec(words)
  const flats = below.filter(
    ({ id, kind, name }) => kind === 'flat' && name === (flatNo?.[1] ?? flatNo?.[2]) && (!unit || places.within(id, unit.id)),
  )
  return (flats.length === 1 ? flats[0] : undefined) ?? unit ?? building
}
