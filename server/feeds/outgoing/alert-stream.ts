import type { Arrival } from '../../../shared/arrival.ts'
import { boundaryOf, createSplitter, type MultipartPart } from '../multipart.ts'
import type { OutgoingClient, OutgoingOptions } from './client.ts'
import { keepConnected, Refused, type Session, WAITS, type Waits } from './connection.ts'
import { createDeviceClient, type DeviceClient, type DeviceResponse } from './digest.ts'
import { insist } from './insist.ts'

export interface AlertStreamTuning {
  /** ms without a byte after which the connection is given up; a device beats every 10 s */
  stallAfter?: number
  /** ms until the device answers the request */
  answerWithin?: number
  waits?: Partial<Waits>
}

const PATH = '/ISAPI/Event/notification/alertStream'
const STALL_AFTER = 35_000
const ALERT_END = '</EventNotificationAlert>'

/**
 * Hikvision's alertStream: one request whose answer never ends, a part for each alert. Each part that is here as a whole goes to the engine,
 * in order, and the next is read only when it is kept; half a part is nothing. What the device says while the line is down is lost, and shown
 * as a gap: the protocol cannot replay.
 */
export const createAlertStream =
  (tuning: AlertStreamTuning = {}): OutgoingClient =>
  (options) => {
    const { feed, password } = options
    const client = createDeviceClient({
      url: feed.connection!.url,
      username: feed.connection!.username,
      password,
      selfSigned: feed.connection!.selfSigned,
      ...(tuning.answerWithin !== undefined && { timeout: tuning.answerWithin }),
    })
    const stallAfter = tuning.stallAfter ?? STALL_AFTER
    return keepConnected(options, (session) => connect(options, client, session, stallAfter), { ...WAITS, ...tuning.waits })
  }

export const alertStream: OutgoingClient = createAlertStream()

async function connect(options: OutgoingOptions, client: DeviceClient, session: Session, stallAfter: number): Promise<string> {
  const response = await client.request({ path: PATH, headers: { accept: 'multipart/mixed' }, signal: options.signal })
  const { status, stream, headers } = response
  if (status !== 200) {
    stream.destroy()
    if (status === 401 || status === 403) throw new Refused(`the device refuses the name or password (${status})`)
    return `the device answers ${status}`
  }
  await session.up()
  options.log.info({ feed: options.feed.id, type: headers['content-type'] }, 'the alert stream is open')
  return read(options, response, session, stallAfter)
}

/** Until the stream ends, breaks or stalls; then what is complete of its last part is taken too. */
async function read(options: OutgoingOptions, { stream, headers, remote }: DeviceResponse, session: Session, stallAfter: number) {
  const waiting: MultipartPart[] = []
  const splitter = createSplitter({
    boundary: boundaryOf(headers['content-type']),
    onPart: (part) => waiting.push(part),
    complete: isComplete,
  })
  const watchdog = createWatchdog(stallAfter, () => stream.destroy(new Error(`nothing came for ${stallAfter / 1000} s`)))
  const deliver = async () => {
    watchdog.rest()
    for (const part of waiting.splice(0)) {
      if (part.body && part.body.length > 0) await insist(options.engine, arrivalOf(part, part.body, options, remote), options.signal)
      else if (part.tooLong) options.log.warn({ feed: options.feed.id, bytes: part.length }, 'a part of the alert stream is too long')
    }
    watchdog.watch()
  }
  let reason = 'the device closed the connection'
  try {
    watchdog.watch()
    for await (const chunk of stream) {
      session.heard()
      splitter.push(chunk as Buffer)
      await deliver()
    }
  } catch (error) {
    reason = (error as Error).message
  }
  splitter.end()
  waiting.splice(0, waiting.length, ...waiting.filter(isWhole))
  await deliver().catch(() => {})
  watchdog.rest()
  return reason
}

const arrivalOf = (part: MultipartPart, bytes: Uint8Array, { feed }: OutgoingOptions, remote: string | undefined): Arrival => ({
  source: 'hikvision',
  transport: 'alertstream',
  feed: feed.id,
  headers: { 'content-type': part.headers['content-type'] ?? 'application/xml' },
  bytes,
  ...(remote !== undefined && { remote }),
})

/** An XML alert ends with its closing tag. A JSON one where its Content-Length says, if that is the end of an object. */
function isComplete(tail: string, length: number, headers: Readonly<Record<string, string>>): boolean {
  if (tail.endsWith(ALERT_END)) return true
  const declared = Number(headers['content-length'])
  return tail.endsWith('}') && Number.isInteger(declared) && declared > 0 && length >= declared
}

/** The stream broke off behind it: it counts when nothing of it is missing. */
function isWhole({ whole, body }: MultipartPart): boolean {
  if (whole || !body) return whole
  const text = body.toString('utf8').trim()
  return text.endsWith(ALERT_END) || (text.startsWith('{') && isJson(text))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function createWatchdog(after: number, bark: () => void) {
  let timer: NodeJS.Timeout | undefined
  const rest = () => clearTimeout(timer)
  return {
    rest,
    watch() {
      rest()
      timer = setTimeout(bark, after)
    },
  }
}
