import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { FeedKind } from '../../shared/feed.ts'
import type { FeedBook } from './book.ts'
import type { Gates } from './gates.ts'
import type { Log, Receiver } from './receiver.ts'
import { createSiaAccounts } from './sia-accounts.ts'
import { createSiaDoor } from './sia-door.ts'
import { createSupervision } from './sia-supervision.ts'
import { createSiaTcp, type TcpBounds } from './sia-tcp.ts'
import { createSiaUdp } from './sia-udp.ts'

export interface SiaOptions {
  engine: Receiver
  book: Pick<FeedBook, 'get' | 'all' | 'accountKey' | 'onChange'>
  gates: Gates
  log: Log
  host: string
  /** of both TCP and UDP; 0 in tests: any that is free for both */
  port: number
  bounds?: Partial<TcpBounds>
  /** demo mode: makes a feed of this kind */
  meet?: ((kind: FeedKind, feed: string) => Promise<unknown>) | undefined
  wallClock?: () => number
  patience?: number
}

const LOOK = 5_000

/** The receiver of alarm panels: SIA DC-09 over TCP and UDP on one port. Rejects when the port is taken. */
export async function startSia({ engine, book, gates, log, host, port, bounds, meet, wallClock, patience }: SiaOptions) {
  const accounts = createSiaAccounts(book)
  const supervision = createSupervision({ engine, accounts })
  const met = meet && (async (feed: string) => book.get(feed) ?? meet('sia-dc09', feed))
  const door = createSiaDoor({
    engine,
    accounts,
    gates,
    log,
    meet: met,
    heard: supervision.heard,
    ...(wallClock && { wallClock }),
    ...(patience !== undefined && { patience }),
  })
  const tcp = createSiaTcp({ engine, door, log, ...(bounds && { bounds }) })
  const udp = createSiaUdp({ door, log, ipv6: host.includes(':') })
  tcp.server.listen(port, host)
  await once(tcp.server, 'listening')
  const taken = (tcp.server.address() as AddressInfo).port
  udp.socket.bind(taken, host)
  await once(udp.socket, 'listening').catch(async (error: unknown) => {
    await tcp.close()
    throw error
  })
  const watch = setInterval(() => void supervision.look(), LOOK)
  return {
    port: taken,
    async close() {
      clearInterval(watch)
      await Promise.all([tcp.close(), udp.close()])
    },
  }
}
