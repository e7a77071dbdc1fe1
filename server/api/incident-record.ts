import type { Static } from 'typebox'
import type { Viewer } from '../../shared/access.ts'
import type { Alert } from '../../shared/alert.ts'
import type { Incident } from '../../shared/incident.ts'
import { maskName } from '../../shared/mask.ts'
import { matterKindOf } from '../../shared/matter-kind.ts'
import type { Order } from '../../shared/order.ts'
import type { Report } from '../../shared/report.ts'
import { SIGHT } from '../../shared/sight.ts'
import { accessReader } from '../store/access.ts'
import { findReports, readReport } from '../store/report-lists.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { Ids } from './queries.ts'
import { missing } from './registers.ts'
import { reportFor } from './report-view.ts'
import { maskedResident, thingFor } from './sight.ts'

/** One matter with everything that its page shows: orders, reports and alerts in whole, and words for every id that its timeline names. */
export function incidentRecordRoutes(app: App, { access, world, read, lists, engine }: Api): void {
  const guard = createGuard({ access, world })
  const users = accessReader(read)
  const summary = 'The whole record: the incident, its orders, reports and alerts, related incidents, names of staff and places'
  app.get('/api/incidents/:id/record', { schema: { tags: ['incidents'], summary, params: Ids } }, async (request) => {
    const { id } = request.params as Static<typeof Ids>
    guard.allow(request, 'queue.view')
    const incident = (await lists.thing<Incident>('incidents', id)) ?? missing('incident', id)
    const viewer = guard.allow(request, 'queue.view', incident.placeId)
    const orders = await several<Order>('orders', incident.orders)
    const alerts = await several<Alert>('alerts', incident.alerts)
    const reports = incident.reports.flatMap((one) => readReport(read, one) ?? [])
    const row = world().matterKind(matterKindOf(incident.kind) ?? '')
    const resident = incident.residentId === undefined ? undefined : world().resident(incident.residentId)
    return {
      incident: thingFor(incident, viewer),
      ...{ place: world().places.label(incident.placeId), kindName: row?.name ?? null, mediation: row?.mediation === true },
      person: resident && SIGHT[viewer.role].person !== 'none' ? maskedResident(world(), resident, viewer, engine.clock().now) : null,
      orders,
      reports: reports.map((report) => reportFor(world(), report, viewer)),
      alerts: alerts.map(briefOf),
      related: await related(incident, viewer),
      names: namesIn(incident, orders, viewer),
      teams: teamsIn(orders, reports),
      places: labelsIn(incident),
    }
  })

  async function several<T>(list: 'orders' | 'alerts' | 'incidents', ids: readonly string[]): Promise<T[]> {
    const found = await Promise.all(ids.map((id) => lists.thing<T & object>(list, id)))
    return found.filter((one) => one !== undefined) as T[]
  }

  const briefOf = ({ id, kind, state, priority, raisedAt, lastAt, count, deviceId, placeId, version }: Alert) => ({
    ...{ id, kind, state, priority, raisedAt, lastAt, count, deviceId, version },
    place: world().places.label(placeId),
  })

  /** What it may be one with, what was merged into it, and where it went itself. */
  async function related({ id, proposals = [], merged, timeline }: Incident, viewer: Viewer) {
    const named = timeline.flatMap(({ what, ref }) =>
      ref && /^incident\.(merged|took-over|gave-back|unmerged|apart)$/.test(what) ? [ref] : [],
    )
    const ids = new Set([...proposals.map(({ incidentId }) => incidentId), ...(merged ? [merged.into] : []), ...named])
    ids.delete(id)
    const found = await several<Incident>('incidents', [...ids])
    const visible = found.filter(({ placeId }) => access.may(viewer, 'queue.view', placeId))
    return Object.fromEntries(visible.map((one) => [one.id, relatedOf(one)]))
  }

  function relatedOf({ id, kind, priority, state, placeId, openedAt, version, merged }: Incident) {
    const [report] = findReports(read, { incidentId: id, limit: 1 }).items
    return {
      ...{ id, kind, priority, state, openedAt, version, mergedInto: merged?.into },
      kindName: world().matterKind(matterKindOf(kind) ?? '')?.name ?? null,
      place: world().places.label(placeId),
      text: report?.text ?? null,
    }
  }

  /** Staff, users and teams by their ids; whoever works in the field sees colleagues' names masked. */
  function namesIn(incident: Incident, orders: readonly Order[], { role }: Viewer): Record<string, string> {
    const ids = new Set([
      ...incident.timeline.flatMap(({ by, from, to }) => [by, from, ...(to?.split(' ') ?? [])]),
      ...orders.flatMap(({ assignee, teamId, pool, handledBy, verifier, contactId }) => [
        assignee,
        teamId,
        pool,
        handledBy,
        verifier,
        contactId,
      ]),
      ...orders.flatMap(({ notes = [], checklist = [] }) => [...notes, ...checklist].map(({ by }) => by)),
      ...(incident.mediations ?? []).map(({ by }) => by),
      ...(incident.calls ?? []).map(({ by }) => by),
      ...[incident.owner, incident.contactId, incident.answered?.by],
    ])
    const person = (name: string) => (SIGHT[role].staff === 'full' ? name : maskName(name))
    const nameOf = (id: string) => {
      const name = world().staff(id)?.name ?? users.user(id)?.name
      return name === undefined ? world().team(id)?.name : person(name)
    }
    return Object.fromEntries([...ids].flatMap((id) => (id && nameOf(id) ? [[id, nameOf(id)!]] : [])))
  }

  /** Those that have orders, and those that a whistle called. */
  function teamsIn(orders: readonly Order[], reports: readonly Report[]) {
    const ids = new Set([...orders.flatMap(({ teamId, pool }) => [teamId, pool]), ...reports.flatMap(({ teams = [] }) => teams)])
    const found = [...ids].flatMap((id) => world().team(id ?? '') ?? [])
    return Object.fromEntries(found.map(({ id, name, form, phone }) => [id, { id, name, form, phone }]))
  }

  /** A triage line says `P3 flat-…`. */
  function labelsIn({ timeline }: Incident): Record<string, string> {
    const said = timeline.flatMap(({ what, from, to }) => (what === 'incident.triaged' ? [from, to] : []))
    const ids = said.flatMap((text) => text?.split(' ').slice(1) ?? [])
    return Object.fromEntries(ids.flatMap((id) => (world().places.get(id) ? [[id, world().places.label(id)]] : [])))
  }
}
