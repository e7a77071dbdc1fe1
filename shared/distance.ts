import type { Place } from './place.ts'

type Point = Pick<Place, 'lon' | 'lat'>

/** Of latitude. */
export const METRES_A_DEGREE = 111_320

/** Flat earth: good to a metre over a community. Both have to be located. */
export function metresBetween(a: Point, b: Point): number {
  const north = (a.lat! - b.lat!) * METRES_A_DEGREE
  const east = (a.lon! - b.lon!) * METRES_A_DEGREE * Math.cos((a.lat! * Math.PI) / 180)
  return Math.hypot(north, east)
}
