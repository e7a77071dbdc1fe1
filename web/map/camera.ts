import type { LngLatBoundsLike, Map as MapboxMap } from 'mapbox-gl'
import { boundsOf, type Gazetteer, type Plan } from './plan.ts'
import type { MapFocus } from './slot.ts'

const PITCH = 56
export const BEARING = -24
const MOVE_MS = 900

/** Without a graphics card a flight is a slide show that holds up everything else: then the view jumps. */
function paintsInSoftware(map: MapboxMap): boolean {
  const gl = map.getCanvas().getContext('webgl')
  const info = gl?.getExtension('WEBGL_debug_renderer_info')
  return /swiftshader|llvmpipe|software|basic render/i.test(String(info ? gl?.getParameter(info.UNMASKED_RENDERER_WEBGL) : ''))
}

export interface View {
  center: [number, number]
  zoom: number
  pitch: number
  bearing: number
}

/** Where the camera stands for a focus; the estate as a whole without one. */
export function createCamera(map: MapboxMap, plan: Plan, gazetteer: Gazetteer) {
  const frame = (box: [number, number, number, number], pitch: number, padding: number): View => {
    const camera = map.cameraForBounds([box.slice(0, 2), box.slice(2)] as LngLatBoundsLike, { bearing: BEARING, padding })
    const centre = camera?.center as { lng: number; lat: number } | undefined
    return {
      center: centre ? [centre.lng, centre.lat] : [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2],
      zoom: camera?.zoom ?? 16,
      pitch,
      bearing: BEARING,
    }
  }
  const overview = (): View => {
    const view = frame(
      boundsOf(plan, (each) => each.layer === 'grid'),
      PITCH,
      0,
    )
    // a tilted estate is foreshortened: there is room to come nearer, and the callouts want the upper third
    const box = map.getContainer().getBoundingClientRect()
    return { ...view, zoom: view.zoom + Math.min(0.42, Math.max(0.1, (box.width / box.height - 1) * 0.5)) }
  }
  const near = (focus: MapFocus): View | undefined => {
    if (plan.features.some((each) => each.properties.layer === 'grid' && each.properties.placeId === focus.placeId)) {
      return frame(
        boundsOf(plan, (each) => each.layer === 'grid' && each.placeId === focus.placeId),
        PITCH,
        90,
      )
    }
    const spot = gazetteer.find(focus.placeId)
    return spot && { center: [spot.lon, spot.lat], zoom: overview().zoom + 1.05, pitch: 60, bearing: BEARING }
  }
  const viewOf = (focus: MapFocus | null) => (focus && near(focus)) ?? overview()
  const still = paintsInSoftware(map) || matchMedia('(prefers-reduced-motion: reduce)').matches
  return {
    jump: (focus: MapFocus | null) => map.jumpTo(viewOf(focus)),
    move: (focus: MapFocus | null) =>
      map.easeTo({ ...viewOf(focus), duration: still ? 0 : MOVE_MS, essential: true } as Parameters<MapboxMap['easeTo']>[0]),
  }
}
