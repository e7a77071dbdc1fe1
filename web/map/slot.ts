import type { Target } from '../ui/pick.ts'

/** The agreement between the wall and the estate map. */
export interface MapFocus {
  /** a grid, building, flat or spot to look at; null as a whole: the estate */
  placeId: string
  /** the matter that is looked at, when it is one */
  alertId?: string
}
export interface MapHandle {
  /** where a place or device now stands on the map, in CSS pixels from its upper left corner; null when it is not known or not in sight */
  project(id: string): { x: number; y: number } | null
}
/** Events: `pick` when somebody points at something, `move` whenever positions given by `project` have changed, `ready` after the first frame. */
export interface MapEvents {
  pick: [target: Target]
  move: []
  ready: []
}
