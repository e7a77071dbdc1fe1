import type { Incident } from '../../shared/incident.ts'
import { REPORT_KIND } from '../../shared/matter-kind.ts'
import type { Suggestion } from '../../shared/suggestion.ts'
import type { World } from '../../shared/world.ts'
import type { Work } from '../work.ts'
import { findOwner } from './ladder.ts'
import { matterId, matterOf } from './matter.ts'
import { loadOf, suggest } from './suggest.ts'
import { dispatcherOf, type Target, teamTarget } from './target.ts'

const goesThere = (world: World) => (suggestion: Suggestion) => world.team(suggestion.teamId ?? '')?.form !== 'outside'

/** Fire, ambulance, police: of a kind that goes out by rule those to whom it is delegated are telephoned beside whoever goes. */
export function outsideTargets(work: Work, incident: Incident): Target[] {
  const { world, now } = work
  if (matterOf(world, incident.kind)?.auto !== true) return []
  const id = matterId(incident.kind)
  const teams = world.teams().filter((team) => team.form === 'outside' && team.matters.includes(id))
  const near = teams.filter(({ placeId }) => world.places.within(incident.placeId, placeId))
  return near.map((team) => teamTarget(world, team, dispatcherOf(work, undefined, incident.placeId), now))
}

/**
 * Whom the system sends by itself: a kind that the register sends out by rule, and an urgent report, go to the best suggestion; all else to
 * the first owner of the ladder (D1). With nobody on duty to suggest it is the ladder as well.
 */
export function autoTarget(work: Work, incident: Incident): Target {
  const { world, now } = work
  const byRule = matterOf(world, incident.kind)?.auto === true || incident.kind.startsWith(REPORT_KIND)
  const best = byRule ? suggest(world, incident, now, loadOf(work.orders.open())).find(goesThere(world)) : undefined
  const team = world.team(best?.teamId ?? best?.pool ?? '')
  if (team) return teamTarget(world, team, dispatcherOf(work, undefined, incident.placeId), now)
  return best?.assignee === undefined ? findOwner(world, incident.kind, incident.placeId, now) : { staffId: best.assignee, rung: best.name }
}
