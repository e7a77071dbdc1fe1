import type { Alert } from '../../shared/alert.ts'
import { isAboutHabits, quietUntil } from '../../shared/care.ts'
import type { AlertChange, Work } from '../work.ts'
import { moveAlert } from './alert-changes.ts'

const SYSTEM = 'system'
/** What the record says. */
const IN_PEACE = '安静时段'

/**
 * A small conclusion (priority 3 and 4) about somebody who asked to be left in peace at this hour is shelved until that is over, and comes
 * by itself then if it still holds. What is urgent never waits.
 */
export function heldBack(work: Work, change: AlertChange): AlertChange {
  const { alert, act } = change
  const isNew = act === 'raised' || act === 'reactivated'
  if (!isNew || alert.priority <= 2 || alert.residentId === undefined || !isAboutHabits(alert.kind)) return change
  const shelvedUntil = quietUntil(work.world.care.plan(alert.residentId), work.now, work.world.utcOffset)
  if (shelvedUntil === undefined) return change
  const held = moveAlert(alert, 'shelve', { at: work.now, by: SYSTEM, why: IN_PEACE }, { shelvedUntil })
  return held ? { ...change, alert: held } : change
}

/** Put aside by the rule above, and not by a person. */
const isHeld = ({ state, steps }: Alert) => state === 'shelved' && steps.findLast(({ act }) => act === 'shelve')?.by === SYSTEM

/** It has grown worse meanwhile: it waits no longer. */
export function letGo(work: Work, change: AlertChange): AlertChange {
  const { before, alert } = change
  if (!before || alert.priority >= before.priority || !isHeld(alert)) return change
  const after = moveAlert(alert, 'expire', { at: work.now, by: SYSTEM }, { shelvedUntil: undefined })
  return after ? { ...change, alert: after, act: 'unshelved' } : change
}
