import type { Incident } from '../../shared/incident.ts'
import { REPORT_KIND } from '../../shared/matter-kind.ts'
import type { Work } from '../work.ts'
import { findOwner } from './ladder.ts'
import { matterOf } from './matter.ts'
import { loadOf, suggest } from './suggest.ts'
import { dispatcherOf, type Target, teamTarget } from './target.ts'

/**
 * Whom the system sends by itself: a kind that the register sends out by rule, and an urgent report, go to the best suggestion; all else to
 * the first owner of the ladder (D1). With nobody on duty to suggest it is the ladder as well.
 */
export function autoTarget(work: Work, incident: Incident): Target {
  const { world, now } = work
  const byRule = matterOf(world, incident.kind)?.auto === true || incident.kind.startsWith(REPORT_KIND)
  const best = byRule ? suggest(world, incident, now, loadOf(work.orders.open()))[0] : undefined
  const team = world.team(best?.teamId ?? best?.pool ?? '')
  if (team) return teamTarget(world, team, dispatcherOf(work, undefined, incident.placeId), now)
  return best?.assignee === undefined ? findOwner(world, incident.kind, incident.placeId, now) : { staffId: best.assignee, rung: best.name }
}
