import type { Map as MapboxMap, MapMouseEvent } from 'mapbox-gl'
import type { Target } from '../ui/pick.ts'
import { BUILDINGS, CAMERAS, GATES, GRIDS, SPEAKERS } from './estate-style.ts'
import type { PlanProperties } from './plan.ts'

const KINDS: Record<string, Target['kind']> = { camera: 'camera', gate: 'gate', speaker: 'speaker' }
/** A finger is wider than a dot. */
const REACH = 8

/** What lies under the pointer: devices before buildings before grids. */
function under(map: MapboxMap, point: { x: number; y: number }): Target | undefined {
  const near = [
    [point.x - REACH, point.y - REACH],
    [point.x + REACH, point.y + REACH],
  ] as [[number, number], [number, number]]
  const device = map.queryRenderedFeatures(near as never, { layers: [CAMERAS, GATES, SPEAKERS] })[0]?.properties as
    | PlanProperties
    | undefined
  if (device?.deviceId) return { kind: KINDS[device.kind ?? ''] ?? 'device', id: device.deviceId }
  const found = map.queryRenderedFeatures([point.x, point.y] as never, { layers: [BUILDINGS, GRIDS] })
  const building = found.find((each) => each.layer.id === BUILDINGS)?.properties as PlanProperties | undefined
  if (building?.placeId) return { kind: 'building', id: building.placeId }
  const grid = found[0]?.properties as PlanProperties | undefined
  return grid?.placeId ? { kind: 'grid', id: grid.placeId } : undefined
}

/** The building, or else the grid, at a point of the screen. */
export function placeUnder(map: MapboxMap, point: { x: number; y: number }): string | undefined {
  const found = map.queryRenderedFeatures([point.x, point.y] as never, { layers: [BUILDINGS, GRIDS] })
  const place = found.find((each) => each.layer.id === BUILDINGS) ?? found[0]
  return (place?.properties as PlanProperties | undefined)?.placeId
}

/** Clicks and touches become picks; the building under the mouse lights up a little. */
export function listenForPicks(map: MapboxMap, pick: (target: Target) => void): void {
  let hovered: string | undefined
  const light = (id: string | undefined) => {
    if (id === hovered) return
    if (hovered) map.setFeatureState({ source: 'plan', id: hovered }, { hover: false })
    if (id) map.setFeatureState({ source: 'plan', id }, { hover: true })
    hovered = id
  }
  map.on('click', (event: MapMouseEvent) => {
    const target = under(map, event.point)
    if (target) pick(target)
  })
  map.on('mousemove', (event: MapMouseEvent) => {
    if (map.isMoving()) return
    const target = under(map, event.point)
    light(target?.kind === 'building' ? target.id : undefined)
    map.getCanvas().style.cursor = target ? 'pointer' : ''
  })
}
