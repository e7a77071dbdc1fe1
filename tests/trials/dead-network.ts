import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface DeadNetwork {
  url: string
  /** `dead`: nothing comes through and nobody is told, as with a pulled cable; `closed`: every connection is closed, and new ones refused */
  become(next: 'open' | 'dead' | 'closed'): void
  close(): void
}

/** A line to a server. What is sent over a dead one waits and arrives when it is mended, as TCP's own repeats would bring it. */
export async function deadNetwork(port: number): Promise<DeadNetwork> {
  let state: 'open' | 'dead' | 'closed' = 'open'
  const sockets = new Set<Socket>()
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('data', (data) => to.write(data))
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    if (state === 'dead') from.pause()
  }
  const server = createServer((near) => {
    if (state === 'closed') return near.destroy()
    const far = connect(port, '127.0.0.1')
    pass(near, far)
    pass(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    become(next) {
      state = next
      for (const socket of sockets) {
        if (next === 'closed') socket.destroy()
        else if (next === 'dead') socket.pause()
        else socket.resume()
      }
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
