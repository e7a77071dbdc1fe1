import { type Static, Type } from 'typebox'
import { type Incident, Mediation } from '../../shared/incident.ts'
import { REPORT_KIND } from '../../shared/matter-kind.ts'
import { Danger } from '../../shared/my-orders.ts'
import { toActor } from '../access/commander.ts'
import { hiddenDangers } from '../feedback/dangers.ts'
import { matterFamily } from '../incidents/families.ts'
import { closedAt, closedSince, mediated } from '../store/orders.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { decodeNumber, encodeCursor, limitOf, PageQuery } from './paging.ts'
import { Ids, KeyHeader, PlaceId } from './queries.ts'
import { missing } from './registers.ts'
import { placesIn, thingFor } from './sight.ts'

const DAY = 86_400_000

/** What is learnt from many closed matters, and the talks about quarrels. */
export function ledgerRoutes(app: App, api: Api): void {
  dangers(app, api)
  mediations(app, api)
  mediate(app, api)
}

function dangers(app: App, { access, world, engine, read }: Api): void {
  const guard = createGuard({ access, world })
  const summary = 'Hidden dangers: the same kind of matter closed at one place so many times within so many days (thresholds danger.*)'
  const response = { 200: Type.Object({ since: Type.Number(), items: Type.Array(Danger) }) }
  const querystring = Type.Object({ placeId: Type.Optional(PlaceId) })
  app.get('/api/dangers', { schema: { tags: ['incidents'], summary, querystring, response } }, async (request) => {
    const { scope } = guard.scopeOf(request, 'dangers.view', request.query.placeId)
    const since = engine.clock().now - world().threshold('danger.days', scope) * DAY
    const inside = placesIn(world(), scope)
    const rows = closedSince(read, since).filter(({ place }) => !inside || inside.has(place))
    const most = 20
    const matters = (places: readonly string[], kinds: readonly string[]) => closedAt(read, places, kinds, since, most)
    return { since, items: hiddenDangers(world(), rows, (kind, place) => matterFamily(world(), kind, place), matters) }
  })
}

const Ledger = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  state: Type.String(),
  placeId: Type.String(),
  place: Type.String(),
  openedAt: Type.Number(),
  closedAt: Type.Optional(Type.Number()),
  mediations: Type.Array(Mediation),
})

function mediations(app: App, { access, world, read }: Api): void {
  const guard = createGuard({ access, world })
  const querystring = Type.Object({ ...PageQuery, placeId: Type.Optional(PlaceId) })
  const response = { 200: Type.Object({ items: Type.Array(Ledger), next: Type.Union([Type.String(), Type.Null()]) }) }
  const schema = { tags: ['incidents'], summary: 'The mediation ledger (矛盾纠纷), newest first', querystring, response }
  app.get('/api/mediations', { schema }, async (request) => {
    const { scope } = guard.scopeOf(request, 'mediations.view', request.query.placeId)
    const inside = placesIn(world(), scope)
    const kinds = world()
      .matterKinds()
      .flatMap(({ id, mediation }) => (mediation ? [`${REPORT_KIND}${id}`] : []))
    const limit = limitOf(request.query)
    const before = decodeNumber(request.query.cursor) ?? Number.MAX_SAFE_INTEGER
    const rows = mediated(read, kinds, before, limit + 1)
    const shown = rows.slice(0, limit).filter(({ incident }) => !inside || inside.has(incident.placeId))
    return {
      items: shown.map(({ incident }) => ledgerOf(incident)),
      next: rows.length > limit ? encodeCursor(String(rows[limit - 1]!.n)) : null,
    }
  })
  const ledgerOf = ({ id, kind, state, placeId, openedAt, closedAt: ended, mediations: talks = [] }: Incident) => ({
    ...{ id, kind, state, placeId, place: world().places.label(placeId), openedAt, mediations: talks },
    ...(ended !== undefined && { closedAt: ended }),
  })
}

const Talk = Type.Object({
  parties: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 10 }),
  text: Type.String({ minLength: 1, maxLength: 2000 }),
  outcome: Mediation.properties.outcome,
  version: Type.Optional(Type.Integer()),
})

function mediate(app: App, { access, world, lists, engine }: Api): void {
  const guard = createGuard({ access, world })
  const schema = { tags: ['incidents'], summary: 'One talk more in the ledger of a dispute', params: Ids, headers: KeyHeader, body: Talk }
  app.post('/api/incidents/:id/mediate', { schema }, async (request) => {
    const { id } = request.params as Static<typeof Ids>
    guard.allow(request, 'incident.mediate')
    const incident = (await lists.thing<Incident>('incidents', id)) ?? missing('incident', id)
    const viewer = guard.allow(request, 'incident.mediate', incident.placeId)
    const { version, ...body } = request.body
    const command = { name: 'incident.mediate', target: id, version, body, actor: toActor(viewer) }
    return thingFor(await engine.command<Incident>(command, request.headers['idempotency-key']), viewer)
  })
}
