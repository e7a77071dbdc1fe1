import type { AnyLayer, Style } from 'mapbox-gl'
import type { Plan } from './plan.ts'

const METRES_AT_16 = 2.1
/** Line widths of the plan are metres: pixels double with each zoom. */
const metres = (property: string, fallback: number) => [
  'interpolate',
  ['exponential', 2],
  ['zoom'],
  12,
  ['/', ['coalesce', ['get', property], fallback], METRES_AT_16 * 16],
  20,
  ['*', ['coalesce', ['get', property], fallback], 16 / METRES_AT_16],
]
const of = (...layers: string[]) =>
  layers.length === 1 ? ['==', ['get', 'layer'], layers[0]] : ['in', ['get', 'layer'], ['literal', layers]]
const kinds = (...values: string[]) => ['all', of('device'), ['in', ['get', 'kind'], ['literal', values]]]

export const FACADE = 'facade'
export const BUILDINGS = 'buildings'
export const CAMERAS = 'cameras'
export const GATES = 'gates'
export const SPEAKERS = 'speakers'
export const GRIDS = 'grids'

/** The colour that the state gives a building; without one it stays grey (ISA-101). */
const tone = (calm: unknown) => ['coalesce', ['feature-state', 'tone'], calm]
const calmFacade = ['interpolate', ['linear'], ['get', 'height'], 12, '#33465a', 60, '#3d5268']

const layers: unknown[] = [
  { id: 'sky', type: 'background', paint: { 'background-color': '#0b0f15' } },
  { id: 'ground', type: 'fill', filter: of('ground'), paint: { 'fill-color': '#0d131b' } },
  {
    id: GRIDS,
    type: 'fill',
    filter: of('grid'),
    paint: { 'fill-color': '#131c27', 'fill-opacity': ['case', ['boolean', ['feature-state', 'focus'], false], 1, 0.75] },
  },
  { id: 'green', type: 'fill', filter: of('green'), paint: { 'fill-color': '#13221d' } },
  { id: 'water', type: 'fill', filter: of('water'), paint: { 'fill-color': '#10212f' } },
  { id: 'parking', type: 'fill', filter: of('parking'), paint: { 'fill-color': '#171f2a' } },
  { id: 'plaza', type: 'fill', filter: of('plaza'), paint: { 'fill-color': '#1b2531' } },
  {
    id: 'lanes',
    type: 'line',
    filter: of('lane'),
    layout: { 'line-cap': 'round' },
    paint: { 'line-color': '#1a2430', 'line-width': metres('width', 4) },
  },
  {
    id: 'roads',
    type: 'line',
    filter: of('road'),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': '#1d2733', 'line-width': metres('width', 9) },
  },
  {
    id: 'centre-lines',
    type: 'line',
    filter: of('road'),
    minzoom: 14,
    paint: { 'line-color': '#2a3746', 'line-width': 1, 'line-dasharray': [6, 6] },
  },
  {
    id: 'grid-edges',
    type: 'line',
    filter: of('grid'),
    paint: {
      'line-color': ['case', ['boolean', ['feature-state', 'focus'], false], '#7f95ad', '#33465a'],
      'line-width': 1.5,
      'line-dasharray': [3, 2],
    },
  },
  { id: 'wall', type: 'line', filter: of('wall'), paint: { 'line-color': '#3a4a5c', 'line-width': 1.5 } },
  {
    id: 'trees',
    type: 'circle',
    filter: of('tree'),
    minzoom: 14,
    paint: {
      'circle-color': '#1c3329',
      'circle-radius': ['interpolate', ['exponential', 2], ['zoom'], 15, 1.4, 19, 20],
      'circle-pitch-alignment': 'map',
    },
  },
  {
    id: 'public',
    type: 'fill-extrusion',
    filter: of('public'),
    paint: { 'fill-extrusion-color': '#46586b', 'fill-extrusion-height': ['get', 'height'], 'fill-extrusion-opacity': 1 },
  },
  {
    id: BUILDINGS,
    type: 'fill-extrusion',
    filter: of('building'),
    paint: {
      'fill-extrusion-color': tone(['case', ['boolean', ['feature-state', 'hover'], false], '#5b7590', calmFacade]),
      'fill-extrusion-height': ['get', 'height'],
      'fill-extrusion-opacity': 1,
      'fill-extrusion-vertical-gradient': true,
    },
  },
  // floors as faint lines over the facades: the same walls once more, drawn through a mostly clear pattern
  {
    id: 'floors',
    type: 'fill-extrusion',
    filter: of('building'),
    paint: { 'fill-extrusion-pattern': FACADE, 'fill-extrusion-height': ['get', 'height'], 'fill-extrusion-opacity': 1 },
  },
  // a thin lighter slab on each roof: towers read as towers from above
  {
    id: 'roofs',
    type: 'fill-extrusion',
    filter: of('building'),
    paint: {
      'fill-extrusion-color': ['coalesce', ['feature-state', 'roof'], '#4d6379'],
      'fill-extrusion-base': ['get', 'height'],
      'fill-extrusion-height': ['+', ['get', 'height'], 1.2],
      'fill-extrusion-opacity': 1,
    },
  },
  device(GATES, kinds('gate'), '#8b98a6', 1.6),
  device(CAMERAS, kinds('camera'), '#6690b8', 2),
  device(SPEAKERS, kinds('speaker'), '#a78bea', 3),
]

/** A dot for each device; one that is not heard is hollow, one with an open matter takes its colour. */
function device(id: string, filter: unknown, colour: string, radius: number): unknown {
  const silent = ['boolean', ['feature-state', 'silent'], false]
  return {
    id,
    type: 'circle',
    filter,
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 15, radius, 18, radius * 2.6],
      'circle-color': ['case', silent, '#0b0f15', tone(colour)],
      'circle-stroke-color': ['case', silent, '#f4d35e', tone('#0b0f15')],
      'circle-stroke-width': ['case', silent, 1.5, 0.5],
    },
  }
}

/** The style of one plan. Features are told apart by their `key` (see plan.ts). */
export function estateStyle(plan: Plan): Style {
  return {
    version: 8,
    name: 'estate',
    sources: { plan: { type: 'geojson', data: plan, promoteId: 'key' } },
    light: { anchor: 'map', color: '#dfeaf7', intensity: 0.32, position: [1.4, 200, 42] },
    layers: layers.map((layer) => (asLayer(layer).type === 'background' ? layer : { ...asLayer(layer), source: 'plan' })) as AnyLayer[],
  } as Style
}
const asLayer = (layer: unknown) => layer as { type: string }
