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

/** Until the stream ends, breaks or stalls; then what is complete of its last part is taken too. */
async function read(options: OutgoingOptions, { stream, headers, remote }: DeviceResponse, session: Session, dialect: StreamDialect) {
  const { feed, engine, log, signal, now } = options
  const waiting: MultipartPart[] = []
  const splitter = createSplitter({
    boundary: boundaryOf(headers['content-type']),
    onPart: (part) => waiting.push(part),
    complete: dialect.isComplete,
  })
  const listener = dialect.listen({ since: now(), now })
  const watchdog = createWatchdog((after) => stream.destroy(new Error(`nothing came for ${after / 1000} s`)))
  const deliver = async () => {
    watchdog.rest()
    for (const part of waiting.splice(0)) {
      const { body } = part
      if (part.tooLong) log.warn({ feed: feed.id, bytes: part.length }, `a part of the ${dialect.name} is too long`)
      if (!body || body.length === 0) continue
      const arrival = listener.take(part, body)
      if (arrival) await insist(engine, { ...arrival, feed: feed.id, bytes: body, ...(remote !== undefined && { remote }) }, signal)
    }
    watchdog.watch(listener.silentAfter())
  }
  let reason = 'the device closed the connection'
  try {
    watchdog.watch(listener.silentAfter())
    for await (const chunk of stream) {
      session.heard()
      splitter.push(chunk as Buffer)
      await deliver()
    }
  } catch (error) {
    reason = (error as Error).message
  }
  splitter.end()
  const whole = waiting.filter((part) => part.whole || (part.body !== undefined && dialect.isWhole(part.body, part.headers)))
  waiting.splice(0, waiting.length, ...whole)
  await deliver().catch(() => {})
  watchdog.rest()
  return reason
}

function createWatchdog(bark: (after: number) => void) {
  let timer: NodeJS.Timeout | undefined
  const rest = () => clearTimeout(timer)
  return {
    rest,
    watch(after: number) {
      rest()
      timer = setTimeout(bark, after, after)
    },
  }
}
