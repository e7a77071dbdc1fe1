import { type Static, Type } from 'typebox'
import { CameraRule, DEVICE_KINDS, type Device } from '../../shared/device.ts'
import { DeviceHealth } from '../../shared/device-health.ts'
import { toActor } from '../access/commander.ts'
import type { Command } from '../work.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { decodeCursor, encodeCursor, limitOf, PageQuery, pageOf } from './paging.ts'
import { Ids, KeyHeader } from './queries.ts'
import { replayer } from './replay.ts'

const maybe = Type.Optional
const orNone = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => maybe(Type.Union([schema, Type.Null()]))
const Settings = {
  name: maybe(Type.String({ minLength: 1, maxLength: 100, description: 'the address when absent' })),
  lon: maybe(Type.Number({ description: 'the place when absent' })),
  lat: maybe(Type.Number()),
  height: orNone(Type.Number({ description: 'metres above ground' })),
  silentAfter: orNone(Type.Number({ description: 'seconds of silence that are a fault; absent: learned from its own rhythm' })),
  rules: orNone(Type.Array(CameraRule)),
}
const Kind = Type.Enum([...DEVICE_KINDS])
const Bind = Type.Object({
  feed: Type.String({ minLength: 1 }),
  address: Type.String({ minLength: 1, maxLength: 200, description: 'what the feed calls it: as the quarantine shows it' }),
  kind: Kind,
  placeId: Type.String({ minLength: 1 }),
  id: maybe(Type.String({ description: 'made when absent: camera-7' })),
  ...Settings,
})
const Change = Type.Object({
  feed: maybe(Type.String()),
  address: maybe(Type.String({ minLength: 1, maxLength: 200 })),
  kind: maybe(Kind),
  placeId: maybe(Type.String()),
  ...Settings,
})

/** One device of the register at a time. What waited for it in quarantine is read again once it is known. */
export function deviceRoutes(app: App, api: Api): void {
  const { access, world, engine } = api
  const guard = createGuard({ access, world })
  const replay = replayer(engine)
  const obey = (command: Command, key?: string) => engine.command<Device>(command, key)

  const bindSchema = { tags: ['registers'], summary: 'Bind an unknown sender to a place and a kind', headers: KeyHeader, body: Bind }
  app.post('/api/devices', { schema: bindSchema }, async (request, reply) => {
    guard.allow(request, 'devices.manage')
    const actor = toActor(guard.allow(request, 'devices.manage', placeOf(api, request.body.placeId)))
    const device = await obey({ name: 'device.bind', body: request.body, actor }, request.headers['idempotency-key'])
    const replayed = await replay({ feed: device.feed, address: device.address }, actor)
    return reply.code(201).send({ device, replayed })
  })

  const changeSchema = { tags: ['registers'], summary: 'null takes a setting away', params: Ids, headers: KeyHeader, body: Change }
  app.patch('/api/devices/:id', { schema: changeSchema }, async (request) => {
    const { id } = request.params as Static<typeof Ids>
    guard.allow(request, 'devices.manage', world().device(id)?.placeId)
    const actor = toActor(guard.allow(request, 'devices.manage', placeOf(api, request.body.placeId)))
    const device = await obey({ name: 'device.change', target: id, body: request.body, actor }, request.headers['idempotency-key'])
    const isMoved = request.body.feed !== undefined || request.body.address !== undefined
    return isMoved ? { ...device, replayed: await replay({ feed: device.feed, address: device.address }, actor) } : device
  })

  const unbindSchema = {
    tags: ['registers'],
    summary: 'Undo a bind; what the device said stays on record',
    params: Ids,
    headers: KeyHeader,
  }
  app.delete('/api/devices/:id', { schema: unbindSchema }, async (request, reply) => {
    const { id } = request.params as Static<typeof Ids>
    const actor = toActor(guard.allow(request, 'devices.manage', world().device(id)?.placeId))
    await obey({ name: 'device.unbind', target: id, body: {}, actor }, request.headers['idempotency-key'])
    return reply.code(204).send()
  })
}

/** How each device of a feed is heard. */
export function feedDeviceRoutes(app: App, { access, world, engine }: Api): void {
  const guard = createGuard({ access, world })
  const schema = {
    tags: ['intake'],
    summary: 'How each device of the feed is heard, by id',
    params: Ids,
    querystring: Type.Object(PageQuery),
    response: { 200: pageOf(DeviceHealth) },
  }
  app.get('/api/feeds/:id/devices', { schema }, async (request) => {
    const actor = toActor(guard.allow(request, 'quarantine.view'))
    const { cursor, ...query } = request.query
    const body = { limit: limitOf(query), ...(cursor !== undefined && { after: decodeCursor(cursor) }) }
    const { id } = request.params as Static<typeof Ids>
    const { items, next } = await engine.command<{ items: DeviceHealth[]; next: string | null }>({
      name: 'feed.devices',
      target: id,
      body,
      actor,
    })
    return { items, next: next === null ? null : encodeCursor(next) }
  })
}

/** A place that is not there is for the command to refuse, with the fix. */
const placeOf = ({ world }: Api, placeId: string | undefined) =>
  placeId !== undefined && world().places.get(placeId) ? placeId : undefined
