import { createServer, type Server, type Socket } from 'node:net'
import { Aedes, type AedesOptions, type AedesPublishPacket, type Client, type PublishPacket } from 'aedes'
import type { Arrival } from '../../shared/arrival.ts'
import { commit } from './commit.ts'
import { createDeliveries } from './deliveries.ts'
import { guardPackets } from './packet-guard.ts'
import { type AuthorizeFeed, LARGEST_MESSAGE, type Log, type Receiver } from './receiver.ts'
import { sourceOfTopic } from './topics.ts'

export interface BrokerOptions {
  engine: Receiver
  port: number
  host?: string
  log: Log
  /** live mode: the password of a client is its feed's key. Absent (demo): everybody on this machine may publish. */
  authorizeFeed?: AuthorizeFeed
}
export interface Broker {
  /** null: the port was taken, there is none */
  port: number | null
  close(): Promise<void>
}

const MOST_CONNECTIONS = 1_000
const LONGEST_RETAINED = 64 * 1024
const MOST_RETAINED = 20_000
/** ms; a subscriber that does not read for so long is cut off */
const DRAIN_TIMEOUT = 3_000

/**
 * The embedded MQTT 3.1.1 broker. aedes acknowledges QoS 1 before it publishes, so a signal is committed while the publish is authorised (I6).
 * It keeps no sessions over a disconnect: what waits for an absent subscriber would have no bound.
 */
export async function startBroker({ engine, port, host = '127.0.0.1', log, authorizeFeed }: BrokerOptions): Promise<Broker> {
  const stopping = new AbortController()
  const feeds = new WeakMap<Client, { feed?: string }>()
  const takeIn = createTaker(engine, log, stopping.signal, (client) => (client ? feeds.get(client)?.feed : undefined))
  const broker = await Aedes.createBroker({
    concurrency: 100,
    drainTimeout: DRAIN_TIMEOUT,
    connectTimeout: 10_000,
    queueLimit: 1_000,
    preConnect: withoutSession,
    authorizePublish: takeIn,
    ...(authorizeFeed && { authenticate: authenticator(authorizeFeed, feeds) }),
  })
  broker.on('clientError', (client, error) => log.info({ client: client.id, error: error.message }, 'an MQTT client failed'))
  broker.on('connectionError', (_client, error) => log.info({ error: error.message }, 'an MQTT connection failed'))
  ;(broker as NodeJS.EventEmitter).on('error', (error: Error) => log.warn({ error: error.message }, 'the MQTT broker failed'))
  const server = createServer((socket) => connect(broker, socket))
  server.maxConnections = MOST_CONNECTIONS
  const bound = await listen(server, port, host)
  if (bound === null) log.warn({ port }, 'the MQTT port is taken: going on without the embedded broker')
  const close = async () => {
    stopping.abort()
    await new Promise<void>((done) => broker.close(done))
    if (bound !== null) await new Promise<void>((done) => server.close(() => done()))
  }
  if (bound === null) await close()
  return { port: bound, close: bound === null ? async () => {} : close }
}

function connect(broker: Aedes, socket: Socket) {
  socket.on('error', () => socket.destroy())
  guardPackets(socket, LARGEST_MESSAGE)
  broker.handle(socket)
}

const withoutSession: AedesOptions['preConnect'] = (_client, packet, done) => {
  packet.clean = true
  done(null, true)
}

function authenticator(authorizeFeed: AuthorizeFeed, feeds: WeakMap<Client, { feed?: string }>): AedesOptions['authenticate'] {
  return (client, _username, password, done) => {
    const key = authorizeFeed(`Bearer ${password?.toString() ?? ''}`)
    if (key) feeds.set(client, key)
    done(null, key !== undefined)
  }
}

type Authorize = NonNullable<AedesOptions['authorizePublish']>

function createTaker(engine: Receiver, log: Log, signal: AbortSignal, feedOf: (client: Client | null) => string | undefined): Authorize {
  const markOf = createDeliveries()
  const limitRetained = createRetainedLimit()
  return (client, packet, done) => {
    if (packet.topic.startsWith('$')) return done(new Error('topics that begin with $ are the broker’s own'))
    limitRetained(packet)
    const source = sourceOfTopic(packet.topic)
    if (source === undefined) return done(null)
    const arrival = arrivalOf(source, packet, markOf(client?.id ?? '', packet as Parameters<typeof markOf>[1]), feedOf(client))
    commit(engine, arrival, log, signal).then(
      () => done(null),
      (error: Error) => done(error),
    )
  }
}

function arrivalOf(source: Arrival['source'], packet: PublishPacket, ref: string, feed: string | undefined): Arrival {
  const bytes = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : new Uint8Array(packet.payload)
  return { source, transport: 'mqtt', topic: packet.topic, ref, bytes, ...(feed !== undefined && { feed }) }
}

/** A retained message lives as long as the broker: only so many topics, and none that is large, are retained. */
function createRetainedLimit() {
  const topics = new Set<string>()
  return (packet: PublishPacket | AedesPublishPacket) => {
    if (!packet.retain) return
    if (packet.payload.length === 0) topics.delete(packet.topic)
    else if (packet.payload.length <= LONGEST_RETAINED && (topics.has(packet.topic) || topics.size < MOST_RETAINED))
      topics.add(packet.topic)
    else packet.retain = false
  }
}

/** the port that is listened on; null when it is taken */
function listen(server: Server, port: number, host: string): Promise<number | null> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? done(null) : fail(error),
    )
    server.listen(port, host, () => done((server.address() as { port: number }).port))
  })
}
