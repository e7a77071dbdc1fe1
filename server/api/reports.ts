import { type Static, Type } from 'typebox'
import { notFound } from '../../shared/problem.ts'
import { Report, ReportChannel } from '../../shared/report.ts'
import { toActor } from '../access/commander.ts'
import { findReports, readReport } from '../store/report-lists.ts'
import { callerKey, digitsOf } from './caller-key.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { decodeNumber, encodeCursor, limitOf, PageQuery, pageOf } from './paging.ts'
import { Ids, KeyHeader, listOf, PlaceId, Time, timeOf } from './queries.ts'
import { missing } from './registers.ts'
import { isOwn, progressFor, reportFor, reportForOwner } from './report-view.ts'
import { placesIn } from './sight.ts'

const tags = ['reports']

/** What people say: made, listed, followed. */
export function reportRoutes(app: App, api: Api): void {
  add(app, api)
  lists(app, api)
  unmask(app, api)
  callers(app, api)
}

const Text = (most: number) => Type.Optional(Type.String({ maxLength: most }))
const Body = Type.Object({
  kind: Type.String({ description: 'id of a kind: see /api/kinds' }),
  text: Text(2000),
  placeId: Type.Optional(Type.String({ description: 'a resident: the own home unless said' })),
  spot: Text(200),
  lon: Type.Optional(Type.Number()),
  lat: Type.Optional(Type.Number({ description: 'with lon instead of a place: the building or spot nearest to it' })),
  photos: Type.Optional(Type.Array(Type.String())),
  at: Type.Optional(Type.Union([Type.String(), Type.Number()])),
  channel: Type.Optional(ReportChannel),
  reporter: Type.Optional(
    Type.Object({
      name: Text(40),
      phone: Text(20),
      callback: Type.Optional(Type.Boolean({ description: 'call back when it is closed' })),
    }),
  ),
  teams: Type.Optional(Type.Array(Type.String())),
  externalId: Text(100),
})

function add(app: App, { access, world, engine, sealing }: Api): void {
  const guard = createGuard({ access, world })
  const summary = 'Report a matter: it opens an incident, or joins the open one about the same'
  app.post('/api/reports', { schema: { tags, summary, headers: KeyHeader, body: Body } }, async (request, reply) => {
    const viewer = guard.allow(request, 'report.add')
    // a resident may report what is anywhere in the community, who works here what lies in the own area
    if (viewer.role !== 'resident') guard.allow(request, 'report.add', known(request.body.placeId))
    const key = callerKey(sealing, request.body.reporter?.phone)
    const command = { name: 'report.add', body: { ...request.body }, actor: toActor(viewer), ...(key && { given: { callerKey: key } }) }
    const report = await engine.command<Report>(command, request.headers['idempotency-key'])
    reply.code(201)
    return isOwn(report, viewer) ? reportForOwner(world(), report) : reportFor(world(), report, viewer)
  })

  const known = (id: string | undefined) => (id !== undefined && world().places.get(id) ? id : undefined)
}

const Query = Type.Object({
  ...PageQuery,
  channel: Type.Optional(Type.String({ description: 'several by comma' })),
  kind: Type.Optional(Type.String({ description: 'several by comma' })),
  incidentId: Type.Optional(Type.String()),
  no: Type.Optional(Type.String()),
  placeId: Type.Optional(PlaceId),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
})

function lists(app: App, { access, world, read }: Api): void {
  const guard = createGuard({ access, world })
  app.get('/api/reports', { schema: { tags, querystring: Query, response: { 200: pageOf(Report) } } }, async (request) => {
    const { query } = request
    const { viewer, scope } = guard.scopeOf(request, 'reports.view', query.placeId)
    const found = findReports(read, {
      channel: listOf(query.channel),
      kind: listOf(query.kind),
      incidentId: query.incidentId,
      no: query.no,
      places: placesIn(world(), scope),
      since: timeOf(query.since, 'since'),
      until: timeOf(query.until, 'until'),
      before: decodeNumber(query.cursor),
      limit: limitOf(query),
    })
    return {
      items: found.items.map((report) => reportFor(world(), report, viewer)),
      next: found.next === null ? null : encodeCursor(String(found.next)),
    }
  })

  app.get('/api/reports/:id', { schema: { tags, params: Ids } }, async (request) => {
    const { id } = request.params as Static<typeof Ids>
    const viewer = guard.allow(request, 'reports.own')
    const report = readReport(read, id) ?? missing('report', id)
    if (isOwn(report, viewer)) return reportForOwner(world(), report)
    return reportFor(world(), report, guard.allow(request, 'reports.view', report.placeId))
  })

  const No = Type.Object({ no: Type.String() })
  const summary = 'How far a report has come, by the number that its reporter was given'
  app.get('/api/reports/no/:no', { schema: { tags, summary, params: No } }, async (request) => {
    const { no } = request.params as Static<typeof No>
    const viewer = guard.allow(request, 'reports.own')
    const [report] = findReports(read, { no, limit: 1 }).items
    // whose number it is not learns no more than that: numbers are easy to guess
    const mayRead = report && (isOwn(report, viewer) || access.may(viewer, 'reports.view', report.placeId))
    if (!mayRead) throw notFound(`There is no report ${no} of yours`)
    return progressFor(read, world(), report)
  })
}

function unmask(app: App, { access, world, engine, read }: Api): void {
  const guard = createGuard({ access, world })
  const Reason = Type.Object({ reason: Type.String({ maxLength: 500 }) })
  const summary = 'Name and number of whoever reported it; the reason goes into the audit first'
  app.post('/api/reports/:id/unmask', { schema: { tags, summary, params: Ids, body: Reason } }, async (request) => {
    const { id } = request.params as Static<typeof Ids>
    guard.allow(request, 'reports.unmask')
    const report = readReport(read, id) ?? missing('report', id)
    const viewer = guard.allow(request, 'reports.unmask', report.placeId)
    await engine.command({ name: 'report.unmask', target: id, body: { reason: request.body.reason }, actor: toActor(viewer) })
    const { kind, id: who, name, phone } = report.reporter
    const resident = kind === 'resident' && who ? world().resident(who) : undefined
    return { id, reporter: { kind, id: who, name: name ?? resident?.name, phone: phone ?? resident?.phone } }
  })
}

/** What the same person reported before, so that whoever takes a call knows. The number goes in a body as well: addresses end up in logs. */
function callers(app: App, { access, world, read, sealing }: Api): void {
  const guard = createGuard({ access, world })
  const Phone = Type.Object({ phone: Type.String({ minLength: 5, maxLength: 30 }) })
  const summary = 'What was reported before from this number'
  const history = (request: Parameters<typeof guard.allow>[0], phone: string) => {
    const { viewer, scope } = guard.scopeOf(request, 'callers.view', undefined)
    const digits = digitsOf(phone)
    const residents = world()
      .residents()
      .filter((resident) => resident.phone !== undefined && digitsOf(resident.phone) === digits)
    const keys = [callerKey(sealing, phone), ...residents.map(({ id }) => `resident ${id}`)].filter((key) => key !== undefined)
    const found = findReports(read, { keys, places: placesIn(world(), scope), limit: 50 })
    return {
      residents: residents
        .filter(({ placeId }) => access.may(viewer, 'callers.view', placeId))
        .map(({ id, placeId }) => ({ id, placeId, place: world().places.label(placeId) })),
      items: found.items.map((report) => ({ ...reportFor(world(), report, viewer), progress: progressFor(read, world(), report).state })),
    }
  }
  app.get('/api/callers/history', { schema: { tags, summary, querystring: Phone } }, async (request) =>
    history(request, request.query.phone),
  )
  app.post('/api/callers/history', { schema: { tags, summary, body: Phone } }, async (request) => history(request, request.body.phone))
}
