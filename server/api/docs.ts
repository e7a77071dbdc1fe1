import type { SwaggerOptions } from '@fastify/swagger'
import type { App } from './context.ts'
import { MORE_PATHS } from './docs-feeds.ts'
import { docsPage } from './docs-page.ts'
import { pageSender } from './send-page.ts'

const TAGS: Record<string, string> = {
  session: 'Signing in and out',
  wall: 'The state that walls show',
  alerts: 'What analysis raised (ISA-18.2)',
  incidents: 'Matters for people, from discovery to verified closure',
  orders: 'Work orders with a deadline per step',
  registers: 'Places, devices, residents',
  feeds: 'Where devices and gateways report',
  intake: 'Signals, quarantine, feeds',
  audit: 'Who did what',
  notifications: 'Who is told what, by which channel, and what became of it',
  users: 'Users, for administrators',
  keys: 'Links of walls, keys of feeds',
  system: 'The clock of the domain',
  health: 'For the one who runs it',
}

export const OPENAPI: SwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Linwang 邻望',
      version: '0.1.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'Sign in with `POST /api/session`; errors are RFC 9457 problem details; lists answer `{items, next}` and take `cursor`.',
    },
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'linwang_session' },
        kiosk: { type: 'http', scheme: 'bearer', description: "token of a wall's link" },
        feedKey: { type: 'http', scheme: 'bearer', description: 'the general key, or that of one feed' },
      },
    },
    security: [{ session: [] }, { kiosk: [] }],
  },
  convertConstToEnum: false,
}

const sendDocs = pageSender(docsPage)

/** The description of the API and a page that shows it; neither fetches anything from outside. */
export function docsRoutes(app: App): void {
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => described(app))
  app.get('/api/docs', { schema: { hide: true } }, async (_request, reply) => sendDocs(reply))
}

function described(app: App) {
  const spec = app.swagger()
  return { ...spec, paths: { ...spec.paths, ...MORE_PATHS } }
}
