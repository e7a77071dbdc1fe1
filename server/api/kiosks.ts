import { Type } from 'typebox'
import { notFound } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import { hashToken, newPublicId, newToken } from '../access/tokens.ts'
import { accessReader } from '../store/access.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { Ids } from './queries.ts'

/** Links of walls. The secret is in the answer once and nowhere else. */
export function kioskRoutes(app: App, { access, world, engine, read, wall }: Api): void {
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
