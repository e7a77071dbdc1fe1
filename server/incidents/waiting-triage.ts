import { DESK, type Incident } from '../../shared/incident.ts'
import type { MatterKind } from '../../shared/matter-kind.ts'
import type { Priority } from '../../shared/status.ts'
import { addWorking } from '../../shared/working-time.ts'
import type { Work } from '../work.ts'

const MINUTE = 60_000

/** Priority 1 and 2, and kinds for which a rule says so, go out at once; all else waits for somebody to look at it, with a deadline. */
export const goesOutAtOnce = (kind: MatterKind | undefined, priority: Priority) => priority <= 2 || kind?.auto === true

export function triageDue({ world, now }: Work, kind: MatterKind | undefined, priority: Priority, placeId: string): number {
  const ms = world.threshold(`triage.p${priority}`, placeId) * MINUTE
  return kind?.clock === 'working' ? addWorking(world.workingTime(placeId), now, ms) : now + ms
}

/** Whose matter it is meanwhile: an officer on duty, or the desk. */
export const triageOwner = ({ world, now }: Work, placeId: string): string => world.onDuty('officer', placeId, now)?.id ?? DESK

export function awaitsTriage(
  work: Work,
  kind: MatterKind | undefined,
  priority: Priority,
  placeId: string,
): Pick<Incident, 'triageBy' | 'owner'> {
  if (goesOutAtOnce(kind, priority)) return {}
  return { triageBy: triageDue(work, kind, priority, placeId), owner: triageOwner(work, placeId) }
}
