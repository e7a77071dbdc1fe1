import type { Millis } from '../../shared/status.ts'
import type { Alarm } from './alarms.ts'
import { nowhere, type Whereabouts } from './presence.ts'
import type { Cadence } from './quiet/cadence.ts'
import { newQuiet, type Quiet } from './quiet/model.ts'
import { newRhythm, type Rhythm } from './rhythm.ts'

/** What is remembered of one person living alone. Plain JSON. */
export interface InactivityState {
  /** last sign of life, occurrence, ms */
  moved: Millis | null
  /** last use of the flat's door, ms */
  door: Millis | null
  /** what the door's contact said last */
  doorOpen?: boolean
  /** last passage of the person's own, ms */
  passed: Millis | null
  where: Whereabouts
  /** since when every sensor of the home has been heard without a break, ms; null: blind, or never heard */
  heardSince: Millis | null
  /** when the first of its mute sensors was heard last, ms; null: not blind, or never heard */
  blindSince: Millis | null
  /** raised and not cleared */
  silent: boolean
  /** a visit for the blindness is raised */
  welfare: 'blind' | null
  /** not-returned is raised */
  missed: boolean
  /** only a water meter listens */
  sparse: boolean
  /** last water reading */
  water: number | null
  /** when water readings come */
  readings?: Cadence
  /** readings were missing since the last sign of life */
  unread?: boolean
  rhythm: Rhythm
  quiet: Quiet
  /** the last silences that were too long */
  alarms: Alarm[]
}

export const newInactivity = (): InactivityState => ({
  moved: null,
  door: null,
  passed: null,
  where: nowhere(),
  heardSince: null,
  blindSince: null,
  silent: false,
  welfare: null,
  missed: false,
  sparse: false,
  water: null,
  rhythm: newRhythm(),
  quiet: newQuiet(),
  alarms: [],
})

/** From when the silence counts: not further back than the sensors were heard (A2). */
export const silenceFrom = (state: InactivityState): Millis | null =>
  state.moved === null || state.heardSince === null ? null : Math.max(state.moved, state.heardSince)

/** A state that was saved before it had all its parts. */
export function complete(state: InactivityState): InactivityState {
  state.quiet ??= newQuiet()
  state.missed ??= false
  state.sparse ??= false
  state.alarms ??= []
  return state
}
