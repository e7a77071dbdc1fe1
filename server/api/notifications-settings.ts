import { type Static, Type } from 'typebox'
import { DEFAULT_RECIPIENT, PushSettings, RecipientSettings, SmtpSettings } from '../../shared/message.ts'
import { notFound, unprocessable } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import { smtpPlace } from '../out/records.ts'
import { accessReader } from '../store/access.ts'
import { outReader, type StoredSmtp } from '../store/out-records.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { pageOf } from './paging.ts'
import { Ids } from './queries.ts'

const tags = ['notifications']
const ShownSmtp = Type.Union([
  Type.Object({ ...SmtpSettings.properties, hasPassword: Type.Boolean(), version: Type.Number() }),
  Type.Object({ host: Type.Null(), version: Type.Number() }),
])
const NewSmtp = Type.Object(
  {
    ...SmtpSettings.properties,
    version: Type.Integer({ description: 'as you saw it; 0: there was none' }),
    password: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 500 }), Type.Null()], { description: 'absent: as it is' })),
  },
  { additionalProperties: false },
)
const Recipient = Type.Object({ ...RecipientSettings.properties, id: Type.String(), version: Type.Number() })
const Change = Type.Object(
  { ...Type.Partial(RecipientSettings).properties, version: Type.Optional(Type.Integer()) },
  { additionalProperties: false },
)

/** The mail server, the push services and everybody's ways: for the administrator. */
export function notifySettingRoutes(app: App, api: Api): void {
  smtp(app, api)
  push(app, api)
  recipients(app, api)
}

function smtp(app: App, { access, world, read, engine, sealing }: Api): void {
  const guard = createGuard({ access, world })
  const store = outReader(read)
  const shown = () => {
    const now = store.smtp()
    if (!now) return { host: null, version: 0 }
    const { sealed, ...rest } = now
    return { ...rest, hasPassword: sealed !== undefined }
  }
  app.get('/api/notify/smtp', { schema: { tags, response: { 200: ShownSmtp } } }, async (request) => {
    guard.allow(request, 'notify.manage')
    return shown()
  })
  app.put(
    '/api/notify/smtp',
    { schema: { tags, summary: 'The mail server', body: NewSmtp, response: { 200: ShownSmtp } } },
    async (request) => {
      const actor = toActor(guard.allow(request, 'notify.manage'))
      const { version, password, ...next } = request.body as Static<typeof NewSmtp>
      const sealed = sealedPassword(next.host, password, store.smtp())
      const stored = { ...next, ...(sealed !== undefined && { sealed }) }
      await engine.command({ name: 'notify.smtp', version, body: { smtp: stored }, actor })
      return shown()
    },
  )
  app.delete('/api/notify/smtp', { schema: { tags, summary: 'No more mail', response: { 204: Type.Null() } } }, async (request, reply) => {
    const actor = toActor(guard.allow(request, 'notify.manage'))
    await engine.command({ name: 'notify.smtp', body: { smtp: null }, actor })
    return reply.code(204).send(null)
  })

  /** A kept password goes to the host that it was given for, and to no other. */
  function sealedPassword(host: string, password: string | null | undefined, before: StoredSmtp | undefined): string | undefined {
    if (password === null) return undefined
    if (password !== undefined) return sealing.seal(password, smtpPlace(host))
    if (before?.sealed !== undefined && before.host !== host) throw passwordStays(before.host)
    return before?.sealed
  }
}

const passwordStays = (host: string) =>
  unprocessable(`The password was given for ${host} and goes to no other host`, {
    errors: [{ field: 'password', detail: 'is missing', fix: 'give the password for the new host, or null for none' }],
  })

function push(app: App, { access, world, read, engine }: Api): void {
  const guard = createGuard({ access, world })
  const store = outReader(read)
  app.get('/api/notify/push', { schema: { tags, response: { 200: PushSettings } } }, async (request) => {
    guard.allow(request, 'notify.manage')
    return store.push()
  })
  const summary = 'The push services that may be called: none unless named'
  app.put('/api/notify/push', { schema: { tags, summary, body: PushSettings, response: { 200: PushSettings } } }, async (request) => {
    const actor = toActor(guard.allow(request, 'notify.manage'))
    return engine.command({ name: 'notify.push', body: { push: request.body }, actor })
  })
}

function recipients(app: App, { access, world, read, engine }: Api): void {
  const guard = createGuard({ access, world })
  const store = outReader(read)
  const users = accessReader(read)
  const one = (id: string) => store.recipient(id) ?? { ...DEFAULT_RECIPIENT, id, version: 0 }
  const known = (id: string) => world().staff(id) !== undefined || users.user(id) !== undefined || store.recipient(id) !== undefined
  app.get(
    '/api/recipients',
    { schema: { tags, summary: 'Those with settings of their own', response: { 200: pageOf(Recipient) } } },
    async (request) => {
      guard.allow(request, 'notify.manage')
      return { items: store.recipients(), next: null }
    },
  )
  app.get('/api/recipients/:id', { schema: { tags, params: Ids, response: { 200: Recipient } } }, async (request) => {
    guard.allow(request, 'notify.manage')
    return one((request.params as Static<typeof Ids>).id)
  })
  const schema = { tags, summary: 'How somebody is told', params: Ids, body: Change, response: { 200: Recipient } }
  app.patch('/api/recipients/:id', { schema }, async (request) => {
    const actor = toActor(guard.allow(request, 'notify.manage'))
    const { id } = request.params as Static<typeof Ids>
    if (!known(id)) throw notFound(`There is neither staff nor a user ${id}`)
    const { version, ...body } = request.body as Static<typeof Change>
    return engine.command({ name: 'recipient.change', target: id, version, body, actor })
  })
}
