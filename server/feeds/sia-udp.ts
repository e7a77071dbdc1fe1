import { createSocket } from 'node:dgram'
import type { Log } from './receiver.ts'
import type { SiaDoor } from './sia-door.ts'
import { createFraming, LONGEST_FRAME } from './sia-framing.ts'

/** Datagrams that wait for their commit; more are dropped, and their panels try again. */
const IN_FLIGHT = 1_000
/** Datagrams without a frame that go to quarantine, a minute: anybody can send them. */
const GARBAGE = 60
const MINUTE = 60_000

/** The UDP side: each datagram holds whole frames, each reply goes back to where it came from. */
export function createSiaUdp({ door, log, ipv6 }: { door: SiaDoor; log: Log; ipv6: boolean }) {
  const socket = createSocket(ipv6 ? 'udp6' : 'udp4')
  let waiting = 0
  let garbage = { minute: 0, count: 0 }

  function mayKeepGarbage() {
    const minute = Math.floor(performance.now() / MINUTE)
    if (minute !== garbage.minute) garbage = { minute, count: 0 }
    return ++garbage.count <= GARBAGE
  }

  async function take(bytes: Uint8Array, address: string, port: number) {
    waiting++
    const { reply } = await door(bytes, { transport: 'udp', remote: address })
    waiting--
    if (reply)
      socket.send(reply, port, address, (error) => error && log.info({ address, error: error.message }, 'a reply to a panel failed'))
  }

  socket.on('message', (datagram, { address, port }) => {
    if (datagram.length > LONGEST_FRAME) return
    const framing = createFraming()
    for (const { kind, bytes } of [...framing.push(datagram), ...framing.end()]) {
      if (waiting >= IN_FLIGHT || (kind === 'garbage' && !mayKeepGarbage())) continue
      void take(bytes, address, port)
    }
  })
  socket.on('error', (error) => log.warn({ error: error.message }, 'the UDP socket of the panels failed'))
  return { socket, close: () => new Promise<void>((done) => socket.close(() => done())) }
}
