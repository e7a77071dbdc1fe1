import type { Map as MapboxMap } from 'mapbox-gl'
import type { WallState } from '../../shared/wall.ts'
import type { Pin } from './pins.ts'
import type { MapFocus } from './slot.ts'

/** Facade and roof by priority: the token colours, the facade darker so that the roof still reads as a roof. */
const FACADES: Record<number, string> = { 1: '#c53a3e', 2: '#c27a26', 3: '#a8923f', 4: '#3f6f9f' }
const ROOFS: Record<number, string> = { 1: '#ff4d4f', 2: '#ff9f2e', 3: '#f4d35e', 4: '#6cb6ff' }

type Look = Record<string, string | boolean | null>

/** What each feature should look like; features that are not named are calm. */
export function looksOf(pins: readonly Pin[], devices: WallState['devices'], focus: MapFocus | null): Map<string, Look> {
  const looks = new Map<string, Look>()
  for (const device of devices) if (device.state === 'silent' || device.state === 'fault') looks.set(device.id, { silent: true })
  for (const pin of pins) {
    looks.set(pin.id, pin.buildingId ? { tone: FACADES[pin.priority]!, roof: ROOFS[pin.priority]! } : { tone: ROOFS[pin.priority]! })
  }
  if (focus) looks.set(focus.placeId, { ...looks.get(focus.placeId), focus: true })
  return looks
}

const NOTHING: Look = { tone: null, roof: null, silent: false, focus: false }
const same = (a: Look | undefined, b: Look) => a !== undefined && Object.keys({ ...a, ...b }).every((key) => a[key] === b[key])

/** Tells the map only what changed, so that an unchanged estate is not drawn again. */
export function createPainter(map: MapboxMap) {
  let shown = new Map<string, Look>()
  return (looks: Map<string, Look>) => {
    for (const id of shown.keys()) if (!looks.has(id)) map.setFeatureState({ source: 'plan', id }, NOTHING)
    for (const [id, look] of looks) if (!same(shown.get(id), look)) map.setFeatureState({ source: 'plan', id }, { ...NOTHING, ...look })
    shown = looks
  }
}
