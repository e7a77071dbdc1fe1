import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as sleep, setImmediate as soon } from 'node:timers/promises'

/** Numbers from a seed (mulberry32), 0 ≤ n < 1. */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface AlertDeviceOptions {
  seed: number
  /** alerts until it is done */
  alerts: number
  /** of the first alert, ms; each later one is a second after */
  start: number
  /** how often a connection is dropped or stalls, per alert */
  trouble?: number
  /** resolves when everything that was sent is kept */
  settled?: () => Promise<void>
  user?: string
  password?: string
  /** how the device writes one event of a second; absent: as an ISAPI alert */
  part?: PartMaker
}
export type PartMaker = (second: number, start: number, style: PartStyle, random: () => number) => { text: Buffer; complete: number }

/** A device of our own making that speaks alertStream as badly as real ones do: stalls, splits parts anywhere, drops the line, sends pictures. */
export interface AlertDevice {
  url: string
  /** seconds after the start of each alert whose last byte went out */
  sent: number[]
  /** of those that were cut off: nobody can have them */
  cut: number[]
  /** written shortly before the other side hung up unasked: they may have arrived or not */
  uncertain: number[]
  connections: number
  refused: number
  breaks: Record<'end' | 'reset' | 'stall', number>
  done: Promise<void>
  close(): Promise<void>
}

export const MAC = '44:19:b6:00:00:01'
const REALM = 'DS-7608NI'
/** ms that bytes may lie unread in a socket */
const UNREAD_AT_MOST = 2_000
const NONCE = 'c29tZSBub25jZQ'

export async function alertDevice(options: AlertDeviceOptions): Promise<AlertDevice> {
  const { alerts, trouble = 0.05, user = 'admin', password = 'right', part = alertPart } = options
  const random = randomOf(options.seed)
  const finished = Promise.withResolvers<void>()
  const sockets = new Set<Socket>()
  let next = 0
  const server = createServer((request, response) => {
    if (!isAuthorised(request, user, password)) {
      device.refused++
      return response.writeHead(401, { 'www-authenticate': `Digest realm="${REALM}", qop="auth", nonce="${NONCE}"` }).end()
    }
    void stream(response).catch(() => {})
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  async function stream(response: ServerResponse) {
    const style = styleOf(device.connections++)
    response.writeHead(200, { 'content-type': `multipart/mixed; boundary=${style.boundary}`, connection: 'close' })
    response.flushHeaders()
    const socket = response.socket!
    const recent: { second: number; at: number }[] = []
    let ours = false
    // the other side hung up unasked (its machine was held up): what it had not read by then did not arrive
    socket.once('close', () => {
      const since = performance.now() - UNREAD_AT_MOST
      if (!ours) device.uncertain.push(...recent.filter(({ at }) => at > since).map(({ second }) => second))
    })
    while (next < alerts && !socket.destroyed) {
      const second = next++
      const { text, complete } = part(second, options.start, style, random)
      if (random() < trouble) {
        ours = true
        return breakOff(socket, response, second, text, complete)
      }
      recent.push({ second, at: performance.now() })
      if (!(await write(response, text))) return
      device.sent.push(second)
      if (random() < 0.2) await write(response, picturePart(style, random))
    }
    if (socket.destroyed) return
    ours = true
    await write(response, delimiter(style))
    finished.resolve()
  }

  /** the line ends inside an alert, or right behind its last byte and before the delimiter */
  async function breakOff(socket: Socket, response: ServerResponse, second: number, text: Buffer, complete: number) {
    const at = random() < 0.3 ? complete : Math.floor(random() * (complete - 1))
    const how = (['end', 'reset', 'stall'] as const)[Math.floor(random() * 3)]!
    await write(response, text.subarray(0, at))
    device.breaks[how]++
    if (at >= complete) device.sent.push(second)
    else device.cut.push(second)
    // a reset throws away what the other side has not read yet: that did not arrive
    if (how === 'reset') await (options.settled?.() ?? sleep(30))
    if (how === 'reset') socket.resetAndDestroy()
    if (how === 'end') socket.end()
    if (next >= alerts) finished.resolve()
    if (how === 'stall') await once(socket, 'close')
  }

  /** in pieces of any size; false when the line is gone */
  async function write(response: ServerResponse, bytes: Buffer): Promise<boolean> {
    for (let at = 0; at < bytes.length; ) {
      const size = random() < 0.3 ? bytes.length : 1 + Math.floor(random() * 300)
      if (response.destroyed) return false
      if (!response.write(bytes.subarray(at, at + size))) await Promise.race([once(response, 'drain'), once(response, 'close')])
      at += size
      if (random() < 0.3) await soon()
    }
    return !response.destroyed
  }

  const device: AlertDevice = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    sent: [],
    cut: [],
    uncertain: [],
    connections: 0,
    refused: 0,
    breaks: { end: 0, reset: 0, stall: 0 },
    done: finished.promise,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return device
}

export interface PartStyle {
  boundary: string
  /** as it stands on the wire */
  line: string
  eol: string
  lengths: 'right' | 'none' | 'wrong'
}
const styleOf = (connection: number): PartStyle => {
  const boundary = connection % 2 === 0 ? 'boundary' : '--boundary'
  const eol = connection % 3 === 2 ? '\n' : '\r\n'
  return { boundary, line: `--${boundary}`, eol, lengths: (['right', 'none', 'wrong'] as const)[connection % 3]! }
}
const delimiter = ({ line, eol }: PartStyle) => Buffer.from(`${eol}${line}${eol}`)

export function headOf({ line, eol, lengths }: PartStyle, type: string, length: number): string {
  const declared = lengths === 'none' ? '' : `Content-Length: ${lengths === 'right' ? length : length + 7}${eol}`
  return `${line}${eol}Content-Type: ${type}${eol}${declared}${eol}`
}

function alertPart(second: number, start: number, style: PartStyle, random: () => number): { text: Buffer; complete: number } {
  const heartbeat = random() < 0.3
  const [type, state, count] = heartbeat ? ['videoloss', 'inactive', 0] : ['linedetection', second % 2 === 0 ? 'active' : 'inactive', 1]
  const body = [
    '<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">',
    `<ipAddress>192.168.1.64</ipAddress><portNo>80</portNo><protocol>HTTP</protocol><macAddress>${MAC}</macAddress>`,
    `<channelID>1</channelID><dateTime>${new Date(start + second * 1000).toISOString()}</dateTime>`,
    `<activePostCount>${count}</activePostCount><eventType>${type}</eventType><eventState>${state}</eventState>`,
    `<eventDescription>${'x'.repeat(Math.floor(random() * 400))}</eventDescription>`,
    '</EventNotificationAlert>',
  ].join(style.eol)
  const head = headOf(style, 'application/xml; charset="UTF-8"', Buffer.byteLength(body))
  return { text: Buffer.from(`${head}${body}${style.eol}${style.eol}`), complete: Buffer.byteLength(head + body) }
}

/** what looks like a line end and dashes stands in it */
function picturePart(style: PartStyle, random: () => number): Buffer {
  const bytes = Buffer.from(Array.from({ length: 200 + Math.floor(random() * 20_000) }, () => Math.floor(random() * 256)))
  bytes.write('\r\n--bound\r\n--', 50)
  return Buffer.concat([Buffer.from(headOf(style, 'image/jpeg', bytes.length)), bytes, Buffer.from(style.eol)])
}

function isAuthorised({ method, headers, url }: IncomingMessage, user: string, password: string): boolean {
  const given = headers.authorization ?? ''
  const of = (name: string) => new RegExp(`${name}="?([^",]+)"?`).exec(given)?.[1] ?? ''
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const secret = md5(`${user}:${REALM}:${password}`)
  const expected = md5(`${secret}:${NONCE}:${of('nc')}:${of('cnonce')}:auth:${md5(`${method}:${url}`)}`)
  return given.startsWith('Digest') && of('response') === expected
}
