import { type Static, Type } from 'typebox'
import { type Alert, isOpenAlert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { decodeNumber, encodeCursor, limitOf, PageQuery } from './paging.ts'
import { missing } from './registers.ts'

const Who = Type.Object({ residentId: Type.String() })

/** The alerts of one person, newest first, and how each ended. */
export function careHistoryRoutes(app: App, { access, world, lists }: Api): void {
  const guard = createGuard({ access, world })
  const schema = { tags: ['care'], summary: 'Alerts of a person and how each ended', params: Who, querystring: Type.Object(PageQuery) }
  app.get('/api/care/:residentId/history', { schema }, async (request) => {
    guard.allow(request, 'care.view')
    const { residentId } = request.params as Static<typeof Who>
    const resident = world().resident(residentId) ?? missing('resident', residentId)
    guard.allow(request, 'care.view', resident.placeId)
    const query = { resident: residentId, limit: limitOf(request.query), before: decodeNumber(request.query.cursor) }
    const { items, next } = await lists.things<Alert>('alerts', query)
    const ids = [...new Set(items.flatMap(({ incidentId }) => incidentId ?? []))]
    const incidents = ids.length === 0 ? [] : (await lists.things<Incident>('incidents', { id: ids, limit: ids.length })).items
    const byId = new Map(incidents.map((incident) => [incident.id, incident]))
    const lines = items.map((alert) => line(alert, byId.get(alert.incidentId ?? '')))
    return {
      items: lines,
      names: namesIn(lines),
      next: next === null ? null : encodeCursor(String(next)),
    }
  })

  /** colleagues by their id: an office knows them */
  function namesIn(lines: readonly ReturnType<typeof line>[]): Record<string, string> {
    const ids = lines.flatMap(({ verdict, ended, incident }) => [
      ...[verdict?.by, ended?.by, incident?.closedBy],
      ...(incident?.calls ?? []).map(({ by }) => by),
    ])
    return Object.fromEntries(ids.flatMap((id) => (id && world().staff(id) ? [[id, world().staff(id)!.name]] : [])))
  }
}

function line(alert: Alert, incident: Incident | undefined) {
  const { id, kind, priority, status, state, raisedAt, returnedAt, lastAt, count, late, evidence, verdict, incidentId, version } = alert
  return {
    ...{ id, kind, priority, status, state, raisedAt, returnedAt, lastAt, count, late, evidence, incidentId, version },
    verdict: verdict ?? null,
    ended: isOpenAlert(alert) ? null : endOf(alert),
    incident: incident ? incidentLine(incident) : null,
  }
}

/** The step by which it became normal: cleared by the person, closed by people. */
function endOf({ steps }: Alert) {
  const last = steps.findLast(({ to, act }) => to === 'normal' && act !== 'verdict')
  return last ? { act: last.act, at: last.at, by: last.by, why: last.why } : null
}

function incidentLine({ id, state, openedAt, closedAt, calls = [], timeline }: Incident) {
  const closed = timeline.findLast(({ what }) => what === 'incident.closed')
  return { id, state, openedAt, closedAt: closedAt ?? null, calls, ...(closed && { closedBy: closed.by, reason: closed.note }) }
}
