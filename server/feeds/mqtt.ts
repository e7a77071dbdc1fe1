import mqtt, { type IPublishPacket } from 'mqtt'
import type { Arrival } from '../../shared/arrival.ts'
import type { FeedBook } from './book.ts'
import { commitGated } from './commit.ts'
import { createDeliveries } from './deliveries.ts'
import type { Gates } from './gates.ts'
import { acknowledgeLate } from './late-ack.ts'
import type { PassedBy } from './passed-by.ts'
import type { Log, Receiver } from './receiver.ts'
import { feedOfTopic, sourceOfTopic, topicsOf } from './topics.ts'

export interface BrokerClientOptions {
  engine: Receiver
  gates: Gates
  book: Pick<FeedBook, 'all' | 'onChange'>
  /** mqtt://user:password@host:port or mqtts:// */
  url: string
  /** one per installation: the broker keeps what we have not acknowledged under this name */
  clientId?: string
  log: Log
  passedBy?: PassedBy
}

const RETRY_AFTER = 1_000

/**
 * Subscribes to an outside broker. The session outlives us (`clean: false`), and a QoS 1 message is acknowledged after its commit (I6):
 * what comes while we are away waits at the broker, what was not kept comes again.
 */
export function connectBroker({ engine, gates, book, url, clientId = 'linwang', log, passedBy }: BrokerClientOptions): {
  close(): Promise<void>
} {
  const stopping = new AbortController()
  const markOf = createDeliveries()
  const client = mqtt.connect(url, { clientId, clean: false, reconnectPeriod: RETRY_AFTER, connectTimeout: 10_000, resubscribe: true })

  const keep = async (packet: IPublishPacket) => {
    const source = sourceOfTopic(packet.topic.toString())
    if (source === undefined) return passedBy?.note()
    const gate = gates.of(feedOfTopic(packet.topic))
    await commitGated(engine, gate, arrivalOf(source, packet, markOf(clientId, packet)), log, stopping.signal)
  }
  acknowledgeLate(client, keep, (error) => {
    if (stopping.signal.aborted) return
    log.warn({ error: error.message }, 'a message of the outside broker was not kept: it will come again')
    client.reconnect()
  })
  const subscribed = new Set<string>()
  /** a feed that is made later brings its own topics */
  function follow() {
    const wanted = new Set(topicsOf(book.all()))
    const fresh = [...wanted].filter((topic) => !subscribed.has(topic))
    const gone = [...subscribed].filter((topic) => !wanted.has(topic))
    if (!client.connected) return
    for (const topic of fresh) subscribed.add(topic)
    for (const topic of gone) subscribed.delete(topic)
    if (gone.length > 0) client.unsubscribe(gone)
    if (fresh.length === 0) return
    client.subscribe(fresh, { qos: 1 }, (error) => error && log.warn({ error: error.message }, 'the outside broker refused the topics'))
  }
  const unfollow = book.onChange(follow)
  let told = ''
  client.on('connect', ({ sessionPresent }) => {
    told = ''
    log.info({ sessionPresent }, 'connected to the outside broker')
    subscribed.clear()
    follow()
  })
  // it is tried every second: the same words once are enough
  client.on('error', ({ message }) => {
    if (message !== told) log.warn({ error: message }, 'the outside broker failed')
    told = message
  })
  client.on('offline', () => told === '' && log.warn({}, 'the outside broker is not heard'))

  const close = async () => {
    stopping.abort()
    unfollow()
    await client.endAsync(true)
  }
  return { close }
}

function arrivalOf(source: Arrival['source'], packet: IPublishPacket, ref: string): Arrival {
  const bytes = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : new Uint8Array(packet.payload)
  return { source, transport: 'mqtt', topic: packet.topic, ref, bytes, ...(packet.retain && { retained: true }) }
}
