export type Ring = readonly (readonly [number, number])[]
export interface Feature {
  properties: { layer: string; placeId?: string; name?: string; kind?: string; width?: number }
  geometry: { type: string; coordinates: unknown }
}
export interface Plan {
  features: Feature[]
  bbox?: readonly number[]
}

const METRES_A_DEGREE = 111_320

/** Flat metres, east and south, about a middle: good to a metre over a community. */
export function projection(middle: { lon: number; lat: number }) {
  const wide = METRES_A_DEGREE * Math.cos((middle.lat * Math.PI) / 180)
  return (lon: number, lat: number) => ({ x: (lon - middle.lon) * wide, y: (middle.lat - lat) * METRES_A_DEGREE })
}
export type Project = ReturnType<typeof projection>

export interface Shape {
  layer: string
  d: string
  placeId?: string
  name?: string
  width?: number
  /** middle, for the name */
  x: number
  y: number
}

const DRAWN = ['ground', 'water', 'green', 'plaza', 'parking', 'road', 'lane', 'public', 'building']

/** What is drawn, the ground first. */
export function shapesOf(plan: Plan, project: Project): Shape[] {
  const shapes = plan.features.flatMap((feature) => (DRAWN.includes(feature.properties.layer) ? shape(feature, project) : []))
  return shapes.sort((a, b) => DRAWN.indexOf(a.layer) - DRAWN.indexOf(b.layer))
}

function shape({ properties, geometry }: Feature, project: Project): Shape[] {
  const isArea = geometry.type === 'Polygon'
  const ring = (isArea ? (geometry.coordinates as Ring[])[0] : (geometry.coordinates as Ring)) ?? []
  const points = ring.map(([lon, lat]) => project(lon, lat))
  if (points.length < 2) return []
  const d = `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}${isArea ? 'Z' : ''}`
  const { layer, placeId, name, width } = properties
  const corners = isArea ? points.slice(1) : points
  const middle = (of: 'x' | 'y') => corners.reduce((sum, point) => sum + point[of], 0) / corners.length
  return [{ layer, d, ...(placeId && { placeId }), ...(name && { name }), ...(width && { width }), x: middle('x'), y: middle('y') }]
}

export interface Box {
  x: number
  y: number
  w: number
  h: number
}
/** Around points, with room about them, in the shape of the picture. */
export function boxAround(points: readonly { x: number; y: number }[], least: number, ratio: number): Box {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const w = Math.max(least, (x1 - x0) * 1.4, (y1 - y0) * 1.4 * ratio)
  return { x: (x0 + x1) / 2 - w / 2, y: (y0 + y1) / 2 - w / ratio / 2, w, h: w / ratio }
}
