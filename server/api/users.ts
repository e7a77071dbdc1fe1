import { Type } from 'typebox'
import { Role } from '../../shared/access.ts'
import { notFound } from '../../shared/problem.ts'
import { toActor } from '../access/commander.ts'
import { assertGoodPassword, hashPassword } from '../access/passwords.ts'
import { newPublicId } from '../access/tokens.ts'
import { accessReader, type User } from '../store/access.ts'
import type { Api, App } from './context.ts'
import { createGuard } from './guards.ts'
import { Ids } from './queries.ts'
import { missing } from './registers.ts'
import { pageSender } from './send-page.ts'
import { setupPage } from './setup-page.ts'

const Username = Type.String({ minLength: 2, maxLength: 64, pattern: '^[\\p{L}\\p{N}._-]+$' })
const Name = Type.String({ minLength: 1, maxLength: 64 })
const Password = Type.String({ minLength: 1, maxLength: 1000 })
const Scope = Type.Union([Type.String(), Type.Null()], { description: 'the place that the user may see; null: everywhere' })
const StaffId = Type.Union([Type.String(), Type.Null()])
const NewUser = Type.Object({
  username: Username,
  password: Password,
  name: Type.Optional(Name),
  role: Role,
  scope: Type.Optional(Scope),
  staffId: Type.Optional(StaffId),
})
const Change = Type.Object({
  name: Type.Optional(Name),
  role: Type.Optional(Role),
  scope: Type.Optional(Scope),
  staffId: Type.Optional(StaffId),
  disabled: Type.Optional(Type.Boolean()),
  password: Type.Optional(Password),
})

/** The first administrator by the one-time link, and the users that an administrator makes. */
export function userRoutes(app: App, api: Api): void {
  setup(app, api)
  users(app, api)
}

const sendSetup = pageSender(setupPage)

function setup(app: App, { access }: Api): void {
  const body = Type.Object({ token: Type.String({ maxLength: 200 }), username: Username, password: Password, name: Type.Optional(Name) })
  app.post('/api/setup', { schema: { tags: ['users'], summary: 'Once, by the link of the first start', body } }, async (request, reply) => {
    const user = await access.setup.complete(request.body)
    return reply.code(201).send({ user })
  })
  app.get('/setup', { schema: { hide: true } }, async (_request, reply) => sendSetup(reply))
}

function users(app: App, { access, world, engine, read, wall }: Api): void {
  const guard = createGuard({ access, world })
  const store = accessReader(read)
  const assertPlace = (scope: string | null | undefined) => {
    if (scope && !world().places.get(scope)) throw notFound(`There is no place ${scope}`)
  }
  app.get('/api/users', { schema: { tags: ['users'] } }, async (request) => {
    guard.allow(request, 'users.manage')
    return { items: store.users(), next: null }
  })
  app.post('/api/users', { schema: { tags: ['users'], body: NewUser } }, async (request, reply) => {
    const viewer = guard.allow(request, 'users.manage')
    const { username, password, name = username, role, scope = null, staffId = null } = request.body
    assertPlace(scope)
    assertGoodPassword(password, username)
    const passwordHash = await hashPassword(password)
    const body = { id: newPublicId('user'), username, name, role, scope, staffId, passwordHash, createdAt: wall() }
    const user = await engine.command<User>({ name: 'user.create', body, actor: toActor(viewer) })
    return reply.code(201).send({ user })
  })
  app.patch('/api/users/:id', { schema: { tags: ['users'], params: Ids, body: Change } }, async (request) => {
    const viewer = guard.allow(request, 'users.manage')
    const { password, ...change } = request.body
    const before = store.user(request.params.id) ?? missing('user', request.params.id)
    assertPlace(change.scope)
    if (password !== undefined) assertGoodPassword(password, before.username)
    const body = { change, ...(password === undefined ? {} : { passwordHash: await hashPassword(password) }) }
    const user = await engine.command<User>({ name: 'user.change', target: before.id, body, actor: toActor(viewer) })
    access.refresh()
    return { user }
  })
}
