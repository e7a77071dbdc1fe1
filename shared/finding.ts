import type { Millis, Priority, Status } from './status.ts'

/**
 * What a detector says. `key` is the matter: the same key joins the same alert while one is open (A4).
 * `note` without an open alert is dropped; `raise` on an open one counts it up and may raise its priority.
 */
export type Finding =
  | {
      act: 'raise'
      key: string
      kind: AlertKind
      priority: Priority
      status: Status
      placeId: string
      deviceId?: string
      residentId?: string
      at: Millis
      /** why, as data; the screen makes the sentence: {silentMinutes: 220, usualBy: '08:10'} */
      evidence: Record<string, string | number | boolean | null>
      /** stays active until its incident is closed: nothing on the device's side ever clears it (help press, thrown object) */
      latched?: boolean
      /** occurred long before receipt (I4): shown as 迟到 */
      late?: boolean
      /** the sender says again what it said: an open alert is not counted up by it; 'moment': it says no end either */
      repeat?: 'lasting' | 'moment'
    }
  | { act: 'clear'; key: string; at: Millis; evidence?: Record<string, string | number | boolean | null> }
  /** says what is known of an open matter without counting it up */
  | { act: 'note'; key: string; at: Millis; evidence: Record<string, string | number | boolean | null> }

/** Codes of the register of alert kinds; cameras and hazards add theirs as `camera.<event>` and `hazard.<hazard>`. */
export type AlertKind =
  | 'help'
  | 'inactivity'
  | 'child-not-home'
  | 'welfare-check'
  | 'night-out'
  | 'room-stay'
  | 'child-alone'
  | 'water-flow'
  | 'water-use'
  | 'power-use'
  | 'low-water'
  | 'no-door'
  | 'button-test'
  | 'not-returned'
  | 'device-silent'
  | 'feed-silent'
  | 'device-battery'
  | `hazard.${string}`
  | `camera.${string}`
