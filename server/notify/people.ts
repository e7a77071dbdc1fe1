import type { Order } from '../../shared/order.ts'
import type { StaffRole } from '../../shared/person.ts'
import type { Work } from '../work.ts'

const onDuty = (work: Work, roles: readonly StaffRole[], placeId: string): string[] =>
  roles.flatMap((role) => work.world.onDuty(role, placeId, work.now)?.id ?? [])

/** Whoever watches the desk for the place now; with nobody on duty the supervisor. */
export function dutyOfficers(work: Work, placeId: string): string[] {
  const officers = onDuty(work, ['officer'], placeId)
  return officers.length > 0 ? officers : onDuty(work, ['supervisor', 'admin'], placeId).slice(0, 1)
}

/** Whose order it is: the people of a pool until one of them claims it, the owner, or the desk for what is no person. */
export function personsOf(work: Work, { assignee, placeId, pool, state }: Order): readonly string[] {
  const members = pool !== undefined && state === 'dispatched' ? work.world.team(pool)?.members : undefined
  if (members && members.length > 0) return members.slice(0, MOST_OF_A_POOL)
  return work.world.staff(assignee) ? [assignee] : dutyOfficers(work, placeId)
}
/** More than these need not run for one order. */
const MOST_OF_A_POOL = 50

/** Who may judge the work: whoever the order waits for, and those on duty at desk and office; never whoever did it (D3). */
export function verifiersOf(work: Work, { placeId, handledBy, assignee, verifier }: Order): string[] {
  const others = (roles: readonly StaffRole[]) => onDuty(work, roles, placeId).filter((id) => id !== handledBy && id !== assignee)
  const pool = [...new Set([...(verifier === undefined ? [] : [verifier]), ...others(['officer', 'community-staff'])])]
  return pool.length > 0 ? pool : others(['supervisor', 'admin']).slice(0, 1)
}
