import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Receipt } from '../../shared/arrival.ts'
import { ProblemError, tooLarge } from '../../shared/problem.ts'
import { plainAddress } from './allow-list.ts'
import type { Gate, Gates } from './gates.ts'
import { type AuthorizeFeed, LARGEST_MESSAGE, type Log, PAUSE_ABOVE, type Receiver } from './receiver.ts'

export interface WebSocketFeedOptions {
  engine: Receiver
  authorizeFeed: AuthorizeFeed
  gates: Gates
  log: Log
  bounds?: Partial<typeof BOUNDS>
}

export interface WebSocketFeed {
  /** takes over an upgrade request for `/feeds/ws` */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): Promise<void>
}

const BOUNDS = {
  /** messages of one socket that wait for their commit, and their bytes; above, the socket is not read */
  inFlight: 64,
  bytesInFlight: 4 * LARGEST_MESSAGE,
  /** answers that a client has not read, in bytes: above the first it is not read either, for so long (ms); then it is cut off */
  unread: 256 * 1024,
  unreadFor: 30_000,
  sockets: 1_000,
  /** how often a paused socket is looked at, ms */
  look: 20,
}

/**
 * `GET /feeds/ws`: a CloudEvent or a list of them per message; each message is answered in order, after its commit:
 * `{accepted, duplicates, quarantined, ids}` (`ids`: those that are stored now), with `problem` when the message was refused.
 */
export function createWebSocketFeed({ engine, authorizeFeed, gates, log, bounds }: WebSocketFeedOptions): WebSocketFeed {
  const limits = { ...BOUNDS, ...bounds }
  const server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE, perMessageDeflate: false, clientTracking: true })

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const key = authorizeFeed(request.headers.authorization ?? queryKey(request.url))
    if (!key) return refuse(socket, '401 Unauthorized', 'Send the key of the feed: Authorization: Bearer <key>.')
    const { feed } = key
    const gate = () => (feed === undefined ? undefined : gates.of(feed))
    if (gate()?.allows(plainAddress(request.socket.remoteAddress ?? '')) === false)
      return refuse(socket, '403 Forbidden', 'This address may not speak for the feed: add it to the addresses of the feed.')
    if (server.clients.size >= limits.sockets) return refuse(socket, '503 Service Unavailable', 'Too many sockets; try again later.')
    server.handleUpgrade(request, socket, head, (ws) => serve(ws, feed, gate))
  }

  function serve(ws: WebSocket, feed: string | undefined, gate: () => Gate | undefined) {
    const line = createLine(ws, engine, limits, gate)
    ws.on('message', (data) => line.take(bytesOf(data), feed))
    ws.on('close', line.stop)
    ws.on('error', (error) => log.info({ error: error.message }, 'a feed socket failed'))
  }

  async function close() {
    for (const ws of server.clients) ws.close(1001, 'going away')
    const deadline = setTimeout(() => server.clients.forEach((ws) => void ws.terminate()), 1_000)
    await new Promise<void>((done) => server.close(() => done()))
    clearTimeout(deadline)
  }
  return { handleUpgrade, close }
}

const NOTHING = { accepted: 0, duplicates: 0, quarantined: 0, ids: [] }

/** One socket: answers in order, and stops reading while too much waits. */
function createLine(ws: WebSocket, engine: Receiver, limits: typeof BOUNDS, gate: () => Gate | undefined) {
  let waiting = 0
  let bytes = 0
  let last: Promise<void> = Promise.resolve()
  let watch: NodeJS.Timeout | undefined
  let stuckSince: number | undefined

  const busy = () =>
    waiting >= limits.inFlight ||
    bytes >= limits.bytesInFlight ||
    ws.bufferedAmount > limits.unread ||
    engine.pressure > PAUSE_ABOVE ||
    (gate()?.wait() ?? 0) > 0
  function slow() {
    if (watch || !busy()) return
    ws.pause()
    watch = setInterval(look, limits.look)
  }
  function look() {
    const now = performance.now()
    stuckSince = ws.bufferedAmount > limits.unread ? (stuckSince ?? now) : undefined
    if (stuckSince !== undefined && now - stuckSince > limits.unreadFor) return ws.terminate()
    if (busy()) return
    stop()
    ws.resume()
  }
  function stop() {
    clearInterval(watch)
    watch = undefined
    stuckSince = undefined
  }
  function answer(receipt: Receipt) {
    if (ws.readyState === ws.OPEN) ws.send(JSON.stringify('problem' in receipt ? { ...NOTHING, ...receipt } : receipt))
  }

  /** Of a feed's own key: its rate holds the socket back, its size refuses the message; that of a paused feed is set aside. */
  async function keep(bytes: Uint8Array, feed: string | undefined): Promise<Receipt> {
    const door = gate()
    const arrival = { source: 'cloudevents', transport: 'websocket', bytes, ...(feed !== undefined && { feed }) }
    if (!door) return engine.receive(arrival)
    if (bytes.byteLength > door.largest) throw tooLarge(`Send at most ${door.largest} bytes at once.`)
    door.count(bytes.byteLength)
    return door.lane.run(bytes.byteLength, () => engine.receive(arrival))
  }

  function take(message: Uint8Array, feed: string | undefined) {
    waiting++
    bytes += message.byteLength
    const settled = keep(message, feed).catch((error: unknown): Receipt => ({ problem: problemOf(error) }))
    last = last
      .then(() => settled)
      .then((receipt) => {
        waiting--
        bytes -= message.byteLength
        answer(receipt)
      })
    slow()
  }
  return { take, stop }
}

function problemOf(error: unknown) {
  if (error instanceof ProblemError) return error.problem
  return { type: 'about:blank', title: 'Internal error', status: 500, detail: 'The message was not kept; send it again.' }
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}

/** Browsers cannot set headers on a WebSocket: `?key=` does instead. */
function queryKey(url: string | undefined): string | undefined {
  const key = new URLSearchParams(url?.split('?', 2)[1]).get('key')
  return key === null ? undefined : `Bearer ${key}`
}

function refuse(socket: Duplex, status: string, detail: string) {
  const [code, title] = [Number(status.slice(0, 3)), status.slice(4)]
  const body = JSON.stringify({ type: 'about:blank', title, status: code, detail })
  socket.on('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
