import type { FastifyRequest } from 'fastify'
import { standingOf, type Viewer } from '../../shared/access.ts'
import { forbidden, notFound, unauthorized } from '../../shared/problem.ts'
import type { Action } from '../access/policy.ts'
import type { Api, App } from './context.ts'

/** Who asks is settled before anything is read. */
export function installViewer(app: App, { access }: Api): void {
  app.decorateRequest('viewer', undefined)
  app.addHook('onRequest', async (request, reply) => {
    // what one viewer may see is for nobody else's cache
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
    assertOwnPage(request)
    request.viewer = access.authenticate({ cookie: request.headers.cookie, token: bearerOf(request) })
  })
}

export const bearerOf = (request: FastifyRequest): string | undefined => /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** SameSite=Lax keeps other sites' forms out; this also stops whatever a browser says comes from another origin. Other clients say nothing. */
function assertOwnPage(request: FastifyRequest): void {
  if (SAFE.has(request.method)) return
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const foreign = origin === undefined ? site === 'cross-site' || site === 'same-site' : hostOf(origin) !== request.host
  if (foreign) throw forbidden(`This comes from a page of ${origin ?? 'another site'}: use a page of ${request.host}`)
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

export interface Guard {
  /** the viewer, when the policy lets them; else 401 for nobody in particular, 403 for somebody who may not */
  allow(request: FastifyRequest, action: Action, placeId?: string): Viewer
  /** the place that a list is narrowed to: what was asked for, within what may be seen */
  scopeOf(request: FastifyRequest, action: Action, asked: string | undefined): { viewer: Viewer; scope: string }
}

export function createGuard({ access, world }: Pick<Api, 'access' | 'world'>): Guard {
  const allow = (request: FastifyRequest, action: Action, placeId?: string): Viewer => {
    const { viewer } = request
    if (viewer && access.may(viewer, action, placeId)) return viewer
    if (!viewer || !access.isSignedIn(viewer)) throw unauthorized('Sign in first: POST /api/session')
    if (placeId !== undefined && access.may(viewer, action)) throw forbidden(`${placeId} lies outside of your area ${viewer.scope}`)
    throw forbidden(`The role ${standingOf(viewer)} may not do this (${action})`)
  }
  return {
    allow,
    scopeOf(request, action, asked) {
      const viewer = allow(request, action)
      if (asked === undefined) return { viewer, scope: viewer.scope }
      if (!world().places.get(asked)) throw notFound(`There is no place ${asked}`)
      return { viewer: allow(request, action, asked), scope: asked }
    },
  }
}
