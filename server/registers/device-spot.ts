import { METRES_A_DEGREE } from '../../shared/distance.ts'
import type { PlaceTree } from '../../shared/world.ts'

/** Metres between devices whose spot nobody said, so that one does not hide the other; the golden angle spreads them evenly. */
const APART = 3
const GOLDEN = Math.PI * (3 - Math.sqrt(5))

/** Where the place is, or the nearest one above it that says so; beside the devices that stand there already. */
export function defaultSpot(
  places: PlaceTree,
  placeId: string,
  { countAt }: { countAt(placeId: string): number },
): { lon?: number; lat?: number } {
  const spot = places.path(placeId).find(({ lon, lat }) => lon !== undefined && lat !== undefined)
  if (spot?.lon === undefined || spot.lat === undefined) return {}
  const n = countAt(placeId)
  const metres = APART * Math.sqrt(n)
  const north = (metres * Math.cos(n * GOLDEN)) / METRES_A_DEGREE
  const east = (metres * Math.sin(n * GOLDEN)) / (METRES_A_DEGREE * Math.cos((spot.lat * Math.PI) / 180))
  return { lon: round(spot.lon + east), lat: round(spot.lat + north) }
}

/** a centimetre */
const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7
