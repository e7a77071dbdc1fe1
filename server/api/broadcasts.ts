import { createHash, randomUUID } from 'node:crypto'
import { type Static, Type } from 'typebox'
import type { Viewer } from '../../shared/access.ts'
import { type Broadcast, BroadcastDraft, SpeakerLink } from '../../shared/broadcast.ts'
import { badRequest, forbidden } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import type { Action } from '../access/policy.ts'
import { isClipKey, keepClip, readClip } from '../speakers/clips.ts'
import { LINK_SECRET } from '../speakers/room.ts'
import { readBroadcast, readBroadcasts } from '../store/broadcasts.ts'
import { numberOf } from '../store/id-number.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { decodeNumber, encodeCursor, limitOf, PageQuery } from './paging.ts'
import { Ids, KeyHeader } from './queries.ts'
import { missing } from './registers.ts'

const version = Type.Integer({ description: 'the version that you saw; a later one answers 409 with `current`' })
/** two minutes of a voice */
const LARGEST_CLIP = 3 * 1024 * 1024
const tags = ['speakers']

/** Cloud loudspeakers: prepare, confirm, stop; who had what said, when and where. */
export async function broadcastRoutes(root: App, api: Api): Promise<void> {
  const { access, world, engine, read, speakers, sealing, dataDir } = api
  const guard = createGuard({ access, world })
  type Asked = Parameters<typeof guard.allow>[0] & { headers: Static<typeof KeyHeader> }
  const obey = (request: Asked, viewer: Viewer, act: string, body: object, target?: string, seen?: number) =>
    engine.command<Broadcast>(
      { name: `broadcast.${act}`, target, version: seen, body: body as Record<string, unknown>, actor: toActor(viewer) },
      request.headers['idempotency-key'],
    )
  /** every speaker of it hangs in the viewer's area */
  const mayReach = (request: Asked, action: Action, broadcast: Pick<Broadcast, 'speakers'>): Viewer => {
    for (const { deviceId } of broadcast.speakers) guard.allow(request, action, world().device(deviceId)?.placeId ?? '')
    return guard.allow(request, action)
  }

  root.get('/api/speakers', { schema: { tags, summary: 'The loudspeakers, where they hang, and the link to them' } }, async (request) => {
    const { viewer } = guard.scopeOf(request, 'speakers.view', undefined)
    const { places } = world()
    const mine = world()
      .devices()
      .filter((one) => one.kind === 'speaker' && places.within(one.placeId, viewer.scope))
    const items = mine.map(({ id, name, placeId, lon, lat, address }) => ({
      id,
      name,
      placeId,
      place: places.label(placeId),
      lon,
      lat,
      address,
    }))
    return { items, next: null, link: speakers.link().link.kind }
  })

  /** colleagues by their id: who had it said, who confirmed or stopped it */
  const namesIn = (items: readonly Broadcast[]): Record<string, string> => {
    const ids = new Set(items.flatMap(({ by, steps }) => [by, ...steps.map((step) => step.by)]))
    return Object.fromEntries([...ids].flatMap((id) => (world().staff(id) ? [[id, world().staff(id)!.name]] : [])))
  }

  const list = { tags, summary: 'Newest first: who had what said, and what became of it', querystring: Type.Object(PageQuery) }
  root.get('/api/broadcasts', { schema: list }, async (request) => {
    guard.allow(request, 'speakers.view')
    const limit = limitOf(request.query)
    const found = readBroadcasts(read, decodeNumber(request.query.cursor), limit + 1)
    const items = found.slice(0, limit)
    const last = items.at(-1)
    const next = found.length > limit && last ? encodeCursor(String(numberOf(last.id))) : null
    return { items, next, names: namesIn(items) }
  })
  root.get('/api/broadcasts/:id', { schema: { tags, params: Ids } }, async (request) => {
    guard.allow(request, 'speakers.view')
    const { id } = request.params as Static<typeof Ids>
    return readBroadcast(read, id) ?? missing('broadcast', id)
  })

  const add = { tags, summary: 'A draft: nothing is heard before it is sent', headers: KeyHeader, body: BroadcastDraft }
  root.post('/api/broadcasts', { schema: add }, async (request, reply) => {
    guard.allow(request, 'speakers.speak')
    const { placeId, speakers: ids, clip } = request.body
    if (placeId !== undefined) guard.allow(request, 'speakers.speak', placeId)
    if (clip && !(await readClip(dataDir, clip.hash)))
      throw badRequest('The recording is not here', {
        errors: [{ field: 'clip.hash', detail: 'is not known', fix: 'POST it to /api/clips first' }],
      })
    const viewer = mayReach(request, 'speakers.speak', { speakers: (ids ?? []).map((deviceId) => ({ deviceId, state: 'waiting', at: 0 })) })
    return reply.code(201).send(await obey(request, viewer, 'add', request.body))
  })

  const Send = Type.Object({ version, text: BroadcastDraft.properties.text })
  for (const act of ['send', 'stop', 'discard'] as const)
    root.post(`/api/broadcasts/:id/${act}`, { schema: { tags, params: Ids, headers: KeyHeader, body: Send } }, async (request) => {
      guard.allow(request, 'speakers.speak')
      const { id } = request.params as Static<typeof Ids>
      const viewer = mayReach(request, 'speakers.speak', readBroadcast(read, id) ?? missing('broadcast', id))
      const { version: seen, ...body } = request.body
      const after = await obey(request, viewer, act, body, id, seen)
      if (act === 'send') speakers.look()
      const unreached = act === 'stop' ? await speakers.stop(after) : []
      return { ...after, ...(unreached.length > 0 && { unreached }) }
    })

  await clipRoutes(root, api, guard)

  const Link = Type.Object({ link: SpeakerLink, secret: Type.Optional(Type.String({ minLength: 16, maxLength: 200 })) })
  root.get('/api/speakers/link', { schema: { tags } }, async (request) => {
    guard.allow(request, 'speakers.manage')
    const { link, sealed } = speakers.link()
    return { link, hasSecret: sealed !== undefined }
  })
  root.put('/api/speakers/link', { schema: { tags, summary: 'How our words reach the speakers', body: Link } }, async (request) => {
    const viewer = guard.allow(request, 'speakers.manage')
    const { link, secret } = request.body
    const sealed = secret === undefined ? undefined : sealing.seal(secret, LINK_SECRET)
    await engine.command({ name: 'speakers.link', body: { link, sealed }, actor: toActor(viewer) })
    await speakers.relink()
    return { link, hasSecret: sealed !== undefined }
  })
}

async function clipRoutes(root: App, { dataDir, sealing }: Api, guard: ReturnType<typeof createGuard>) {
  await root.register(async (scoped) => {
    const app = scoped as unknown as App
    const parse = { parseAs: 'buffer', bodyLimit: LARGEST_CLIP } as const
    app.addContentTypeParser(/^audio\/[a-z0-9.+-]+/, parse, (_request, body, done) => done(null, body))
    const Query = Type.Object({ seconds: Type.Number({ minimum: 0.2, maximum: 120, description: 'how long it is, as the recorder says' }) })
    const add = { tags, summary: 'A recording of at most 3 MB and two minutes', querystring: Query }
    app.post('/api/clips', { schema: add, bodyLimit: LARGEST_CLIP }, async (request, reply) => {
      guard.allow(request, 'speakers.speak')
      const bytes = request.body as Buffer
      if (!Buffer.isBuffer(bytes) || bytes.length === 0)
        throw badRequest('There is no recording', {
          errors: [{ field: 'body', detail: 'is empty', fix: 'send audio/webm, audio/ogg, audio/mp4 or audio/mpeg' }],
        })
      const hash = createHash('sha256').update(bytes).digest('hex')
      await keepClip(dataDir, hash, bytes, randomUUID())
      const type = String(request.headers['content-type']).split(';')[0]!.trim()
      return reply.code(201).send({ hash, type, bytes: bytes.length, seconds: request.query.seconds })
    })
  })
  const Params = Type.Object({ hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) })
  const Key = Type.Object({ key: Type.Optional(Type.String({ maxLength: 100 })) })
  root.get('/api/clips/:hash', { schema: { tags, params: Params, querystring: Key } }, async (request, reply) => {
    const { hash } = request.params
    const { key } = request.query
    if (key === undefined) guard.allow(request, 'speakers.view')
    else if (!isClipKey(hash, key, sealing)) throw forbidden('The key does not fit this recording')
    const bytes = (await readClip(dataDir, hash)) ?? missing('recording', hash)
    return reply.type('application/octet-stream').header('content-disposition', 'attachment').send(bytes)
  })
}
