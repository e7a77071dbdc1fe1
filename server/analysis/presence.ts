import type { Millis } from '../../shared/status.ts'

export type Presence = 'home' | 'out' | 'unsure'

/** Where the person is, as far as door, passages and motion tell; inferred causally. Plain JSON. */
export interface Whereabouts {
  presence: Presence
  /** since when it is so, ms */
  since: Millis
  /** occurrence of the last evidence, ms: what happened before it changes nothing, for signals come out of order (I4) */
  known: Millis
}

/** Whoever came in or stayed moves within this time of the door; else the door was the leaving. */
export const SETTLE: Millis = 15 * 60_000

export const nowhere = (): Whereabouts => ({ presence: 'unsure', since: 0, known: 0 })

function become(where: Whereabouts, presence: Presence, at: Millis) {
  if (at < where.known) return
  if (where.presence !== presence || presence === 'unsure') where.since = at
  where.presence = presence
  where.known = at
}

export const movedInside = (where: Whereabouts, at: Millis) => become(where, 'home', at)
/** The door alone says neither in nor out: the next quarter of an hour tells. */
export const usedDoor = (where: Whereabouts, at: Millis) => become(where, 'unsure', at)
export const passedOut = (where: Whereabouts, at: Millis) => become(where, 'out', at)
/** Through the own unit's gate one comes home; through the estate's one is on the way. */
export const passedIn = (where: Whereabouts, at: Millis, ownUnit: boolean) => become(where, ownUnit ? 'home' : 'unsure', at)

/** Nobody moved after the door though every sensor was heard: out, since the door. */
export function settle(where: Whereabouts, now: Millis, heard: boolean) {
  if (where.presence === 'unsure' && where.since > 0 && heard && now - where.since >= SETTLE) where.presence = 'out'
}
