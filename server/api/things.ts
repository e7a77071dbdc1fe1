import { type Static, type TSchema, Type } from 'typebox'
import { Alert } from '../../shared/alert.ts'
import { Incident } from '../../shared/incident.ts'
import { Order } from '../../shared/order.ts'
import type { World } from '../../shared/world.ts'
import type { ThingName } from '../store/lists.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { concerns, createOrderGuard } from './own-orders.ts'
import { decodeNumber, encodeCursor, limitOf, PageQuery, pageOf } from './paging.ts'
import { Ids, listOf, PlaceId, Time, timeOf } from './queries.ts'
import { missing } from './registers.ts'
import { placesIn, thingFor } from './sight.ts'

export const THINGS = {
  alerts: { one: 'alert', schema: Alert, view: 'alerts.view' },
  incidents: { one: 'incident', schema: Incident, view: 'incidents.view' },
  orders: { one: 'order', schema: Order, view: 'orders.view' },
} as const satisfies Record<ThingName, { one: string; schema: TSchema; view: string }>

const several = (description: string) => Type.Optional(Type.String({ description: `${description}; several by comma` }))
const Query = Type.Object({
  ...PageQuery,
  id: several('id'),
  open: Type.Optional(Type.Boolean({ description: 'true: open ones alone, false: closed ones alone' })),
  state: several('state'),
  kind: several('kind'),
  priority: several('1 to 4'),
  status: several('actual, exercise or test'),
  placeId: Type.Optional(PlaceId),
  deviceId: Type.Optional(Type.String()),
  residentId: Type.Optional(Type.String()),
  incidentId: Type.Optional(Type.String()),
  assignee: Type.Optional(Type.String({ description: 'staff id, or `me`' })),
  pool: several('orders: waits in this pool, or belongs to this team; `mine` for those one is in'),
  since: Type.Optional(Time),
  until: Type.Optional(Time),
})
type Query = Static<typeof Query>

/** Alerts, incidents and orders, open and closed, newest first. */
export function thingRoutes(app: App, api: Api): void {
  for (const name of Object.keys(THINGS) as ThingName[]) listAndItem(app, api, name)
}

function listAndItem(app: App, api: Api, name: ThingName): void {
  const { access, world, lists } = api
  const ownOrder = createOrderGuard(api)
  const guard = createGuard({ access, world })
  const { one, schema, view } = THINGS[name]
  app.get(`/api/${name}`, { schema: { tags: [name], querystring: Query, response: { 200: pageOf(schema) } } }, async (request) => {
    const isOwnList = name === 'orders' && (request.query.assignee === 'me' || request.query.pool === 'mine')
    const asked = isOwnList && request.viewer?.helper ? 'order.work' : view
    const { viewer, scope } = guard.scopeOf(request, asked, request.query.placeId)
    const staffId = viewer.staffId ?? viewer.id
    const { items, next } = await lists.things<{ id: string }>(name, {
      ...filterOf(request.query, staffId),
      matter: name === 'orders' ? poolsOf(world(), request.query.pool, staffId) : undefined,
      places: placesIn(world(), scope),
    })
    const seen = viewer.helper ? items.filter((order) => concerns(world(), viewer.staffId, order as Order)) : items
    return { items: seen.map((thing) => thingFor(thing, viewer)), next: next === null ? null : encodeCursor(String(next)) } as never
  })
  app.get(`/api/${name}/:id`, { schema: { tags: [name], params: Ids, response: { 200: schema } } }, async (request) => {
    const { id } = request.params as Static<typeof Ids>
    if (name === 'orders' && request.viewer?.helper) {
      const { order, viewer } = await ownOrder(request, id)
      return thingFor(order, viewer) as never
    }
    guard.allow(request, view)
    const thing = (await lists.thing<{ placeId: string }>(name, id)) ?? missing(one, id)
    return thingFor(thing, guard.allow(request, view, thing.placeId)) as never
  })
}

/** Whose orders `mine` means in a list by pools and teams. */
const poolsOf = (world: World, pool: string | undefined, staffId: string) =>
  pool === 'mine' ? world.teamsOf(staffId).map(({ id }) => id) : listOf(pool)

function filterOf(query: Query, me: string) {
  return {
    id: listOf(query.id),
    open: query.open,
    state: listOf(query.state),
    kind: listOf(query.kind),
    priority: listOf(query.priority)?.map(Number),
    status: listOf(query.status),
    device: query.deviceId,
    resident: query.residentId,
    incident: query.incidentId,
    assignee: query.assignee === 'me' ? me : query.assignee,
    since: timeOf(query.since, 'since'),
    until: timeOf(query.until, 'until'),
    before: decodeNumber(query.cursor),
    limit: limitOf(query),
  }
}
