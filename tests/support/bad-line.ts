import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface BadLine {
  url: string
  /** method and path of what the server answered, in order; also of answers that got lost on the way back */
  heard: { method: string; path: string; key?: string; status: number; at: number; delivered: boolean }[]
  /** nothing gets through */
  cut(isCut: boolean): void
  /** the server does it, and the answer is lost */
  loseAnswer(path: RegExp, times?: number): void
  close(): Promise<void>
}

/** Between a browser and the server: a real line that can be cut, and that can lose answers. */
export async function badLine(target: string): Promise<BadLine> {
  const heard: BadLine['heard'] = []
  const losing: { path: RegExp; times: number }[] = []
  let down = false

  const forward = (from: IncomingMessage, to: ServerResponse) => {
    if (down) return void from.socket.destroy()
    const { method = 'GET', url = '/', headers } = from
    const onward = request(new URL(url, target), { method, headers }, (answer) => {
      const loss = method === 'GET' ? undefined : losing.find(({ path, times }) => times > 0 && path.test(url))
      const isLost = loss !== undefined || down
      const key = headers['idempotency-key']
      const line = { method, path: url, status: answer.statusCode ?? 0, at: Date.now(), delivered: !isLost }
      heard.push({ ...line, ...(typeof key === 'string' && { key }) })
      if (loss) loss.times -= 1
      if (isLost) {
        answer.resume()
        return void from.socket.destroy()
      }
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(to)
    })
    onward.on('error', () => from.socket.destroy())
    from.pipe(onward)
  }
  const server = createServer(forward)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    cut(isCut) {
      down = isCut
      if (isCut) server.closeAllConnections()
    },
    loseAnswer: (path, times = 1) => void losing.push({ path, times }),
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
