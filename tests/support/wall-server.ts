import { globSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { Server } from 'socket.io'
import type { ClientToServer, ServerToClient } from '../../shared/live.ts'
import { applyOps, type Op } from '../../shared/patch.ts'
import type { WallState } from '../../shared/wall.ts'

const ROOT = join(import.meta.dirname, '../..')
/** where the page was built */
const PAGES = process.env.WEB_DIR ?? join(ROOT, '.web')
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.json': 'application/json',
}

/** Serves the built page over a state that the test decides, word by word of the live protocol. The beats can be held back. */
export async function serveWall(first: WallState) {
  let state = first
  let beating = true
  pages ??= readPages()
  const files = pages
  const http = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    const body = answer(path, state) ?? files.get(extname(path) ? path : '/index.html')
    response.writeHead(body ? 200 : 404, { 'content-type': body?.type ?? 'application/problem+json' })
    response.end(body?.bytes ?? '{"title":"Not found","detail":"这里没有"}')
  })
  const io = new Server<ClientToServer, ServerToClient>(http)
  const live = io.of('/live')
  const beat = () => beating && live.emit('beat', { revision: state.revision, at: state.at, sent: Date.now(), rate: 1 })
  live.on('connection', (socket) =>
    socket.on('watch', () => {
      if (!beating) return
      socket.emit('snapshot', { revision: state.revision, at: state.at, state })
      beat()
    }),
  )
  const timer = setInterval(() => {
    state = { ...state, at: state.at + 1000 }
    beat()
  }, 1000)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    state: () => state,
    /** one patch to everybody */
    patch(ops: Op[]) {
      const from = state.revision
      state = { ...applyOps(state, ops), revision: from + 1 }
      live.emit('patch', { from, to: from + 1, at: state.at, ops })
    },
    /** says nothing more, but keeps the sockets open: a dead server behind a living line */
    hush(quiet: boolean) {
      beating = !quiet
    },
    async close() {
      clearInterval(timer)
      await io.close()
    },
  }
}

interface Body {
  type: string
  bytes: Uint8Array | string
}

let pages: Map<string, Body> | undefined
/** As it is now: a build that goes on beside a test must not pull the page from under it. */
function readPages(): Map<string, Body> {
  const files = globSync('**/*', { cwd: PAGES }).filter((file) => statSync(join(PAGES, file)).isFile())
  return new Map(
    files.map((file) => [`/${file}`, { type: TYPES[extname(file)] ?? 'application/octet-stream', bytes: readFileSync(join(PAGES, file)) }]),
  )
}

function answer(path: string, state: WallState): Body | undefined {
  const json = (value: unknown) => ({ type: 'application/json', bytes: JSON.stringify(value) })
  if (path === '/api/estate') return { type: 'application/json', bytes: readFileSync(join(ROOT, 'fixtures/registers/estate.geojson')) }
  if (path.startsWith('/api/incidents/')) return json(incident(path.split('/')[3]!, state))
  if (path === '/api/devices' || path === '/api/places') return json({ items: [], next: null })
  if (path === '/api/wall') return json(state)
  return undefined
}

function incident(id: string, state: WallState) {
  const view = state.incidents.find((each) => each.id === id)
  const start = view?.openedAt ?? state.at
  const line = (minutes: number, what: string, by: string) => ({ at: start + minutes * 60_000, what, by })
  const timeline = [
    line(0, 'alert.raised', 'system'),
    line(0, 'incident.opened', 'system'),
    line(0.3, 'order.dispatched', 'system'),
    line(0.9, 'alert.acknowledged', '林*'),
    line(1.4, 'order.accepted', '唐*'),
  ]
  return { ...view, timeline }
}
