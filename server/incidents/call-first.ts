import { clockAt, isCallFirst } from '../../shared/care.ts'
import { contactsFor } from '../../shared/care-call.ts'
import { DESK, type Incident, type TimelineEntry } from '../../shared/incident.ts'
import { moved } from '../record.ts'
import type { Work } from '../work.ts'

const MINUTE = 60_000

/** Whose matter it is until somebody is reached, and when somebody goes if nobody is. */
export type Waiting = Required<Pick<Incident, 'callBy' | 'owner'>>

/** The first act on a conclusion from habits is a telephone call; undefined: somebody goes at once, for nobody can be called. */
export function waitingFor(work: Work, about: Pick<Incident, 'kind' | 'residentId' | 'placeId'>): Waiting | undefined {
  const { world, now } = work
  const { kind, residentId, placeId } = about
  if (!isCallFirst(kind) || contactsFor(world, residentId, placeId, now).length === 0) return undefined
  const minutes = world.threshold('call-first.minutes', residentId ?? placeId)
  if (minutes === 0) return undefined
  return { callBy: now + minutes * MINUTE, owner: world.onDuty('officer', placeId, now)?.id ?? DESK }
}

export const firstCall = ({ world, now }: Work, { callBy, owner }: Waiting): TimelineEntry => ({
  at: now,
  by: 'system',
  what: 'call.first',
  to: owner,
  note: clockAt(callBy, world.utcOffset),
})

/** Once more: it had been settled by telephone, or had gone by itself, and here it is again. Undefined: the table does not allow it. */
export const callAgain = (work: Work, incident: Incident, waiting: Waiting): Incident | undefined =>
  moved({ ...incident, ...waiting, answered: undefined }, 'release', firstCall(work, waiting))
