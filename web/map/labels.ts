import type { Polygon, Position } from 'geojson'
import type { Plan, Spot } from './plan.ts'
import { createGazetteer } from './plan.ts'

/** Names over the map. They are elements, not glyphs of the map: the page's own fonts, nothing to fetch. */
export interface Label {
  id: string
  text: string
  kind: 'grid' | 'building' | 'public' | 'gate'
  spot: Spot
}

const KINDS: Record<string, Label['kind']> = { grid: 'grid', building: 'building', public: 'public', plaza: 'public', gate: 'gate' }

/**
 * Middle of the edge that is nearest to the eye, so that a grid's name does not lie on its houses.
 * `bearing` is the compass direction that points up on the screen, degrees.
 */
export function frontEdge(ring: Position[], bearing: number): Spot {
  const turn = (bearing * Math.PI) / 180
  const depth = ([lon, lat]: Position) => lon! * Math.cos((lat! * Math.PI) / 180) * Math.sin(turn) + lat! * Math.cos(turn)
  const [a, b] = ring.slice(0, -1).sort((one, two) => depth(one) - depth(two)) as [Position, Position]
  return { lon: (a[0]! + b[0]!) / 2, lat: (a[1]! + b[1]!) / 2, height: 0 }
}

function standing(feature: Plan['features'][number], spot: Spot, bearing: number): Spot {
  if (feature.properties.layer === 'grid') return frontEdge((feature.geometry as Polygon).coordinates[0]!, bearing)
  return { ...spot, height: feature.properties.layer === 'building' ? spot.height + 2 : 0 }
}

export function labelsOf(plan: Plan, bearing: number): Label[] {
  const gazetteer = createGazetteer(plan)
  return plan.features.flatMap((feature) => {
    const { properties } = feature
    const kind = KINDS[properties.layer]
    const id = properties.placeId
    const spot = kind && id ? gazetteer.find(id) : undefined
    return kind && id && spot && properties.name ? [{ id, text: properties.name, kind, spot: standing(feature, spot, bearing) }] : []
  })
}
