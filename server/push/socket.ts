import { performance } from 'node:perf_hooks'
import { type DefaultEventsMap, Server, type Socket } from 'socket.io'
import type { Viewer } from '../../shared/access.ts'
import { BEAT_EVERY, type ClientToServer, type ServerToClient } from '../../shared/live.ts'
import { overloaded, type Problem, ProblemError, unauthorized } from '../../shared/problem.ts'
import { NAMESPACE } from './channel.ts'
import type { Connection } from './frame.ts'
import { createHub, type Hub } from './hub.ts'
import type { Live, LiveOptions } from './options.ts'
import { sameOrigin } from './origin.ts'
import { createWatcher, type Watcher } from './watcher.ts'

export type { CommitSource, Handshake, Limits, Live, LiveOptions, LiveStats } from './options.ts'

type LiveSocket = Socket<ClientToServer, ServerToClient, DefaultEventsMap, { viewer: Viewer }>

const LIMITS = { watchers: 1_000, watchesPerSecond: 5, waitingBytes: 1024 * 1024, waitingPackets: 64 }
/** Real ms between two looks at a session. */
const CHECK_EVERY = 30_000
/** Socket.IO's own heartbeat clears away connections that never read; the beat of every second is ours. */
const PING = { pingInterval: 10_000, pingTimeout: 15_000, connectTimeout: 5_000 }
/** A client says `watch` and nothing else. */
const LARGEST_MESSAGE = 4_096

/** Attaches `/live` to a server, leaving the upgrades of other paths alone. */
export function createLive(options: LiveOptions): Live {
  const { server, authenticate, monotonic = () => performance.now() } = options
  const limits = { ...LIMITS, ...options.limits }
  const hub = createHub({ ...options, limits, monotonic })
  const io = new Server<ClientToServer, ServerToClient, DefaultEventsMap, { viewer: Viewer }>(server, {
    ...PING,
    serveClient: false,
    destroyUpgrade: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: LARGEST_MESSAGE,
    allowRequest: (request, answer) => {
      const room = io.engine.clientsCount < limits.watchers * 2
      answer(room ? null : 'too many connections', room && sameOrigin(request.headers))
    },
  })
  // whoever joins no namespace within `connectTimeout` is hung up on
  io.use((_, next) => next(new Error(`Watch on ${NAMESPACE}`)))
  const live = io.of(NAMESPACE)
  const watchers = new Map<Watcher, LiveSocket>()

  live.use(async (socket, next) => {
    if (live.sockets.size >= limits.watchers) return next(refusal(overloaded('Too many screens are watching').problem))
    const viewer = await viewerOf(socket, authenticate)
    if (!viewer) return next(refusal(unauthorized('Sign in, or open a kiosk link').problem))
    socket.data.viewer = viewer
    next()
  })
  live.on('connection', (socket) => watchers.set(admit(socket, hub, limits, monotonic), socket))
  live.on('connection', (socket) =>
    socket.on('disconnect', () => {
      for (const [watcher, own] of watchers) if (own === socket) watchers.delete(watcher)
    }),
  )
  hub.onRefused((watcher, problem) => hangUp(watchers.get(watcher), problem))

  const beat = setInterval(() => {
    hub.beat()
    for (const [watcher, socket] of watchers) {
      if (monotonic() - watcher.checkedAt < CHECK_EVERY) continue
      watcher.checkedAt = monotonic()
      void stillSame(socket, watcher.viewer, authenticate).then(
        (same) => same || hangUp(socket, unauthorized('The session has ended').problem),
      )
    }
  }, BEAT_EVERY)

  return {
    stats: hub.stats,
    notice(person, notice) {
      const own = [...watchers].filter(([{ viewer, lagging }]) => !lagging && (viewer.staffId ?? viewer.id) === person)
      // a page that does not keep up asks for its list later
      for (const [, socket] of own) socket.volatile.emit('notice', notice)
      return own.length
    },
    drop(which) {
      for (const [watcher, socket] of watchers) if (which(watcher.viewer)) hangUp(socket, unauthorized('The session has ended').problem)
    },
    async close() {
      clearInterval(beat)
      hub.close()
      live.disconnectSockets(true)
      io.engine.close()
    },
  }
}

function admit(socket: LiveSocket, hub: Hub, limits: typeof LIMITS, monotonic: () => number): Watcher {
  const { conn } = socket
  const watcher = createWatcher({
    viewer: socket.data.viewer,
    // its buffers are private in the types, and the only way to see how much waits
    connection: () => conn as unknown as Connection,
    limits,
    now: monotonic(),
    onDrop: hub.countDrop,
  })
  const onDrain = () => hub.drained(watcher)
  conn.on('drain', onDrain)
  socket.on('watch', (request) => hub.watch(watcher, request))
  socket.onAny((event) => event === 'watch' || hub.watch(watcher, undefined))
  socket.on('disconnect', () => {
    conn.off('drain', onDrain)
    hub.leave(watcher)
  })
  return watcher
}

const refusal = (problem: Problem) => Object.assign(new Error(problem.detail), { data: problem })

function hangUp(socket: LiveSocket | undefined, problem: Problem) {
  socket?.emit('problem', problem)
  socket?.disconnect(true)
}

async function viewerOf(socket: LiveSocket, authenticate: LiveOptions['authenticate']): Promise<Viewer | undefined> {
  const { headers, auth, address } = socket.handshake
  try {
    return await authenticate({ headers, auth: auth ?? {}, address })
  } catch (error) {
    if (error instanceof ProblemError) return undefined
    throw error
  }
}

async function stillSame(socket: LiveSocket, viewer: Viewer, authenticate: LiveOptions['authenticate']): Promise<boolean> {
  const now = await viewerOf(socket, authenticate).catch(() => viewer)
  return (
    now !== undefined &&
    now.role === viewer.role &&
    now.helper === viewer.helper &&
    now.scope === viewer.scope &&
    now.staffId === viewer.staffId
  )
}
