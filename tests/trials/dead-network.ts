import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface DeadNetwork {
  url: string
  /** `dead`: nothing comes through and nobody is told, as with a pulled cable; `closed`: every connection is closed, and new ones refused */
  become(next: 'open' | 'dead' | 'closed'): void
  close(): void
}

/**
 * A line to a server. What is sent over a dead one waits and arrives when it is mended, as TCP's own repeats would bring it; what was begun
 * and given up meanwhile never existed.
 */
export async function deadNetwork(port: number): Promise<DeadNetwork> {
  let state: 'open' | 'dead' | 'closed' = 'open'
  const sockets = new Set<Socket>()
  const waiting = new Map<Socket, Buffer[]>()

  const join = (near: Socket, said: readonly Buffer[] = []) => {
    const far = connect(port, '127.0.0.1')
    for (const data of said) far.write(data)
    pass(near, far)
    pass(far, near)
  }
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('data', (data) => to.write(data))
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
  }
  /** read, so that its end is noticed */
  const hold = (near: Socket) => {
    const said: Buffer[] = []
    waiting.set(near, said)
    near.on('data', (data) => said.push(data))
    near.on('error', () => {})
    near.on('close', () => waiting.delete(near))
  }
  const mend = () => {
    for (const [near, said] of waiting) {
      near.removeAllListeners()
      join(near, said)
    }
    waiting.clear()
  }
  const server = createServer((near) => {
    if (state === 'closed') near.destroy()
    else if (state === 'dead') hold(near)
    else join(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const all = () => [...sockets, ...waiting.keys()]
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    become(next) {
      state = next
      if (next === 'closed') for (const socket of all()) socket.destroy()
      if (next === 'dead') for (const socket of sockets) socket.pause()
      if (next !== 'open') return
      for (const socket of sockets) socket.resume()
      mend()
    },
    close() {
      for (const socket of all()) socket.destroy()
      server.close()
    },
  }
}
