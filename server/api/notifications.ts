import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { DEFAULT_RECIPIENT, Notice, PushSubscription, RecipientSettings } from '../../shared/message.ts'
import { unprocessable } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import { hashToken } from '../access/tokens.ts'
import { isAllowedPush } from '../out/allowed-host.ts'
import { noticeOf } from '../out/notice.ts'
import { subscriptionPlace } from '../out/records.ts'
import { outReader } from '../store/out-records.ts'
import { numberOf, outboxReader } from '../store/outbox.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { decodeNumber, encodeCursor, limitOf, PageQuery, pageOf } from './paging.ts'
import { Ids, KeyHeader } from './queries.ts'

const tags = ['notifications']
const Query = Type.Object({ ...PageQuery, unread: Type.Optional(Type.Boolean()) })
const Read = Type.Object({
  ids: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1000 })),
  upTo: Type.Optional(Type.String({ maxLength: 64, description: 'this one and all before it' })),
})
const Settings = Type.Partial(RecipientSettings, { additionalProperties: false })
const Own = Type.Object({ ...RecipientSettings.properties, id: Type.String(), version: Type.Number() })

/** The list of whoever is signed in, how they want to be told, and their browsers. */
export function noticeRoutes(app: App, api: Api): void {
  lists(app, api)
  settings(app, api)
  subscriptions(app, api)
}

/** Staff record where there is one: the same person on desk and phone. */
export const personOf = (viewer: { id: string; staffId?: string | undefined }) => viewer.staffId ?? viewer.id

const ListAnswer = Type.Object({ ...pageOf(Notice).properties, unread: Type.Number() })

function lists(app: App, { access, world, read, engine }: Api): void {
  const guard = createGuard({ access, world })
  const outbox = outboxReader(read)
  const listSchema = { tags, summary: 'What I was told, newest first', querystring: Query, response: { 200: ListAnswer } }
  app.get('/api/notifications', { schema: listSchema }, async (request) => {
    const person = personOf(guard.allow(request, 'notices.own'))
    const { unread, cursor } = request.query as Static<typeof Query>
    const query = { recipient: person, channel: ['page'] as const, before: decodeNumber(cursor), limit: limitOf(request.query) }
    const { items, next } = outbox.list({ ...query, unread })
    const notices = items.map((message) => noticeOf(message, world()))
    return { items: notices, next: next === null ? null : encodeCursor(String(next)), unread: outbox.unread(person) }
  })
  const readSchema = {
    tags,
    summary: 'I have read these',
    body: Read,
    response: { 200: Type.Object({ read: Type.Number(), unread: Type.Number() }) },
  }
  app.post('/api/notifications/read', { schema: readSchema }, async (request) => {
    const viewer = guard.allow(request, 'notices.own')
    const { ids, upTo } = request.body as Static<typeof Read>
    if (upTo !== undefined && numberOf(upTo) === 0) throw notOurs('upTo')
    const person = personOf(viewer)
    const { read: marked } = await engine.command<{ read: number }>({
      ...{ name: 'notice.read', target: person, actor: toActor(viewer) },
      body: { ...(ids && { ids }), ...(upTo !== undefined && { upTo }) },
    })
    return { read: marked, unread: outbox.unread(person) }
  })
}

const notOurs = (field: string) =>
  unprocessable(`${field} is no id of a message`, {
    errors: [{ field, detail: 'is no id of a message', fix: 'give the `id` of a message of GET /api/notifications' }],
  })

function settings(app: App, { access, world, read, engine }: Api): void {
  const guard = createGuard({ access, world })
  const store = outReader(read)
  const own = (person: string) => store.recipient(person) ?? { ...DEFAULT_RECIPIENT, id: person, version: 0 }
  const schema = { tags, response: { 200: Own } }
  app.get('/api/notifications/settings', { schema: { ...schema, summary: 'How I want to be told' } }, async (request) =>
    own(personOf(guard.allow(request, 'notices.own'))),
  )
  const putSchema = { ...schema, summary: 'What is left out stays', headers: KeyHeader, body: Settings }
  app.patch('/api/notifications/settings', { schema: putSchema }, async (request) => {
    const viewer = guard.allow(request, 'notices.own')
    const person = personOf(viewer)
    return engine.command({ name: 'recipient.change', target: person, body: { ...request.body }, actor: toActor(viewer) }, keyOf(request))
  })
  const testSchema = {
    tags,
    summary: 'One message to me by every way that is set up',
    response: { 202: Type.Object({ ids: Type.Array(Type.String()) }) },
  }
  app.post('/api/notifications/test', { schema: testSchema }, async (request, reply) => {
    const viewer = guard.allow(request, 'notices.own')
    return reply.code(202).send(await engine.command({ name: 'notify.test', target: personOf(viewer), body: {}, actor: toActor(viewer) }))
  })
}

const keyOf = (request: FastifyRequest) => request.headers['idempotency-key'] as string | undefined

const Subscribed = Type.Object({ id: Type.String(), host: Type.String(), createdAt: Type.Number() })

function subscriptions(app: App, { access, world, read, engine, sealing }: Api): void {
  const guard = createGuard({ access, world })
  const store = outReader(read)
  const keySchema = {
    tags,
    summary: 'The public key for PushManager.subscribe; `enabled` is false until the administrator allows a push service',
    response: { 200: Type.Object({ publicKey: Type.Union([Type.String(), Type.Null()]), enabled: Type.Boolean() }) },
  }
  app.get('/api/notifications/key', { schema: keySchema }, async (request) => {
    guard.allow(request, 'notices.own')
    return { publicKey: store.vapid()?.publicKey ?? null, enabled: store.push().hosts.length > 0 }
  })
  const listSchema = { tags, summary: 'My browsers', response: { 200: pageOf(Subscribed) } }
  app.get('/api/notifications/subscriptions', { schema: listSchema }, async (request) => {
    const person = personOf(guard.allow(request, 'notices.own'))
    const own = store.subscriptions().filter((row) => row.person === person)
    return { items: own.map(({ id, host, createdAt }) => ({ id, host, createdAt })), next: null }
  })
  const addSchema = { tags, summary: 'PushSubscription.toJSON() of this browser', body: PushSubscription, response: { 201: Subscribed } }
  app.post('/api/notifications/subscriptions', { schema: addSchema }, async (request, reply) => {
    const viewer = guard.allow(request, 'notices.own')
    const { endpoint, keys } = request.body as Static<typeof PushSubscription>
    if (!isAllowedPush(endpoint, store.push().hosts)) throw notAllowed(endpoint)
    const id = `sub-${hashToken(endpoint).slice(0, 16)}`
    const sealed = sealing.seal(JSON.stringify({ endpoint, keys }), subscriptionPlace(id))
    const body = { id, person: personOf(viewer), host: new URL(endpoint).host, sealed }
    return reply.code(201).send(await engine.command({ name: 'push.subscribe', body, actor: toActor(viewer) }))
  })
  const dropSchema = { tags, params: Ids, response: { 204: Type.Null() } }
  app.delete('/api/notifications/subscriptions/:id', { schema: dropSchema }, async (request, reply) => {
    const viewer = guard.allow(request, 'notices.own')
    const { id } = request.params as Static<typeof Ids>
    await engine.command({ name: 'push.unsubscribe', target: id, body: { person: personOf(viewer) }, actor: toActor(viewer) })
    return reply.code(204).send(null)
  })
}

const notAllowed = (endpoint: string) =>
  unprocessable(`${URL.canParse(endpoint) ? new URL(endpoint).host : 'This address'} is no push service that may be called from here`, {
    errors: [{ field: 'endpoint', detail: 'is not allowed', fix: 'ask the administrator to add its host under notify/push' }],
  })
