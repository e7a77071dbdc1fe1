import { type Static, Type } from 'typebox'
import type { Viewer } from '../../shared/access.ts'
import { toActor } from '../access/commander.ts'
import { readCrowdedOut, readQuarantine, readQuarantined, readSenders } from '../store/quarantine-lists.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { limitOf, PageQuery } from './paging.ts'
import { Ids } from './queries.ts'
import { missing } from './registers.ts'
import { replayer } from './replay.ts'

const Query = Type.Object({
  ...PageQuery,
  feed: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  state: Type.Optional(Type.String({ description: 'held, accepted or discarded' })),
})
const Sender = Type.Object({ feed: Type.String({ minLength: 1 }), address: Type.String({ minLength: 1 }) })
const SENDERS = 1000

/** What was not understood, or came from nobody that a register knows. */
export function quarantineRoutes(app: App, { access, world, read, engine }: Api): void {
  const guard = createGuard({ access, world })
  const replay = replayer(engine)
  const obey = (act: string, id: string, viewer: Viewer) =>
    engine.command<object>({ name: `quarantine.${act}`, target: id, body: {}, actor: toActor(viewer) })

  app.get('/api/quarantine', { schema: { tags: ['intake'], summary: 'Newest first', querystring: Query } }, async (request) => {
    guard.allow(request, 'quarantine.view')
    const { cursor, limit: _, ...filters } = request.query
    return readQuarantine(read, { ...filters, after: cursor, limit: limitOf(request.query) })
  })
  const senders = 'Who sends what is not understood; `crowdedOut` counts the messages that had to make room since the beginning'
  app.get('/api/quarantine/senders', { schema: { tags: ['intake'], summary: senders } }, async (request) => {
    guard.allow(request, 'quarantine.view')
    return { items: readSenders(read, SENDERS), next: null, crowdedOut: readCrowdedOut(read) }
  })
  /** Whoever opens a message has seen it: nothing expires before that. */
  app.get('/api/quarantine/:id', { schema: { tags: ['intake'], summary: 'With its bytes', params: Ids } }, async (request) => {
    const viewer = guard.allow(request, 'quarantine.view')
    const { id } = request.params as Static<typeof Ids>
    const message = readQuarantined(read, id) ?? missing('quarantined message', id)
    if (!message.seen) await obey('see', message.id, viewer)
    return { ...message, seen: true }
  })
  app.post(
    '/api/quarantine/replay',
    { schema: { tags: ['intake'], summary: 'All that waits from one sender, oldest first', body: Sender } },
    async (request) => replay(request.body, toActor(guard.allow(request, 'quarantine.retry'))),
  )
  for (const act of ['retry', 'discard'] as const)
    app.post(`/api/quarantine/:id/${act}`, { schema: { tags: ['intake'], params: Ids } }, async (request) => {
      const viewer = guard.allow(request, 'quarantine.retry')
      return obey(act, (request.params as Static<typeof Ids>).id, viewer)
    })
}
