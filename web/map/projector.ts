import type { Map as MapboxMap } from 'mapbox-gl'
import mapboxgl from 'mapbox-gl/dist/mapbox-gl-csp'
import type { Spot } from './plan.ts'

/** mapbox-gl 1.13 keeps here the matrix from mercator pixels and metres of height to pixels of the screen. */
interface Transform {
  pixelMatrix: Float64Array
  worldSize: number
  width: number
  height: number
}

/** Where a spot in the air stands on the screen, CSS pixels; null when it lies outside of the picture or behind the eye. */
export function projectSpot(map: MapboxMap, spot: Spot): { x: number; y: number } | null {
  const { pixelMatrix: m, worldSize, width, height } = (map as unknown as { transform: Transform }).transform
  const at = mapboxgl.MercatorCoordinate.fromLngLat([spot.lon, spot.lat])
  const px = at.x * worldSize
  const py = at.y * worldSize
  const row = (i: number) => m[i]! * px + m[i + 4]! * py + m[i + 8]! * spot.height + m[i + 12]!
  const w = row(3)
  if (w <= 0) return null
  const x = row(0) / w
  const y = row(1) / w
  return x < 0 || y < 0 || x > width || y > height ? null : { x, y }
}
