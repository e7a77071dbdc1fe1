import { type Static, Type } from 'typebox'
import type { Viewer } from '../../shared/access.ts'
import { maskName } from '../../shared/mask.ts'
import { forMe, isShown, PUBLICATION_STATES, type Publication, PublicationDraft } from '../../shared/publication.ts'
import { toActor } from '../access/commander.ts'
import { readPublication, readPublications } from '../store/publications.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { Ids, KeyHeader } from './queries.ts'
import { missing } from './registers.ts'

const version = Type.Integer({ description: 'the version that you saw; a later one answers 409 with `current`' })
/** A page of a community's life: what is older is for the archive. */
const MOST = 200
const tags = ['publications']

/** Notices, policies, services, activities and volunteer calls: staff write them, residents read them and sign up. */
export function publicationRoutes(app: App, { access, world, engine, read }: Api): void {
  const guard = createGuard({ access, world })
  const obey = (
    request: { headers: Static<typeof KeyHeader> },
    viewer: Viewer,
    act: string,
    target?: string,
    body: object = {},
    seen?: number,
  ) =>
    engine.command<Publication>(
      { name: `publication.${act}`, target, version: seen, body: body as Record<string, unknown>, actor: toActor(viewer) },
      request.headers['idempotency-key'],
    )
  const reaches = (placeId: string, viewer: Viewer) => world().places.within(viewer.scope, placeId)
  const withNames = (one: Publication) => ({
    ...one,
    signUps: one.signUps.map((each) => ({ ...each, name: maskName(world().resident(each.residentId)?.name ?? '') })),
  })

  const Query = Type.Object({ state: Type.Optional(Type.Enum([...PUBLICATION_STATES])) })
  app.get(
    '/api/publications',
    { schema: { tags, summary: 'Newest first, with who signed up, masked', querystring: Query } },
    async (request) => {
      const viewer = guard.allow(request, 'publications.manage')
      const mine = readPublications(read, request.query.state, MOST).filter(({ placeId }) =>
        access.may(viewer, 'publications.manage', placeId),
      )
      return { items: mine.map(withNames), next: null }
    },
  )

  const add = { tags, summary: 'A draft', headers: KeyHeader, body: PublicationDraft }
  app.post('/api/publications', { schema: add }, async (request, reply) => {
    guard.allow(request, 'publications.manage')
    const viewer = guard.allow(request, 'publications.manage', request.body.placeId)
    return reply.code(201).send(await obey(request, viewer, 'add', undefined, request.body))
  })

  const own = (request: Parameters<typeof guard.allow>[0]) => {
    guard.allow(request, 'publications.manage')
    const { id } = request.params as Static<typeof Ids>
    const { placeId } = readPublication(read, id) ?? missing('publication', id)
    return { id, viewer: guard.allow(request, 'publications.manage', placeId) }
  }
  const Change = Type.Object({ version, ...Type.Partial(PublicationDraft).properties })
  const change = { tags, summary: 'What is sent changes, the rest stays', params: Ids, headers: KeyHeader, body: Change }
  app.patch('/api/publications/:id', { schema: change }, async (request) => {
    const { id, viewer } = own(request)
    const { version: seen, ...body } = request.body
    if (body.placeId !== undefined) guard.allow(request, 'publications.manage', body.placeId)
    return withNames(await obey(request, viewer, 'change', id, body, seen))
  })
  for (const act of ['publish', 'withdraw'] as const)
    app.post(
      `/api/publications/:id/${act}`,
      { schema: { tags, params: Ids, headers: KeyHeader, body: Type.Object({ version }) } },
      async (request) => {
        const { id, viewer } = own(request)
        return withNames(await obey(request, viewer, act, id, {}, request.body.version))
      },
    )

  app.get(
    '/api/my/publications',
    { schema: { tags, summary: 'What concerns a resident now, and whether they signed up' } },
    async (request) => {
      const viewer = guard.allow(request, 'publications.view')
      const { now } = engine.clock()
      const shown = readPublications(read, 'published', MOST).filter((one) => isShown(one, now) && reaches(one.placeId, viewer))
      return { items: shown.map((one) => forMe(one, viewer.id, now)), next: null }
    },
  )
  const signUp = { tags, summary: 'Twice is once; beyond the places one waits', params: Ids, headers: KeyHeader }
  for (const [method, act] of [
    ['POST', 'sign-up'],
    ['DELETE', 'sign-off'],
  ] as const)
    app.route({
      method,
      url: '/api/my/publications/:id/sign-up',
      schema: signUp,
      handler: async (request) => {
        const viewer = guard.allow(request, 'publications.sign-up')
        const { id } = request.params as Static<typeof Ids>
        const one = readPublication(read, id)
        if (one?.state !== 'published' || !reaches(one.placeId, viewer)) return missing('publication', id)
        return forMe(await obey(request as never, viewer, act, id), viewer.id, engine.clock().now)
      },
    })
}
