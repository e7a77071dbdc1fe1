import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { World } from '../shared/world.ts'
import type { Access } from './access/access.ts'
import { meetFeed } from './access/meet-feed.ts'
import type { Sealing } from './access/sealing.ts'
import { apiPlugin } from './api/api.ts'
import { sendNotFound, sendProblem } from './api/problems.ts'
import type { Config } from './config.ts'
import { drain } from './drain.ts'
import type { Engine } from './engine/protocol.ts'
import type { FeedBook } from './feeds/book.ts'
import type { Gates } from './feeds/gates.ts'
import { createHttpFeed } from './feeds/http.ts'
import type { PassedBy } from './feeds/passed-by.ts'
import { createVendorFeeds } from './feeds/vendor.ts'
import { createWebSocketFeed } from './feeds/websocket.ts'
import { pages } from './pages.ts'
import { createLive, type Live } from './push/socket.ts'
import type { SpeakerRoom } from './speakers/room.ts'
import { patchesSince } from './store/journal.ts'
import type { Db } from './store/open.ts'

export interface AppOptions {
  config: Pick<Config, 'mode' | 'simulate'> & Partial<Pick<Config, 'mqttPort' | 'siaPort'>>
  engine: Engine
  access: Access
  /** read-only connection */
  read: Db
  world(): World
  /** the records of the feeds, and what each may send */
  book: FeedBook
  gates: Gates
  sealing: Sealing
  dataDir: string
  speakers: SpeakerRoom
  auditKey: Uint8Array
  /** what a broker brought that is no signal */
  passedBy?: PassedBy
  log: FastifyBaseLogger
  /** false: the API alone, as tests want it */
  withPages?: boolean
}

export interface LinwangApp {
  app: FastifyInstance
  live: Live
}

/** Everything that is served on the one port: feeds, REST, live sockets, pages. Listens to nothing yet. */
export async function createApp(options: AppOptions): Promise<LinwangApp> {
  const { engine, access, read, world, config, log, book, gates } = options
  const app = Fastify({ loggerInstance: log, bodyLimit: 1024 * 1024, forceCloseConnections: true, frameworkErrors: sendProblem })
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler(sendNotFound)
  app.addHook('onSend', async (request, reply) => {
    if (reply.statusCode === 413) await drain(request.raw)
  })
  const live = createLive({
    server: app.server,
    engine,
    directory: world,
    authenticate: ({ headers, auth }) =>
      access.authenticate({ cookie: headers.cookie, token: typeof auth.token === 'string' ? auth.token : undefined }),
    patchesSince: (revision) => patchesSince(read, revision),
  })
  const webSocket = createWebSocketFeed({ engine, authorizeFeed: access.authorizeFeed, gates, log })
  routeUpgrades(app.server, { '/feeds/ws': webSocket.handleUpgrade })
  // before the server closes: it would wait for these sockets
  app.addHook('preClose', async () => {
    await webSocket.close()
    await live.close()
  })
  const { authorizeFeed } = access
  await app.register(createHttpFeed({ engine, authorizeFeed, gates }))
  const meet = config.mode === 'demo' ? meetFeed(engine) : undefined
  await app.register(createVendorFeeds({ engine, authorizeFeed, book, gates, ...(meet && { meet }) }))
  await app.register(async (api) => {
    await apiPlugin(api, {
      ...options,
      config,
      state: () => engine.state(),
      gauges: {
        mqtt_passed_by_total: {
          help: 'messages of a broker that are no signals, since the start',
          read: () => options.passedBy?.total() ?? 0,
        },
        live_watchers: { help: 'screens that watch', read: () => live.stats().watchers },
        live_lagging: { help: 'screens that wait for a snapshot', read: () => live.stats().lagging },
        live_patches_total: { help: 'patches sent since the start', read: () => live.stats().patches },
      },
    })
  })
  if (options.withPages !== false) await app.register(pages)
  return { app, live }
}

type UpgradeHandler = (request: import('node:http').IncomingMessage, socket: Duplex, head: Buffer) => void

/** Socket.IO listens for its own path; every other upgrade comes here, and one that nobody knows is hung up. */
function routeUpgrades(server: Server, routes: Record<string, UpgradeHandler>): void {
  server.on('upgrade', (request, socket, head) => {
    const path = (request.url ?? '').split('?')[0]!
    if (path.startsWith('/socket.io/')) return
    const handle = routes[path]
    if (handle) handle(request, socket, head)
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
  })
}
