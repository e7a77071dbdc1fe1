import rateLimit from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Role, Viewer } from '../../shared/access.ts'
import { STAFF_ROLES } from '../../shared/person.ts'
import { badRequest, ProblemError, unauthorized } from '../../shared/problem.ts'
import { noCookie, sessionCookie, tokenOf } from '../access/cookie.ts'
import type { SignedIn } from '../access/sign-in.ts'
import type { Api, App } from './context.ts'

const Text = Type.String({ minLength: 1, maxLength: 200 })
const SignIn = Type.Object({
  username: Type.Optional(Text),
  password: Type.Optional(Type.String({ maxLength: 1000 })),
  token: Type.Optional(Type.String({ maxLength: 200, description: "of a wall's link" })),
  role: Type.Optional(Role),
  scope: Type.Optional(Type.String({ description: 'demo: a place; the person on duty there' })),
  staffId: Type.Optional(Type.String({ description: 'demo: who of the staff' })),
  staffRole: Type.Optional(Type.Enum([...STAFF_ROLES], { description: 'demo: a field session of somebody of these' })),
  residentId: Type.Optional(Type.String({ description: 'demo: which resident' })),
})
const Answer = Type.Object({ user: Viewer })

/** Sign-in, sign-out, who am I. */
export async function sessionRoutes(app: App, api: Api): Promise<void> {
  const { access, wall } = api
  if (!app.hasDecorator('rateLimit')) await app.register(rateLimit, { global: false })
  /** argon2 is dear on purpose: nobody gets more of it than this; a role of the demo costs nothing */
  const config = { rateLimit: { max: access.mode === 'demo' ? 600 : 30, timeWindow: 60_000, errorResponseBuilder: tooOften } }

  const answer = (request: FastifyRequest, reply: FastifyReply, { viewer, token, expiresAt }: SignedIn) => {
    reply.header('set-cookie', sessionCookie(token, expiresAt, { now: wall(), secure: request.protocol === 'https' }))
    return { user: viewer }
  }
  const schema = { tags: ['session'], body: SignIn, response: { 200: Answer } }
  app.post('/api/session', { schema, config }, async (request, reply) => {
    const { username, password, token, role, ...wish } = request.body
    if (token !== undefined) return answer(request, reply, access.signIn.withKiosk(token))
    if (username !== undefined && password !== undefined)
      return answer(request, reply, await access.signIn.withPassword({ username, password, address: request.ip }))
    if (role !== undefined) return answer(request, reply, await access.signIn.asRole({ role, ...wish }))
    throw incomplete(access.mode)
  })
  const change = Type.Object({ current: Type.String({ maxLength: 1000 }), password: Type.String({ maxLength: 1000 }) })
  const summary = 'A new password of one’s own; every other session of the user ends'
  app.post(
    '/api/session/password',
    { schema: { tags: ['session'], summary, body: change, response: { 200: Answer } }, config },
    async (request, reply) => {
      const { viewer } = request
      if (!viewer || !access.isSignedIn(viewer)) throw unauthorized('Sign in first: POST /api/session')
      return answer(request, reply, await access.signIn.changePassword({ viewer, ...request.body, address: request.ip }))
    },
  )
  app.get('/api/session', { schema: { tags: ['session'] } }, async (request) => ({
    /** who signed in; null: nobody, though in demo `viewer` is then a wall */
    user: access.isSignedIn(request.viewer) ? request.viewer : null,
    viewer: request.viewer ?? null,
    mode: access.mode,
  }))
  app.delete('/api/session', { schema: { tags: ['session'] } }, async (request, reply) => {
    const token = tokenOf(request.headers.cookie)
    if (token && request.viewer && access.isSignedIn(request.viewer)) await access.signIn.end(token, request.viewer)
    return reply.header('set-cookie', noCookie).code(204).send()
  })
}

const incomplete = (mode: 'demo' | 'live') =>
  badRequest(mode === 'demo' ? 'Say who you are: a role, or user name and password' : 'Say who you are: user name and password', {
    errors: [
      { field: mode === 'demo' ? 'role' : 'username', detail: 'is missing', fix: mode === 'demo' ? '{"role": "officer"}' : 'add it' },
    ],
  })

const tooOften = (_request: FastifyRequest, context: { ttl: number }) => {
  const retryAfter = Math.ceil(context.ttl / 1000)
  return new ProblemError({
    type: 'about:blank',
    title: 'Too many tries',
    status: 429,
    detail: `Wait ${retryAfter} s before the next try`,
    retryAfter,
  })
}
