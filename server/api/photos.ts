import { randomUUID } from 'node:crypto'
import type { Static } from 'typebox'
import type { Viewer } from '../../shared/access.ts'
import type { Order } from '../../shared/order.ts'
import { Photo } from '../../shared/photo.ts'
import { badRequest, forbidden, ProblemError } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import { keepPhoto, readPhotoFile } from '../photos/files.ts'
import { createDarkroom, LARGEST_PHOTO } from '../photos/remake.ts'
import { readPhoto, type StoredPhoto } from '../store/photos.ts'
import { matterOfReport, readReport } from '../store/report-lists.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { concerns } from './own-orders.ts'
import { Ids, KeyHeader } from './queries.ts'
import { missing } from './registers.ts'

const tags = ['photos']

/** Pictures of reports and orders. Body: the file itself (image/jpeg, png, webp, heic), at most 12 MB. */
export async function photoRoutes(root: App, api: Api): Promise<void> {
  const { access, world, engine, read, lists, dataDir } = api
  const guard = createGuard({ access, world })
  const remake = createDarkroom()
  await root.register(async (scoped) => {
    const app = scoped as unknown as App
    const parse = { parseAs: 'buffer', bodyLimit: LARGEST_PHOTO } as const
    app.addContentTypeParser(/^(image\/[a-z+.-]+|application\/octet-stream)$/, parse, (_request, body, done) => done(null, body))

    const add = {
      tags,
      summary: 'A picture; it belongs to nothing until a report or an order names it',
      headers: KeyHeader,
      response: { 201: Photo },
    }
    app.post('/api/photos', { schema: add, bodyLimit: LARGEST_PHOTO }, async (request, reply) => {
      const viewer = guard.allow(request, 'photo.add')
      if (!Buffer.isBuffer(request.body) || request.body.length === 0) throw noBody()
      const { bytes, hash, width, height } = await remake(request.body)
      await keepPhoto(dataDir, hash, bytes, randomUUID())
      const given = { hash, bytes: bytes.length, width, height }
      const command = { name: 'photo.add', body: { hash }, given, actor: toActor(viewer) }
      return reply.code(201).send(await engine.command<Photo>(command, request.headers['idempotency-key']))
    })
  })

  root.get(
    '/api/photos/:id',
    { schema: { tags, summary: 'The picture, as JPEG; 410 when its time is over', params: Ids } },
    async (request, reply) => {
      const { id } = request.params as Static<typeof Ids>
      const viewer = guard.allow(request, 'photo.view')
      const photo = readPhoto(read, id) ?? missing('photo', id)
      if (!(await mayView(viewer, photo))) {
        if (viewer.helper) throw forbidden(`${id} is of no order of yours`)
        guard.allow(request, 'photo.view', photo.placeId ?? '')
      }
      const bytes = photo.goneAt === undefined ? await readPhotoFile(dataDir, photo.hash) : undefined
      if (!bytes) throw gone(id)
      return reply.type('image/jpeg').header('content-disposition', `inline; filename="${id}.jpg"`).send(bytes)
    },
  )

  /** one's own, or somebody's of the staff in whose area it lies; a helper's, of what the own orders are about */
  const mayView = async (viewer: Viewer, photo: StoredPhoto): Promise<boolean> => {
    if (photo.by === (viewer.staffId ?? viewer.id)) return true
    if (viewer.role === 'resident') return false
    if (viewer.helper) return (await ordersOf(photo.subject ?? '')).some((order) => concerns(world(), viewer.staffId, order))
    return access.may(viewer, 'photo.view', photo.placeId ?? '')
  }
  const ordersOf = async (subject: string): Promise<Order[]> => {
    const report = readReport(read, subject)
    if (report) return matterOfReport(read, report).orders
    const order = await lists.thing<Order>('orders', subject)
    return order ? [order] : []
  }
}

const noBody = () =>
  badRequest('There is no picture in the body', {
    errors: [{ field: 'body', detail: 'is empty', fix: 'send the bytes of the file, Content-Type image/jpeg' }],
  })

const gone = (id: string) =>
  new ProblemError({ type: 'about:blank', title: 'Gone', status: 410, detail: `${id} was deleted when its time was over` })
