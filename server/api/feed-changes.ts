import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Feed } from '../../shared/feed.ts'
import { toActor } from '../access/commander.ts'
import { hashToken, newToken } from '../access/tokens.ts'
import { newFeed, readFeed } from '../store/feeds.ts'
import type { Command } from '../work.ts'
import type { Api, App } from './context.ts'
import { assertPossible, FeedChange, NewFeed, sealSecrets } from './feed-body.ts'
import { assertSecret, hasSecret, pathOf } from './feed-kinds.ts'
import { createGuard } from './guards.ts'
import { Ids, KeyHeader } from './queries.ts'
import { missing } from './registers.ts'

const Seen = Type.Object({ version: Type.Integer({ description: 'the version that you saw; a later one answers 409 with `current`' }) })
const Rotate = Type.Object({
  version: Type.Integer(),
  graceHours: Type.Optional(
    Type.Number({ minimum: 0, maximum: 720, description: 'hours that the old secret still works; 24 unless said' }),
  ),
})
const Version = Type.Object({ version: Type.Integer() })
/** The device on the roof is set to the new secret tomorrow. */
const GRACE_HOURS = 24

/** What is said of a feed when it changes: the record, and where its sender posts. */
const told = (feed: Feed) => {
  const path = pathOf(feed.kind, feed.id)
  return { ...feed, ...(path !== undefined && { path }) }
}

export function feedChangeRoutes(app: App, api: Api): void {
  const { access, world, engine, read, sealing, wall } = api
  const guard = createGuard({ access, world })
  const keyOf = (request: FastifyRequest) => request.headers['idempotency-key'] as string | undefined
  const manage = (request: FastifyRequest) => toActor(guard.allow(request, 'feeds.manage'))
  const obey = async (request: FastifyRequest, command: Command) => {
    const feed = await engine.command<Feed>(command, keyOf(request))
    access.refresh()
    return feed
  }
  const kindOf = (id: string) => {
    const row = readFeed(read, id)
    if (row) return row.kind
    const isOfDevices = world()
      .devices()
      .some(({ feed }) => feed === id)
    return isOfDevices ? newFeed(id, 0).kind : missing('feed', id)
  }
  /** Shown once; whoever repeats the same request gets the same one, as the first answer may have been lost on its way. */
  const newSecret = (request: FastifyRequest, actor: Command['actor'], what: string) => {
    const key = keyOf(request)
    const secret = key === undefined ? newToken() : sealing.derive(JSON.stringify([actor.id, key, what]))
    const hash = hashToken(secret)
    return { secret, given: { at: wall(), keyId: `key-${hash.slice(0, 12)}`, hash } }
  }

  const tags = ['feeds']
  const createSchema = { tags, summary: 'A new feed; its key is shown once', headers: KeyHeader, body: NewFeed }
  app.post('/api/feeds', { schema: createSchema }, async (request, reply) => {
    const actor = manage(request)
    const { id, kind, name = id, ...asked } = request.body
    assertPossible(kind, asked, true)
    const { settings, sealed } = sealSecrets(id, asked, sealing)
    const made = hasSecret(kind) ? newSecret(request, actor, `create ${id}`) : undefined
    const body = { feed: { id, kind, name, ...settings }, sealed }
    const feed = await obey(request, { name: 'feed.create', body, given: made?.given ?? { at: wall() }, actor })
    return reply.code(201).send({ ...told(feed), ...(made && { key: made.secret }) })
  })

  const changeSchema = { tags, summary: 'null takes a setting back', params: Ids, headers: KeyHeader, body: FeedChange }
  app.patch('/api/feeds/:id', { schema: changeSchema }, async (request) => {
    const actor = manage(request)
    const { id } = request.params as Static<typeof Ids>
    const { version, ...asked } = request.body
    assertPossible(kindOf(id), asked, false)
    const body = sealSecrets(id, asked, sealing)
    return told(await obey(request, { name: 'feed.change', target: id, version, body, actor }))
  })

  for (const act of ['pause', 'resume'] as const)
    app.post(`/api/feeds/:id/${act}`, { schema: { tags, params: Ids, headers: KeyHeader, body: Seen } }, async (request) => {
      const actor = manage(request)
      const { id } = request.params as Static<typeof Ids>
      const { version } = request.body as Static<typeof Seen>
      return told(await obey(request, { name: `feed.${act}`, target: id, version, body: {}, actor }))
    })

  const rotateSchema = {
    tags,
    summary: 'A new secret, shown once; the old one works on for a while',
    params: Ids,
    headers: KeyHeader,
    body: Rotate,
  }
  app.post('/api/feeds/:id/rotate', { schema: rotateSchema }, async (request) => {
    const actor = manage(request)
    const { id } = request.params as Static<typeof Ids>
    const { version, graceHours = GRACE_HOURS } = request.body
    assertSecret(id, kindOf(id))
    const { secret, given } = newSecret(request, actor, `rotate ${id} ${version}`)
    const feed = await obey(request, { name: 'feed.rotate', target: id, version, body: { graceHours }, given, actor })
    return { ...told(feed), key: secret, graceHours }
  })

  const dropSchema = { tags, summary: 'Only while no device hangs on it', params: Ids, headers: KeyHeader, querystring: Version }
  app.delete('/api/feeds/:id', { schema: dropSchema }, async (request, reply) => {
    const actor = manage(request)
    const { id } = request.params as Static<typeof Ids>
    await obey(request, { name: 'feed.delete', target: id, version: request.query.version, body: {}, actor })
    return reply.code(204).send()
  })
}
