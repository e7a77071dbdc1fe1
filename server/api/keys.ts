import { Type } from 'typebox'
import { notFound } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import { hashToken, newPublicId, newToken } from '../access/tokens.ts'
import { accessReader } from '../store/access.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { Ids } from './queries.ts'
import { missing } from './registers.ts'

/** Links of walls and keys of feeds. The secret is in the answer once and nowhere else. */
export function keyRoutes(app: App, api: Api): void {
  kiosks(app, api)
  feedKeys(app, api)
}

function kiosks(app: App, { access, world, engine, read, wall }: Api): void {
  const guard = createGuard({ access, world })
  const store = accessReader(read)
  const body = Type.Object({ name: Type.String({ minLength: 1, maxLength: 64 }), scope: Type.Optional(Type.String()) })
  app.get('/api/kiosks', { schema: { tags: ['keys'] } }, async (request) => {
    guard.allow(request, 'kiosks.manage')
    return { items: store.kiosks(), next: null }
  })
  app.post(
    '/api/kiosks',
    { schema: { tags: ['keys'], summary: 'A link for a wall; its token is shown once', body } },
    async (request, reply) => {
      const viewer = guard.allow(request, 'kiosks.manage')
      const { name, scope } = request.body
      if (scope !== undefined && !world().places.get(scope)) throw notFound(`There is no place ${scope}`)
      const token = newToken()
      const kiosk = { id: newPublicId('kiosk'), name, scope: scope ?? null, hash: hashToken(token), createdAt: wall() }
      const made = await engine.command<object>({ name: 'kiosk.create', body: kiosk, actor: toActor(viewer) })
      return reply.code(201).send({ ...made, token, link: `/wall?token=${token}` })
    },
  )
  app.delete('/api/kiosks/:id', { schema: { tags: ['keys'], params: Ids } }, async (request, reply) => {
    const viewer = guard.allow(request, 'kiosks.manage')
    await engine.command({ name: 'kiosk.drop', target: request.params.id, body: {}, actor: toActor(viewer) })
    access.refresh()
    return reply.code(204).send()
  })
}

function feedKeys(app: App, { access, world, engine, read, wall }: Api): void {
  const guard = createGuard({ access, world })
  const store = accessReader(read)
  const Feed = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' }) })
  const Key = Type.Object({ id: Type.String(), key: Type.String() })
  app.get('/api/feeds/:id/keys', { schema: { tags: ['keys'], params: Feed } }, async (request) => {
    guard.allow(request, 'feeds.manage')
    const items = store.feedKeys().filter(({ feed }) => feed === request.params.id)
    return { items: items.map(({ hash: _, ...key }) => key), next: null }
  })
  app.post(
    '/api/feeds/:id/keys',
    { schema: { tags: ['keys'], summary: 'A key that posts as this feed alone; shown once', params: Feed } },
    async (request, reply) => {
      const viewer = guard.allow(request, 'feeds.manage')
      const secret = newToken()
      const body = { id: newPublicId('key'), feed: request.params.id, hash: hashToken(secret), createdAt: wall() }
      const made = await engine.command<object>({ name: 'feed-key.create', body, actor: toActor(viewer) })
      access.refresh()
      return reply.code(201).send({ ...made, key: secret })
    },
  )
  app.delete('/api/feeds/:id/keys/:key', { schema: { tags: ['keys'], params: Key } }, async (request, reply) => {
    const viewer = guard.allow(request, 'feeds.manage')
    const { id, key } = request.params
    if (store.feedKey(key)?.feed !== id) missing('key of this feed:', key)
    await engine.command({ name: 'feed-key.drop', target: key, body: {}, actor: toActor(viewer) })
    access.refresh()
    return reply.code(204).send()
  })
}
