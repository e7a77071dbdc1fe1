import { type Static, Type } from 'typebox'
import { type Channel, Message, type MessageState } from '../../shared/message.ts'
import { toActor } from '../access/commander.ts'
import { outboxReader, type StoredMessage } from '../store/outbox.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { decodeNumber, encodeCursor, limitOf, PageQuery, pageOf } from './paging.ts'
import { Ids, listOf } from './queries.ts'
import { missing } from './registers.ts'

const tags = ['notifications']
const Query = Type.Object({
  ...PageQuery,
  state: Type.Optional(Type.String({ description: 'waiting, sending, sent, failed, dropped; several by comma' })),
  channel: Type.Optional(Type.String({ description: 'page, webpush, email, webhook; several by comma' })),
  recipient: Type.Optional(Type.String({ description: 'staff or user id, or the id of an endpoint' })),
  incident: Type.Optional(Type.String()),
})
const Counts = Type.Partial(
  Type.Object({ waiting: Type.Number(), sending: Type.Number(), sent: Type.Number(), failed: Type.Number(), dropped: Type.Number() }),
)
const Names = Type.Record(Type.String(), Type.String(), { description: 'of the staff among the recipients' })
const ListAnswer = Type.Object({ ...pageOf(Message).properties, counts: Counts, names: Names })

/** What became of every message, and the button to try it again. */
export function outboxRoutes(app: App, { access, world, read, engine }: Api): void {
  const guard = createGuard({ access, world })
  const outbox = outboxReader(read)
  app.get('/api/outbox', { schema: { tags, querystring: Query, response: { 200: ListAnswer } } }, async (request) => {
    guard.allow(request, 'outbox.view')
    const { state, channel, recipient, incident, cursor } = request.query as Static<typeof Query>
    const { items, next } = outbox.list({
      ...{ recipient, incident, before: decodeNumber(cursor), limit: limitOf(request.query) },
      state: listOf(state) as Static<typeof MessageState>[] | undefined,
      channel: listOf(channel) as Static<typeof Channel>[] | undefined,
    })
    const names = Object.fromEntries(items.flatMap(({ recipient: id }) => (world().staff(id) ? [[id, world().staff(id)!.name]] : [])))
    return { items: items.map(shown), next: next === null ? null : encodeCursor(String(next)), counts: outbox.counts(), names }
  })
  app.get('/api/outbox/:id', { schema: { tags, params: Ids, response: { 200: Message } } }, async (request) => {
    guard.allow(request, 'outbox.view')
    const { id } = request.params as Static<typeof Ids>
    return shown(outbox.get(id) ?? missing('message', id))
  })
  const retrySchema = { tags, summary: 'Sends it again, with the same id', params: Ids, response: { 200: Message } }
  app.post('/api/outbox/:id/retry', { schema: retrySchema }, async (request) => {
    const actor = toActor(guard.allow(request, 'outbox.retry'))
    return engine.command({ name: 'outbox.retry', target: (request.params as Static<typeof Ids>).id, body: {}, actor })
  })
}

function shown({ n: _n, lane: _lane, target: _target, afterChannels: _after, ...message }: StoredMessage): Message {
  return message
}
