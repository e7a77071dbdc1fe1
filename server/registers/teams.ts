import type { Team } from '../../shared/team.ts'
import type { World } from '../../shared/world.ts'

/** Look-ups over the register of teams. */
export function createTeams(teams: readonly Team[]): Pick<World, 'team' | 'teams' | 'teamsOf'> {
  const byId = new Map(teams.map((team) => [team.id, team]))
  const posts = teams.flatMap((team) => peopleOf(team).map((staffId) => ({ staffId, team })))
  const ofMember = Map.groupBy(posts, ({ staffId }) => staffId)
  const own = new Map([...ofMember].map(([staffId, rows]) => [staffId, rows.map(({ team }) => team)]))
  return { team: (id) => byId.get(id), teams: () => teams, teamsOf: (staffId) => own.get(staffId) ?? [] }
}

const peopleOf = ({ members, leadId }: Team) => [...new Set([...members, ...(leadId ? [leadId] : [])])]
