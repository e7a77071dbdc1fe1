import { createServer, type Server, type Socket } from 'node:net'
import { Aedes, type AedesOptions, type AedesPublishPacket, type Client, type PublishPacket } from 'aedes'
import type { Arrival } from '../../shared/arrival.ts'
import { plainAddress } from './allow-list.ts'
import type { Bus } from './bus.ts'
import { commitGated } from './commit.ts'
import { createDeliveries } from './deliveries.ts'
import type { Gates } from './gates.ts'
import { guardPackets } from './packet-guard.ts'
import type { PassedBy } from './passed-by.ts'
import { type AuthorizeFeed, LARGEST_MESSAGE, type Log, type Receiver } from './receiver.ts'
import { feedOfTopic, sourceOfTopic } from './topics.ts'

export interface BrokerOptions {
  engine: Receiver
  port: number
  host?: string
  gates: Gates
  log: Log
  passedBy?: PassedBy
  /** live mode: the password of a client is its feed's key. Absent (demo): everybody on this machine may publish. */
  authorizeFeed?: AuthorizeFeed
}
export interface Broker {
  /** null: the port was taken, there is none */
  port: number | null
  /** to speak to whoever listens, and to hear what is no signal */
  bus: Bus
  close(): Promise<void>
}

/** Every sensor of an estate, each with a connection of its own; some 60 KB each. */
const MOST_CONNECTIONS = 4_000
const LONGEST_RETAINED = 64 * 1024
const MOST_RETAINED = 20_000
/** ms; a subscriber that does not read for so long is cut off */
const DRAIN_TIMEOUT = 3_000

/**
 * The embedded MQTT 3.1.1 broker. aedes acknowledges QoS 1 before it publishes, so a signal is committed while the publish is authorised (I6).
 * It keeps no sessions over a disconnect: what waits for an absent subscriber would have no bound.
 */
export async function startBroker({
  engine,
  port,
  host = '127.0.0.1',
  gates,
  log,
  authorizeFeed,
  passedBy,
}: BrokerOptions): Promise<Broker> {
  const stopping = new AbortController()
  const feeds = new WeakMap<Client, { feed?: string }>()
  const feedOf = (client: Client | null) => (client ? feeds.get(client)?.feed : undefined)
  const take = createTaker(engine, gates, log, stopping.signal, feedOf)
  const takeIn: Authorize = (client, packet, done) => {
    if (sourceOfTopic(packet.topic) === undefined) passedBy?.note()
    take(client, packet, done)
  }
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
  return { port: bound, bus: busOf(broker), close: bound === null ? async () => {} : close }
}

function busOf(broker: Aedes): Bus {
  return {
    publish: (topic, payload) =>
      new Promise((done, fail) =>
        broker.publish({ cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: false, dup: false }, (error) =>
          error ? fail(error) : done(),
        ),
      ),
    async subscribe(topic, take) {
      const deliver = (packet: AedesPublishPacket, done: () => void) => {
        take(packet.topic, packet.payload.toString())
        done()
      }
      await new Promise<void>((done) => broker.subscribe(topic, deliver, done))
      return () => new Promise((done) => broker.unsubscribe(topic, deliver, done))
    },
  }
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

function createTaker(
  engine: Receiver,
  gates: Gates,
  log: Log,
  signal: AbortSignal,
  feedOf: (client: Client | null) => string | undefined,
): Authorize {
  const markOf = createDeliveries()
  const limitRetained = createRetainedLimit()
  return (client, packet, done) => {
    if (packet.topic.startsWith('$')) return done(new Error('topics that begin with $ are the broker’s own'))
    limitRetained(packet)
    const source = sourceOfTopic(packet.topic)
    if (source === undefined) return done(null)
    const own = feedOf(client)
    const gate = gates.of(own ?? feedOfTopic(packet.topic))
    const remote = addressOf(client)
    if (!gate.allows(remote)) return done(new Error(`${remote} may not speak for the feed of ${packet.topic}`))
    const arrival = arrivalOf(source, packet, markOf(client?.id ?? '', packet as Parameters<typeof markOf>[1]), own)
    if (remote !== undefined) arrival.remote = remote
    commitGated(engine, gate, arrival, log, signal).then(
      () => done(null),
      (error: Error) => done(error),
    )
  }
}

function arrivalOf(source: Arrival['source'], packet: PublishPacket, ref: string, feed: string | undefined): Arrival {
  const bytes = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : new Uint8Array(packet.payload)
  return { source, transport: 'mqtt', topic: packet.topic, ref, bytes, ...(feed !== undefined && { feed }) }
}

function addressOf(client: Client | null): string | undefined {
  const address = (client?.conn as Socket | undefined)?.remoteAddress
  return address === undefined ? undefined : plainAddress(address)
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
