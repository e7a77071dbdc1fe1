import type { Arrival } from '../../../shared/arrival.ts'
import { boundaryOf, createSplitter, type MultipartPart } from '../multipart.ts'
import type { OutgoingClient, OutgoingOptions } from './client.ts'
import { keepConnected, Refused, type Session, WAITS, type Waits } from './connection.ts'
import { createDeviceClient, type DeviceClient, type DeviceResponse } from './digest.ts'
import { insist } from './insist.ts'

/** How one vendor speaks on an answer that never ends. */
export interface StreamDialect {
  name: string
  path: string
  accept: string
  /** as the splitter asks: the part is here as a whole, before its delimiter comes */
  isComplete(tail: string, length: number, headers: Readonly<Record<string, string>>): boolean
  /** nothing of a part is missing behind which the stream broke off */
  isWhole(body: Buffer, headers: Readonly<Record<string, string>>): boolean
  /** for one connection */
  listen(connection: StreamConnection): Listener
}
export interface Listener {
  /** what of a part the engine gets; undefined: nothing */
  take(part: MultipartPart, body: Buffer): Omit<Arrival, 'feed' | 'remote' | 'bytes'> | undefined
  /** ms without a byte after which the connection is given up now */
  silentAfter(): number
}
export interface StreamConnection {
  /** real time when it came to be, ms */
  since: number
  now(): number
}

export interface StreamTuning {
  /** instead of the dialect's own */
  stallAfter?: number
  /** ms until the device answers the request */
  answerWithin?: number
  waits?: Partial<Waits>
}

/**
 * One request whose answer never ends, a part for each event. Each part that is here as a whole goes to the engine, in order, and the next is
 * read only when it is kept; half a part is nothing. What the device says while the line is down is lost, and shown as a gap: these protocols
 * cannot replay.
 */
export const createPartStream =
  (dialect: StreamDialect, tuning: StreamTuning = {}): OutgoingClient =>
  (options) => {
    const { feed, password } = options
    const client = createDeviceClient({
      url: feed.connection!.url,
      username: feed.connection!.username,
      password,
      selfSigned: feed.connection!.selfSigned,
      ...(tuning.answerWithin !== undefined && { timeout: tuning.answerWithin }),
    })
    const { stallAfter } = tuning
    const listen = (connection: StreamConnection): Listener => {
      const listener = dialect.listen(connection)
      return stallAfter === undefined ? listener : { ...listener, silentAfter: () => stallAfter }
    }
    return keepConnected(options, (session) => connect(options, client, session, { ...dialect, listen }), { ...WAITS, ...tuning.waits })
  }

async function connect(options: OutgoingOptions, client: DeviceClient, session: Session, dialect: StreamDialect): Promise<string> {
  const response = await client.request({ path: dialect.path, headers: { accept: dialect.accept }, signal: options.signal })
  const { status, stream, headers } = response
  if (status !== 200) {
    stream.destroy()
    if (status === 401 || status === 403) throw new Refused(`the device refuses the name or password (${status})`)
    return `the device answers ${status}`
  }
  await session.up()
  options.log.info({ feed: options.feed.id, type: headers['content-type'] }, `the ${dialect.name} is open`)
  return read(options, response, session, dialect)
}

/** Parts that wait for the engine; with more of them nothing is read, so that memory stays bounded. */
const MOST_WAITING = 64

/** Until the stream ends, breaks or stalls, and everything that arrived as a whole is kept. */
async function read(options: OutgoingOptions, response: DeviceResponse, session: Session, dialect: StreamDialect): Promise<string> {
  const { stream, headers } = response
  const listener = dialect.listen({ since: options.now(), now: options.now })
  const delivery = createDelivery(options, response, dialect, listener)
  const splitter = createSplitter({ boundary: boundaryOf(headers['content-type']), onPart: delivery.take, complete: dialect.isComplete })
  const watchdog = createWatchdog((after) => stream.destroy(new Error(`nothing came for ${after / 1000} s`)))
  const watch = () => watchdog.watch(listener.silentAfter())
  let reason = 'the device closed the connection'
  const closed = new Promise<void>((done) => stream.once('close', done))
  stream.on('error', (error) => {
    reason = error.message
  })
  // handlers, not an iterator: that one drops what it has not handed out yet when the connection breaks
  stream.on('data', (chunk: Buffer) => {
    session.heard()
    splitter.push(chunk)
    if (delivery.waiting() <= MOST_WAITING) return watch()
    watchdog.rest()
    stream.pause()
    void delivery.done().then(() => {
      if (stream.destroyed) return
      watch()
      stream.resume()
    })
  })
  watch()
  if (!stream.closed) await closed
  watchdog.rest()
  for (let left = stream.read() as Buffer | null; left !== null; left = stream.read() as Buffer | null) splitter.push(left)
  splitter.end()
  await delivery.done()
  return reason
}

/** One part after the other, in order. What ended in the middle is no part. */
function createDelivery(options: OutgoingOptions, { remote }: DeviceResponse, dialect: StreamDialect, listener: Listener) {
  const { feed, engine, log, signal } = options
  const arrivals: Arrival[] = []
  let running: Promise<void> | undefined
  async function run() {
    for (let next = arrivals[0]; next; next = arrivals[0]) {
      await insist(engine, next, signal, log)
      arrivals.shift()
    }
  }
  const start = () => {
    running ??= run()
      .catch((error: Error) => {
        log.warn({ feed: feed.id, parts: arrivals.length, reason: error.message }, `parts of the ${dialect.name} could not be kept`)
        arrivals.length = 0
      })
      .finally(() => {
        running = undefined
      })
  }
  return {
    take(part: MultipartPart) {
      const { body } = part
      if (part.tooLong) log.warn({ feed: feed.id, bytes: part.length }, `a part of the ${dialect.name} is too long`)
      if (!body || body.length === 0 || !(part.whole || dialect.isWhole(body, part.headers))) return
      const arrival = listener.take(part, body)
      if (!arrival) return
      arrivals.push({ ...arrival, feed: feed.id, bytes: body, ...(remote !== undefined && { remote }) })
      start()
    },
    waiting: () => arrivals.length,
    async done() {
      while (running) await running
    },
  }
}

/** When this process itself was held up, what came meanwhile is read before the line is called dead. */
function createWatchdog(bark: (after: number) => void) {
  let timer: NodeJS.Timeout | undefined
  let last: NodeJS.Immediate | undefined
  const rest = () => {
    clearTimeout(timer)
    clearImmediate(last)
  }
  return {
    rest,
    watch(after: number) {
      rest()
      timer = setTimeout(() => {
        last = setImmediate(bark, after)
      }, after)
    },
  }
}
