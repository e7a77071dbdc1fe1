import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket as TcpSocket } from 'node:net'
import { Server as SocketServer } from 'socket.io'
import { io, type Socket } from 'socket.io-client'
import { createLive, type LiveOptions } from '../../server/push/socket.ts'
import type { Viewer } from '../../shared/access.ts'
import type { Beat, ClientToServer, Patch, ServerToClient, Snapshot } from '../../shared/live.ts'
import { applyPatch } from '../../shared/patch.ts'
import type { Problem } from '../../shared/problem.ts'
import type { WallState } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import type { TestCenter } from './push.ts'

/** Tokens of the test: `officer`, `wall`, `field@caihong-g1`. */
const viewerOf = (token: unknown): Viewer | undefined => {
  if (typeof token !== 'string') return undefined
  const [role, scope = 'xinan'] = token.split('@')
  return { id: token, name: token, role: role as Viewer['role'], scope }
}

/** `/live` on a free port over a test center. */
export async function serveLive(center: TestCenter, world: World | (() => World), more: Partial<LiveOptions> = {}) {
  const server = createServer((_, response) => response.end('not live'))
  const live = createLive({
    server,
    engine: center.engine,
    directory: typeof world === 'function' ? world : () => world,
    authenticate: ({ auth }) => viewerOf(auth.token),
    ...more,
  })
  const url = await listen(server)
  const close = async () => {
    await live.close()
    server.closeAllConnections()
    server.close()
  }
  return { server, live, url, close }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export interface Screen {
  socket: Socket<ServerToClient, ClientToServer>
  snapshots: Snapshot[]
  patches: (Patch & { heard: number })[]
  beats: (Beat & { heard: number })[]
  problems: Problem[]
  /** folds strictly: each patch begins where the state ends */
  state(): WallState
  close(): void
}

/** A bare client that keeps everything it hears. */
export function openScreen(url: string, token: string | undefined, watch: Parameters<ClientToServer['watch']>[0] | null = {}): Screen {
  const socket: Socket<ServerToClient, ClientToServer> = io(`${url}/live`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: { token },
  })
  let state: WallState | undefined
  const screen: Screen = {
    ...{ socket, snapshots: [], patches: [], beats: [], problems: [] },
    state: () => state!,
    close: () => socket.disconnect(),
  }
  socket.on('connect', () => watch && socket.emit('watch', watch))
  socket.on('snapshot', (message) => {
    screen.snapshots.push(message)
    state = message.state
  })
  socket.on('patch', (message) => {
    screen.patches.push({ ...message, heard: performance.now() })
    if (!state) return
    if (message.from !== state.revision) throw new Error(`patch from ${message.from} on ${state.revision}`)
    state = applyPatch(state, message)
  })
  socket.on('beat', (message) => void screen.beats.push({ ...message, heard: performance.now() }))
  socket.on('problem', (problem) => void screen.problems.push(problem))
  return screen
}

/** A server that says what the test tells it to, and keeps what it was asked. */
export async function scriptLive() {
  const server = createServer()
  const sockets = new SocketServer<ClientToServer, ServerToClient>(server, { serveClient: false })
  const asked: unknown[] = []
  sockets.of('/live').on('connection', (socket) => socket.on('watch', (request) => void asked.push(request)))
  const url = await listen(server)
  return { url, asked, say: sockets.of('/live'), close: () => sockets.close() }
}

/** Waits until it holds, at most `patience` ms. */
export async function until(holds: () => unknown, patience = 5_000, what = String(holds)): Promise<void> {
  const end = performance.now() + patience
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Not within ${patience} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** A network between client and server that can be cut, or swallow everything in silence. */
export async function openNetwork(target: string) {
  const { port } = new URL(target)
  const pairs = new Set<[TcpSocket, TcpSocket]>()
  let state: 'open' | 'cut' | 'silent' = 'open'
  const server = createTcpServer((near) => {
    if (state === 'cut') return near.destroy()
    const far = connect(Number(port), '127.0.0.1')
    const pair: [TcpSocket, TcpSocket] = [near, far]
    pairs.add(pair)
    const pass = (from: TcpSocket, to: TcpSocket) => {
      from.on('data', (data) => state === 'open' && to.write(data))
      from.on('error', () => {})
      from.on('close', () => {
        to.destroy()
        pairs.delete(pair)
      })
    }
    pass(near, far)
    pass(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => pairs.size,
    become(next: typeof state) {
      state = next
      if (next === 'cut') for (const [near] of pairs) near.destroy()
    },
    close() {
      for (const [near] of pairs) near.destroy()
      server.close()
    },
  }
}
