import { createServer, type Socket } from 'node:net'
import type { Log, Receiver } from './receiver.ts'
import { CONNECTION_BOUNDS, type SiaConnection, serveConnection } from './sia-connection.ts'
import type { SiaDoor } from './sia-door.ts'

const BOUNDS = { ...CONNECTION_BOUNDS, connections: 2_000 }
export type TcpBounds = typeof BOUNDS

interface Options {
  engine: Receiver
  door: SiaDoor
  log: Log
  bounds?: Partial<TcpBounds>
}

/** The TCP side: when there is no more room, whoever said nothing sound goes first. */
export function createSiaTcp({ engine, door, log, bounds }: Options) {
  const limits = { ...BOUNDS, ...bounds }
  const connections = new Map<Socket, SiaConnection>()
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    if (connections.size >= limits.connections) makeRoom(connections)
    const remote = socket.remoteAddress
    socket.on('error', (error) => log.info({ remote, error: error.message }, 'a connection of a panel failed'))
    socket.on('close', () => connections.delete(socket))
    connections.set(socket, serveConnection({ socket, engine, door, limits }))
  })
  server.on('error', (error) => log.warn({ error: error.message }, 'the TCP socket of the panels failed'))

  function close() {
    for (const socket of connections.keys()) socket.destroy()
    return new Promise<void>((done) => server.close(() => done()))
  }
  return { server, close }
}

/** The oldest that brought nothing sound yet, else the one that was quiet for longest. */
function makeRoom(connections: Map<Socket, SiaConnection>) {
  const [worst] = [...connections].reduce((a, b) => (isWorse(b[1], a[1]) ? b : a))
  connections.delete(worst)
  worst.destroy()
}
const isWorse = (a: SiaConnection, b: SiaConnection) => (a.sound === b.sound ? a.at < b.at : b.sound)
