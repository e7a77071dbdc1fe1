import { Type } from 'typebox'
import { Device } from '../../shared/device.ts'
import type { Resident } from '../../shared/person.ts'
import { Place } from '../../shared/place.ts'
import { notFound } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import { spokenOf } from '../store/spoken.ts'
import { countAt } from './census.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { PageQuery, pageById, pageOf } from './paging.ts'
import { Ids, listOf, PlaceId } from './queries.ts'
import { categoriesFor, fullResident, maskedResident, placesIn } from './sight.ts'

/** What the registers say: places, devices, residents; from a place to its persons and back. */
export function registerRoutes(app: App, api: Api): void {
  places(app, api)
  devices(app, api)
  residents(app, api)
  unmask(app, api)
}

function places(app: App, { access, world }: Api): void {
  const guard = createGuard({ access, world })
  const view = (place: Place) => ({ ...place, label: world().places.label(place.id), ...countAt(world(), place.id) })
  const query = Type.Object({
    ...PageQuery,
    id: Type.Optional(Type.String({ description: 'several by comma' })),
    kind: Type.Optional(
      Type.String({ description: 'street, community, grid, cluster, building, unit, floor, flat or spot; several by comma' }),
    ),
    parentId: Type.Optional(Type.String()),
    placeId: Type.Optional(PlaceId),
  })
  app.get('/api/places', { schema: { tags: ['registers'], querystring: query, response: { 200: pageOf(Place) } } }, async (request) => {
    const { id, kind, parentId, placeId } = request.query
    const ids = listOf(id)
    const { scope } = guard.scopeOf(request, 'places.view', placeId)
    const kinds = listOf(kind)
    const inside = placesIn(world(), scope)
    const fits = (place: Place) =>
      (!ids || ids.includes(place.id)) &&
      (!inside || inside.has(place.id)) &&
      (!kinds || kinds.includes(place.kind)) &&
      (parentId === undefined || place.parentId === parentId)
    const page = pageById(world().places.all(), request.query, fits)
    return { ...page, items: page.items.map(view) }
  })
  app.get('/api/places/:id', { schema: { tags: ['registers'], params: Ids, response: { 200: Place } } }, async (request) => {
    const place = world().places.get(request.params.id) ?? missing('place', request.params.id)
    guard.allow(request, 'places.view', place.id)
    const path = world()
      .places.path(place.id)
      .map(({ id }) => id)
    return {
      ...view(place),
      path,
      devices: world()
        .devicesAt(place.id)
        .map(({ id }) => id),
    }
  })
}

function devices(app: App, { access, world, state, read }: Api): void {
  const guard = createGuard({ access, world })
  /** The state's list is a window and leaves out the thousands in the flats that never spoke: blind is not quiet (A2). */
  const withHealth = (devices: readonly Device[]) => {
    const unwell = new Map(state().devices.map((view) => [view.id, view.state]))
    const { deviceTotals } = state()
    const spoken = spokenOf(
      read,
      devices.map(({ id }) => id),
    )
    /** some of the kind have spoken, and none of those is heard now */
    const isOut = (kind: string) => {
      const total = deviceTotals[kind]
      return total !== undefined && total.heard === 0 && total.never < total.total
    }
    const stateOf = ({ id, kind }: Device) => unwell.get(id) ?? (!spoken.has(id) ? 'never' : isOut(kind) ? 'silent' : 'heard')
    return devices.map((device) => ({ ...device, state: stateOf(device), place: world().places.label(device.placeId) }))
  }
  const query = Type.Object({
    ...PageQuery,
    id: Type.Optional(Type.String({ description: 'several by comma' })),
    kind: Type.Optional(Type.String({ description: 'several by comma' })),
    feed: Type.Optional(Type.String()),
    address: Type.Optional(Type.String()),
    placeId: Type.Optional(PlaceId),
  })
  app.get('/api/devices', { schema: { tags: ['registers'], querystring: query, response: { 200: pageOf(Device) } } }, async (request) => {
    const { id, kind, feed, address, placeId } = request.query
    const ids = listOf(id)
    const { scope } = guard.scopeOf(request, 'devices.view', placeId)
    const kinds = listOf(kind)
    const inside = placesIn(world(), scope)
    const fits = (device: Device) =>
      (!ids || ids.includes(device.id)) &&
      (!inside || inside.has(device.placeId)) &&
      (!kinds || kinds.includes(device.kind)) &&
      (feed === undefined || device.feed === feed) &&
      (address === undefined || device.address === address)
    const page = pageById(world().devices(), request.query, fits)
    return { ...page, items: withHealth(page.items) }
  })
  app.get('/api/devices/:id', { schema: { tags: ['registers'], params: Ids, response: { 200: Device } } }, async (request) => {
    const device = world().device(request.params.id) ?? missing('device', request.params.id)
    guard.allow(request, 'devices.view', device.placeId)
    return withHealth([device])[0]!
  })
}

function residents(app: App, { access, world, engine }: Api): void {
  const guard = createGuard({ access, world })
  const query = Type.Object({
    ...PageQuery,
    id: Type.Optional(Type.String({ description: 'several by comma' })),
    placeId: Type.Optional(PlaceId),
    category: Type.Optional(Type.String({ description: 'has one of these; several by comma' })),
    q: Type.Optional(Type.String({ minLength: 1, description: 'part of the name, or the last four digits or more of the phone number' })),
  })
  app.get('/api/residents', { schema: { tags: ['registers'], summary: 'Masked by role', querystring: query } }, async (request) => {
    const { id, placeId, category, q } = request.query
    const ids = listOf(id)
    const { viewer, scope } = guard.scopeOf(request, 'residents.view', placeId)
    if (q !== undefined) guard.allow(request, 'residents.search')
    const categories = listOf(category)
    const inside = placesIn(world(), scope)
    const fits = (resident: Resident) =>
      (!ids || ids.includes(resident.id)) &&
      (!inside || inside.has(resident.placeId)) &&
      (!categories || categoriesFor(resident, viewer).some((each) => categories.includes(each))) &&
      (q === undefined || answersTo(resident, q))
    const page = pageById(world().residents(), request.query, fits)
    return { ...page, items: page.items.map((resident) => maskedResident(world(), resident, viewer, engine.clock().now)) }
  })
  app.get('/api/residents/:id', { schema: { tags: ['registers'], summary: 'Masked by role', params: Ids } }, async (request) => {
    const viewer = guard.allow(request, 'residents.view')
    const resident = world().resident(request.params.id) ?? missing('resident', request.params.id)
    guard.allow(request, 'residents.view', resident.placeId)
    return maskedResident(world(), resident, viewer, engine.clock().now)
  })
}

const answersTo = ({ name, phone }: Resident, q: string) => name.includes(q) || (/^\d{4,}$/.test(q) && (phone ?? '').endsWith(q))

function unmask(app: App, { access, world, engine }: Api): void {
  const guard = createGuard({ access, world })
  const schema = {
    tags: ['registers'],
    summary: 'The full record; who asked and why is in the audit first',
    params: Ids,
    body: Type.Object({ reason: Type.String({ minLength: 2, maxLength: 500 }) }),
  }
  app.post('/api/residents/:id/unmask', { schema }, async (request) => {
    guard.allow(request, 'residents.unmask')
    const resident = world().resident(request.params.id) ?? missing('resident', request.params.id)
    const viewer = guard.allow(request, 'residents.unmask', resident.placeId)
    await engine.command({ name: 'resident.unmask', target: resident.id, body: request.body, actor: toActor(viewer) })
    return fullResident(world(), resident, engine.clock().now)
  })
}

export function missing(what: string, id: string): never {
  throw notFound(`There is no ${what} ${id}`)
}
