import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { FeedBook } from '../../server/feeds/book.ts'
import { createGates } from '../../server/feeds/gates.ts'
import { type SiaOptions, startSia } from '../../server/feeds/sia.ts'
import { makeFrame, readFrame } from '../../server/feeds/sources/sia/frame.ts'
import type { Device } from '../../shared/device.ts'
import type { Feed } from '../../shared/feed.ts'
import { feedDevice, testIntake } from './intake.ts'
import { silentLog, type TestReceiver, testReceiver } from './receiver.ts'

export const KEY_HEX = '12345678901234567890123456789012'

export const siaFeed = (more: Partial<Feed> = {}): Feed => ({
  id: 'panels',
  kind: 'sia-dc09',
  name: '报警主机',
  state: 'active',
  version: 1,
  firstAt: 0,
  ...more,
})

/** Records of feeds that a test changes as people would. */
export function testBook(feeds: Feed[] = [], keys: Record<string, string> = {}) {
  const listeners = new Set<() => void>()
  const book: FeedBook & { set(...feeds: Feed[]): void } = {
    get: (id) => feeds.find((feed) => feed.id === id),
    all: () => feeds,
    password: () => undefined,
    accountKey: (_feed, account) => keys[account],
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set(...next) {
      feeds = next
      for (const listener of listeners) listener()
    },
  }
  return book
}

/** Zones 3 and 129 of panel 1234, and panel 0123, each a device. */
export const panelDevices = (feed = 'sia'): Device[] => [
  feedDevice('panel-1234', 'alarm-panel', feed, { address: '1234' }),
  feedDevice('smoke-129', 'smoke', feed, { address: '1234/129' }),
  feedDevice('button-3', 'help-button', feed, { address: '1234/3' }),
  feedDevice('panel-0123', 'alarm-panel', 'panels', { address: '0123' }),
]

export async function siaReceiver(
  options: Partial<SiaOptions> & { feeds?: Feed[]; keys?: Record<string, string>; devices?: Device[] } = {},
) {
  const { feeds, keys, devices = panelDevices(), ...more } = options
  const engine: TestReceiver = testReceiver(testIntake({ devices }))
  const book = testBook(feeds, keys)
  const sia = await startSia({ engine, book, gates: createGates({ book }), log: silentLog, host: '127.0.0.1', port: 0, ...more })
  return {
    engine,
    book,
    port: sia.port,
    async close() {
      await sia.close()
      engine.close()
    },
  }
}

/** A panel on TCP. */
export async function dialTcp(port: number, { allowHalfOpen = false } = {}) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen })
  await once(socket, 'connect')
  let heard = ''
  let closed = false
  const waiting = new Set<() => void>()
  const tell = () => {
    for (const wake of waiting) wake()
  }
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1')
    tell()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
    tell()
  })
  return {
    socket,
    send: (bytes: Uint8Array | string) => void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    /** the replies so far, once there are so many or the time is over */
    async replies(count: number, ms = 2_000): Promise<string[]> {
      const deadline = performance.now() + ms
      while (bodies(heard).length < count && !closed && performance.now() < deadline) await pause(waiting, deadline)
      return bodies(heard)
    },
    async closed(ms = 2_000) {
      const deadline = performance.now() + ms
      while (!closed && performance.now() < deadline) await pause(waiting, deadline)
      return closed
    },
    raw: () => heard,
    end: () => void socket.destroy(),
  }
}

const pause = (waiting: Set<() => void>, deadline: number) =>
  new Promise<void>((wake) => {
    const timer = setTimeout(done, Math.max(1, deadline - performance.now()))
    function done() {
      clearTimeout(timer)
      waiting.delete(done)
      wake()
    }
    waiting.add(done)
  })

/** The bodies of replies; one whose CRC or length is wrong shows as such. */
function bodies(text: string): string[] {
  return [...text.matchAll(/\n[^\r]*\r/g)].map(([frame]) => {
    const read = readFrame(Buffer.from(frame, 'latin1'))
    return read && read.said.crc === read.is.crc && read.said.length === read.is.length ? read.text : `broken ${frame}`
  })
}

/** One datagram, and the reply; undefined when none comes. */
export async function dialUdp(port: number, bytes: Uint8Array | string, ms = 2_000): Promise<string | undefined> {
  const socket = createSocket('udp4')
  socket.send(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, port, '127.0.0.1')
  const reply = await Promise.race([
    once(socket, 'message').then(([message]) => bodies((message as Buffer).toString('latin1'))[0]),
    new Promise<undefined>((done) => setTimeout(done, ms, undefined)),
  ])
  socket.close()
  return reply
}

export const frame = (body: string) => makeFrame(body).toString('latin1')
