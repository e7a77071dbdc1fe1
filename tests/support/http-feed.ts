import { createServer } from 'node:http'
import { connect } from 'node:net'
import Fastify from 'fastify'
import { createHttpFeed } from '../../server/feeds/http.ts'
import { createWebSocketFeed, type WebSocketFeedOptions } from '../../server/feeds/websocket.ts'
import { authorizeFeed, KEY, openGates, silentLog, type TestReceiver, testReceiver } from './receiver.ts'

/** `POST /feeds/events` on a free port. */
export async function httpFeed(engine: TestReceiver = testReceiver()) {
  const app = Fastify()
  await app.register(createHttpFeed({ engine, authorizeFeed, gates: openGates() }))
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const port = Number(new URL(url).port)
  return {
    engine,
    port,
    url: `${url}/feeds/events`,
    async post(body: string | Uint8Array, contentType?: string, headers: Record<string, string> = {}) {
      const all = { authorization: `Bearer ${KEY}`, ...(contentType !== undefined && { 'content-type': contentType }), ...headers }
      const response = await fetch(`${url}/feeds/events`, { method: 'POST', body: body as BodyInit, headers: all })
      return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> }
    },
    async close() {
      await app.close()
      engine.close()
    },
  }
}

/** Bytes to a port as they are; what comes back until the other side closes, or `ms` of silence. */
export function talk(port: number, bytes: Uint8Array | string, ms = 300): Promise<string> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setTimeout(ms, () => socket.destroy())
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => done(answer))
    socket.on('connect', () => socket.write(bytes))
  })
}

/** `/feeds/ws` on a free port. */
export async function webSocketFeed(engine: TestReceiver = testReceiver(), bounds: WebSocketFeedOptions['bounds'] = {}) {
  const feed = createWebSocketFeed({ engine, authorizeFeed, gates: openGates(), log: silentLog, bounds })
  const server = createServer()
  server.on('upgrade', feed.handleUpgrade)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  return {
    engine,
    port,
    url: `ws://127.0.0.1:${port}/feeds/ws`,
    async close() {
      await feed.close()
      await new Promise((done) => server.close(done))
      engine.close()
    },
  }
}
