// The build for closed networks (CSP): its worker is a file of our own server instead of a blob made at run time.
import type { Map as MapboxMap, MapboxOptions } from 'mapbox-gl'
import mapboxgl from 'mapbox-gl/dist/mapbox-gl-csp'
import workerUrl from 'mapbox-gl/dist/mapbox-gl-csp-worker?url'
import { estateStyle, FACADE } from './estate-style.ts'
import { facadePattern } from './facade.ts'
import type { Plan } from './plan.ts'

mapboxgl.workerUrl = workerUrl

/** A map of the plan alone: no token, no tiles, no requests to anywhere. Rejects where there is no WebGL. */
export function createMap(container: HTMLElement, plan: Plan): Promise<MapboxMap> {
  if (!mapboxgl.supported()) return Promise.reject(new Error('This browser offers no WebGL'))
  const map = new mapboxgl.Map({
    container,
    style: estateStyle(plan),
    attributionControl: false,
    logoPosition: 'bottom-right',
    fadeDuration: 0,
    maxPitch: 60,
    minZoom: 13,
    maxZoom: 20,
    dragRotate: true,
    keyboard: false,
    antialias: true,
  } as MapboxOptions)
  map.on('styleimagemissing', ({ id }: { id: string }) => {
    if (id === FACADE && !map.hasImage(FACADE)) map.addImage(FACADE, facadePattern(), { pixelRatio: 2 })
  })
  return new Promise((ready, fail) => {
    map.once('load', () => ready(map))
    map.once('error', (event: { error: Error }) => fail(event.error))
  })
}
