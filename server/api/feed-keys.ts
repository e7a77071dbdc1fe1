import { Type } from 'typebox'
import { FeedId } from '../../shared/feed.ts'
import { toActor } from '../access/commander.ts'
import { hashToken, newPublicId, newToken } from '../access/tokens.ts'
import { accessReader } from '../store/access.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { missing } from './registers.ts'

/** More keys of a feed, beside the secret that it was made with: for a second sender, or to try one out. Each is shown once. */
export function feedKeyRoutes(app: App, { access, world, engine, read, wall }: Api): void {
  const guard = createGuard({ access, world })
  const store = accessReader(read)
  const Feed = Type.Object({ id: FeedId })
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
