import type { Feature, FeatureCollection, Geometry, Polygon, Position } from 'geojson'

/** What the estate plan says of each feature; `layer` is building, grid, road, lane, green, water, device … */
export interface PlanProperties {
  layer: string
  placeId?: string
  gridId?: string
  deviceId?: string
  key?: string
  kind?: string
  name?: string
  n?: number
  height?: number
  floors?: number
  width?: number
}
export type Plan = FeatureCollection<Geometry, PlanProperties>

/** Fetches the plan of the community from its own server. */
export async function loadPlan(): Promise<Plan> {
  const response = await fetch('/api/estate')
  if (!response.ok) throw new Error(`The estate plan answered ${response.status}`)
  return keyed((await response.json()) as Plan)
}

/** Gives buildings, grids and devices the key under which their state is set; decoration has none. */
function keyed(plan: Plan): Plan {
  const key = ({ layer, deviceId, placeId }: PlanProperties) =>
    layer === 'device' ? deviceId : layer === 'building' || layer === 'grid' ? placeId : undefined
  return {
    ...plan,
    features: plan.features.map((feature) => ({ ...feature, properties: { ...feature.properties, key: key(feature.properties) } })),
  }
}

/** A spot of the plan in the air: degrees and metres above ground. */
export interface Spot {
  lon: number
  lat: number
  height: number
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Middle of a ring; its closing point is left out so that it does not weigh twice. */
const middle = (ring: Position[]) => {
  const corners = ring.slice(0, -1)
  return { lon: mean(corners.map(([lon]) => lon!)), lat: mean(corners.map(([, lat]) => lat!)) }
}

function spotOf(feature: Feature<Geometry, PlanProperties>): Spot | undefined {
  const height = feature.properties.height ?? 0
  if (feature.geometry.type === 'Point') return { lon: feature.geometry.coordinates[0]!, lat: feature.geometry.coordinates[1]!, height }
  if (feature.geometry.type === 'Polygon') return { ...middle((feature.geometry as Polygon).coordinates[0]!), height }
  return undefined
}

/** Finds places and devices on the plan: by their own id, or the building that a flat's or unit's id begins with. */
export function createGazetteer(plan: Plan) {
  const spots = new Map<string, Spot>()
  for (const feature of plan.features) {
    const id = feature.properties.deviceId ?? feature.properties.placeId
    const spot = id && spotOf(feature)
    if (id && spot && !spots.has(id)) spots.set(id, spot)
  }
  const find = (id: string): Spot | undefined => {
    const known = spots.get(id)
    if (known) return known
    const cut = id.lastIndexOf('-')
    return cut > 0 ? find(id.slice(0, cut)) : undefined
  }
  return { find, has: (id: string) => spots.has(id) }
}
export type Gazetteer = ReturnType<typeof createGazetteer>

/** West, south, east and north of all features of a layer, or of one place. */
export function boundsOf(plan: Plan, wanted: (properties: PlanProperties) => boolean): [number, number, number, number] {
  const box: [number, number, number, number] = [180, 90, -180, -90]
  const walk = (value: unknown): void => {
    if (!Array.isArray(value)) return
    if (typeof value[0] !== 'number') {
      for (const each of value) walk(each)
      return
    }
    const [lon, lat] = value as [number, number]
    box[0] = Math.min(box[0], lon)
    box[1] = Math.min(box[1], lat)
    box[2] = Math.max(box[2], lon)
    box[3] = Math.max(box[3], lat)
  }
  for (const feature of plan.features)
    if (wanted(feature.properties) && 'coordinates' in feature.geometry) walk(feature.geometry.coordinates)
  return box
}
