import type { FastifyRequest } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import { EndpointFilter, EndpointFormat, EndpointId, type EndpointSettings, EndpointSettings as Settings } from '../../shared/message.ts'
import { badRequest } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import { newToken } from '../access/tokens.ts'
import { endpointSecretPlace, endpointUrlPlace } from '../out/records.ts'
import { outReader, publicEndpoint } from '../store/out-records.ts'
import type { Command } from '../work.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { pageOf } from './paging.ts'
import { Ids, KeyHeader } from './queries.ts'
import { missing } from './registers.ts'

const tags = ['notifications']
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Health = Type.Object({
  fault: Type.Boolean({ description: '故障: five failures in a row, only probed from then on' }),
  failures: Type.Number(),
  failingSince: orNull(Type.Number()),
  lastOkAt: orNull(Type.Number()),
  lastError: orNull(Type.String()),
})
const Shown = Type.Object({
  ...Settings.properties,
  id: Type.String(),
  format: EndpointFormat,
  origin: Type.String({ description: 'the rest of the address is not told: with robots it is the key' }),
  hasSecret: Type.Boolean(),
  state: Type.Enum(['active', 'paused', 'gone']),
  version: Type.Number(),
  createdAt: Type.Number(),
  createdBy: Type.String(),
  health: Health,
})
const Made = Type.Object({ ...Shown.properties, secret: Type.Optional(Type.String({ description: 'shown once' })) })

const Url = Type.String({ maxLength: 1000, description: 'http or https' })
const Secret = Type.String({ minLength: 8, maxLength: 200, pattern: '^[!-~]+$' })
const { name, drills, detail, perMinute } = Settings.properties
const New = Type.Object(
  {
    ...{ id: EndpointId, format: EndpointFormat, url: Url, name: Type.Optional(name) },
    filter: Type.Optional(Type.Object(EndpointFilter.properties, { additionalProperties: false })),
    ...{ drills: Type.Optional(drills), detail: Type.Optional(detail), perMinute },
    secret: Type.Optional(Type.Union([Secret, Type.Null()], { description: 'absent: json and city get one that is shown once' })),
  },
  { additionalProperties: false },
)
const Change = Type.Object(
  {
    ...{ version: Type.Integer(), url: Type.Optional(Url), name: Type.Optional(name) },
    filter: Type.Optional(Type.Object(EndpointFilter.properties, { additionalProperties: false })),
    ...{ drills: Type.Optional(drills), detail: Type.Optional(detail), perMinute: Type.Optional(orNull(perMinute)) },
    secret: Type.Optional(orNull(Secret)),
  },
  { additionalProperties: false },
)
const Seen = Type.Object({ version: Type.Integer({ description: 'the version that you saw; a later one answers 409 with `current`' }) })

/** Webhooks: robots of group chats, receivers of somebody's own, the city's platform. */
export function endpointRoutes(app: App, api: Api): void {
  const { access, world, read, engine, sealing } = api
  const guard = createGuard({ access, world })
  const store = outReader(read)
  const manage = (request: FastifyRequest) => toActor(guard.allow(request, 'notify.manage'))
  const idOf = (request: FastifyRequest) => (request.params as Static<typeof Ids>).id
  const obey = <T>(request: FastifyRequest, command: Command) =>
    engine.command<T>(command, request.headers['idempotency-key'] as string | undefined)
  const sealed = (id: string, url: string | undefined, secret: string | null | undefined) => ({
    ...(url !== undefined && { url: sealing.seal(url, endpointUrlPlace(id)) }),
    ...(secret !== undefined && { secret: secret === null ? null : sealing.seal(secret, endpointSecretPlace(id)) }),
  })

  app.get('/api/endpoints', { schema: { tags, response: { 200: pageOf(Shown) } } }, async (request) => {
    guard.allow(request, 'outbox.view')
    return { items: store.endpoints().map(publicEndpoint), next: null }
  })
  app.get('/api/endpoints/:id', { schema: { tags, params: Ids, response: { 200: Shown } } }, async (request) => {
    guard.allow(request, 'outbox.view')
    return publicEndpoint(store.endpoint(idOf(request)) ?? missing('endpoint', idOf(request)))
  })
  const makeSchema = {
    tags,
    summary: 'A new endpoint; a secret made here is shown once',
    headers: KeyHeader,
    body: New,
    response: { 201: Made },
  }
  app.post('/api/endpoints', { schema: makeSchema }, async (request, reply) => {
    const actor = manage(request)
    const { id, format, url, secret: given, ...rest } = request.body as Static<typeof New>
    const { origin } = checked(url)
    assertPlace(rest.filter?.placeId)
    const own = given === undefined && (format === 'json' || format === 'city')
    const secret = own ? secretFor(request, actor.id, id) : given
    const settings: EndpointSettings = { name: id, filter: {}, drills: false, detail: usualDetail(format), ...rest }
    const body = { id, format, origin, settings, sealed: sealed(id, url, secret) }
    const made = await obey<object>(request, { name: 'endpoint.create', body, actor })
    return reply.code(201).send({ ...made, ...(own && { secret }) } as never)
  })
  const changeSchema = {
    tags,
    summary: 'Another host takes its own secret',
    params: Ids,
    headers: KeyHeader,
    body: Change,
    response: { 200: Shown },
  }
  app.patch('/api/endpoints/:id', { schema: changeSchema }, async (request) => {
    const actor = manage(request)
    const id = idOf(request)
    const { version, url, secret, ...settings } = request.body as Static<typeof Change>
    assertPlace(settings.filter?.placeId)
    const body = { settings, ...(url !== undefined && { origin: checked(url).origin }), sealed: sealed(id, url, secret) }
    return obey(request, { name: 'endpoint.change', target: id, version, body, actor })
  })
  for (const act of ['pause', 'resume'] as const)
    app.post(
      `/api/endpoints/:id/${act}`,
      { schema: { tags, params: Ids, headers: KeyHeader, body: Seen, response: { 200: Shown } } },
      async (request) => {
        const actor = manage(request)
        const { version } = request.body as Static<typeof Seen>
        return obey(request, { name: `endpoint.${act}`, target: idOf(request), version, body: {}, actor })
      },
    )
  const testSchema = { tags, summary: 'One test message', params: Ids, response: { 202: Type.Object({ ids: Type.Array(Type.String()) }) } }
  app.post('/api/endpoints/:id/test', { schema: testSchema }, async (request, reply) => {
    const actor = manage(request)
    return reply.code(202).send(await engine.command({ name: 'endpoint.test', target: idOf(request), body: {}, actor }))
  })
  const dropSchema = {
    tags,
    summary: 'What waits for it is dropped, visibly',
    params: Ids,
    headers: KeyHeader,
    querystring: Seen,
    response: { 204: Type.Null() },
  }
  app.delete('/api/endpoints/:id', { schema: dropSchema }, async (request, reply) => {
    const actor = manage(request)
    const { version } = request.query as Static<typeof Seen>
    await obey(request, { name: 'endpoint.delete', target: idOf(request), version, body: {}, actor })
    return reply.code(204).send(null)
  })

  function assertPlace(placeId: string | undefined): void {
    if (placeId !== undefined && !world().places.get(placeId)) throw badRequest(`There is no place ${placeId}`, { errors: [NO_PLACE] })
  }
  /** Whoever repeats the request gets the same one: the first answer may have been lost on its way. */
  function secretFor(request: FastifyRequest, actor: string, id: string): string {
    const key = request.headers['idempotency-key'] as string | undefined
    const token = key === undefined ? newToken() : sealing.derive(JSON.stringify([actor, key, `endpoint ${id}`]))
    return `whsec_${Buffer.from(token, 'base64url').toString('base64')}`
  }
}

const NO_PLACE = { field: 'filter.placeId', detail: 'is no place', fix: 'give an id of GET /api/places' }
/** A chat of many on somebody else's servers need not know the flat. */
const usualDetail = (format: string): EndpointSettings['detail'] => (format === 'json' || format === 'city' ? 'flat' : 'building')

/** The administrator decides where messages go; only that it is the web, and no password in the address. */
function checked(url: string): URL {
  const flaw = flawOf(url)
  if (flaw) throw badRequest(`url ${flaw}`, { errors: [{ field: 'url', detail: flaw, fix: 'e.g. https://hooks.example.org/linwang' }] })
  return new URL(url)
}
function flawOf(url: string): string | undefined {
  if (!URL.canParse(url)) return 'is no address'
  const { protocol, username, password, hash } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return 'is neither http nor https'
  if (username !== '' || password !== '') return 'carries a password: use the secret'
  return hash === '' ? undefined : 'has a part after #'
}
