import type { Incident } from '../../../shared/incident.ts'
import { hash32, seededRandom } from '../../../shared/random.ts'
import type { Millis } from '../../../shared/status.ts'
import type { Suggestion, Suggestions } from '../../../shared/suggestion.ts'
import type { World } from '../../../shared/world.ts'
import type { Caller } from '../rest.ts'
import { type Span, within } from '../span.ts'
import { type Matter, matterWith } from './matters.ts'
import type { Own } from './own.ts'
import type { MayTry } from './tries.ts'

/** Whom an order goes to. */
export type Target = { assignee: string } | { teamId: string } | { pool: string }

/** Seconds until somebody at the desk looks, and from there until somebody is sent. */
const LOOK: Span = [20, 75]
const SEND: Span = [8, 30]
/** What a guest reported is left to the guest for so many times as long. */
export const PATIENCE = 4

/** The officer who sorts what was reported and sends somebody, by the suggestion. */
export interface Desk {
  look(incident: Incident, now: Millis): Promise<void>
}

export function createDesk(officer: (now: Millis) => Caller, world: World, own: Own, mayTry: MayTry, seed: number): Desk {
  const act = (incident: Incident, name: string, body: Record<string, unknown>, now: Millis, more = '') =>
    officer(now).post<Incident>(
      `/api/incidents/${incident.id}/${name}`,
      { version: incident.version, ...body },
      `demo-${incident.id}-${incident.version}-${name}${more}`,
    )

  const dispatch = async (incident: Incident, now: Millis) => {
    const targets = await targetsOf(incident, now)
    let seen = incident
    for (const [n, target] of targets.entries()) {
      const { status } = await act(seen, 'dispatch', { ...target, ...(targets.length > 1 && { lead: n === 0 }) }, now, `-${n}`)
      if (status >= 300) return
      seen = (await officer(now).get<Incident>(`/api/incidents/${incident.id}`)) ?? seen
    }
  }

  const targetsOf = async (incident: Incident, now: Millis): Promise<Target[]> => {
    const called = own.teamsOf(incident.id)
    if (called.length > 0) return called.map((teamId) => ({ teamId }))
    const asked = await officer(now).get<Suggestions>(`/api/incidents/${incident.id}/suggest`)
    const target = targetFor(world, incident, asked?.items ?? [], matterWith(incident.kind))
    return target ? [target] : []
  }

  return {
    async look(incident, now) {
      const { id, version, openedAt, triagedAt } = incident
      const random = seededRandom(hash32(`${id} desk`, seed))
      const [look, send] = [within(random, LOOK), within(random, SEND)]
      const since = triagedAt ?? openedAt + look * (own.has(id) ? 1 : PATIENCE)
      if (now < since + (triagedAt === undefined ? 0 : send) || !mayTry(`${id} ${version}`, now)) return
      const same = incident.proposals?.find(({ incidentId }) => own.areOne(id, incidentId))
      if (same && triagedAt === undefined) await act(incident, 'merge', { into: same.incidentId, reason: '同一件事，合并处理' }, now)
      else if (triagedAt === undefined) await act(incident, 'triage', { reason: '情况属实，派单处置' }, now)
      else await dispatch(incident, now)
    },
  }
}

/** The pool that such a matter is asked of, when somebody of it lives near; else the best suggestion that goes there. */
export function targetFor(
  world: World,
  { placeId }: Pick<Incident, 'placeId'>,
  items: readonly Suggestion[],
  matter: Matter | undefined,
): Target | undefined {
  const pool = matter?.pool
  if (pool !== undefined && claimers(world, pool, placeId).length > 0) return { pool }
  const goes = items.find(({ form, pool: id }) => form !== 'outside' && (id === undefined || claimers(world, id, placeId).length > 0))
  if (goes?.assignee !== undefined) return { assignee: goes.assignee }
  if (goes?.teamId !== undefined) return { teamId: goes.teamId }
  return goes?.pool === undefined ? undefined : { pool: goes.pool }
}

/** Who of a pool may claim what lies there: staff ids. */
export const claimers = (world: World, pool: string, placeId: string): string[] =>
  (world.team(pool)?.members ?? []).filter((id) => world.places.within(placeId, world.staff(id)?.placeId ?? ''))
