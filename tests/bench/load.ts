import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import type { RunningServer } from '../support/server.ts'
import { sleep } from './numbers.ts'

/** What a busy estate mostly says: motion, passages, doors, meters, heartbeats of known devices. */
export interface Fleet {
  motion: string[]
  gates: string[]
  doors: string[]
  meters: string[]
  cameras: string[]
  helpButtons: string[]
}

const body = (type: string, device: string, data: string) =>
  `","type":"${type}","subject":"${device}","datacontenttype":"application/json","data":${data},"time":"`

/** A function that gives one serialised CloudEvent a call, each with a random id, at a cost of about a microsecond. */
export function eventMaker(fleet: Fleet): () => string {
  const bodies = [
    ...fleet.motion.flatMap((id) => [body('linwang.motion', id, '{"occupied":true}'), body('linwang.motion', id, '{"occupied":false}')]),
    ...fleet.gates.map((id) => body('linwang.passage', id, '{"direction":"in","granted":true,"credential":"card"}')),
    ...fleet.doors.map((id) => body('linwang.contact', id, '{"open":false}')),
    ...fleet.meters.map((id, n) => body('linwang.meter', id, `{"quantity":"water","reading":${100 + n},"unit":"L"}`)),
    ...fleet.cameras.map((id) => body('linwang.heartbeat', id, '{"online":true}')),
  ]
  const seed = randomBytes(6).toString('hex')
  let n = 0
  let time = ''
  return () => {
    n += 1
    if (n % 100 === 1) {
      time = new Date().toISOString()
    }
    // multiplying by an odd constant scatters the counter: ids are distinct and look random to any index
    const scattered = (Math.imul(n, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
    return `{"specversion":"1.0","source":"/feeds/bench","id":"${scattered}-${seed}-${n}${bodies[n % bodies.length]}${time}"}`
  }
}

export const batchOf = (make: () => string, size: number) => `[${Array.from({ length: size }, make).join(',')}]`

/** As fast as the server acknowledges: `connections` sockets with `inflight` unanswered batches each. Gives accepted signals a second. */
export async function floodWebSocket(
  server: RunningServer,
  make: () => string,
  o: { seconds: number; connections?: number; inflight?: number; batch?: number },
) {
  const end = performance.now() + o.seconds * 1000
  const start = performance.now()
  let accepted = 0
  let refused = 0
  const one = async () => {
    const socket = await openFeed(server)
    const send = () => socket.send(batchOf(make, o.batch ?? 100))
    const done = new Promise<void>((finish) => {
      let open = 0
      const more = () => {
        if (performance.now() < end) {
          open += 1
          send()
        } else if (open === 0) finish()
      }
      socket.on('message', (raw) => {
        const answer = JSON.parse(String(raw)) as { accepted?: number }
        open -= 1
        if (answer.accepted === undefined) refused += 1
        accepted += answer.accepted ?? 0
        more()
      })
      socket.on('close', () => finish())
      for (let i = 0; i < (o.inflight ?? 4); i++) more()
    })
    await done
    socket.close()
  }
  await Promise.all(Array.from({ length: o.connections ?? 4 }, one))
  return { perSecond: Math.round(accepted / ((performance.now() - start) / 1000)), accepted, refused }
}

export async function openFeed(server: RunningServer): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/feeds/ws`, {
    headers: { authorization: `Bearer ${server.feedKey}` },
    perMessageDeflate: false,
  })
  await once(socket, 'open')
  return socket
}

/** One event a request over keep-alive connections, each waiting for its answer. Bare sockets keep the generator cheap. */
export async function floodHttp(server: RunningServer, make: () => string, o: { seconds: number; connections?: number }) {
  const start = performance.now()
  const end = start + o.seconds * 1000
  let accepted = 0
  let other = 0
  const head = `POST /feeds/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${server.feedKey}\r\nContent-Type: application/cloudevents+json\r\nContent-Length: `
  const one = () =>
    new Promise<void>((finish) => {
      const socket = connect(server.port, '127.0.0.1')
      let text = ''
      const send = () => {
        const event = make()
        socket.write(`${head}${event.length}\r\n\r\n${event}`)
      }
      socket.on('connect', send)
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
        const split = text.indexOf('\r\n\r\n')
        const length = /content-length: (\d+)/i.exec(text)
        if (split < 0 || !length || text.length < split + 4 + Number(length[1])) return
        if (text.startsWith('HTTP/1.1 202')) accepted += 1
        else other += 1
        text = ''
        if (performance.now() < end) send()
        else socket.end()
      })
      socket.on('close', () => finish())
      socket.on('error', () => finish())
    })
  await Promise.all(Array.from({ length: o.connections ?? 64 }, one))
  return { perSecond: Math.round(accepted / ((performance.now() - start) / 1000)), accepted, other }
}

/** A steady stream of `rate` signals a second until stopped, in a batch every 10 ms; 0 sends nothing. */
export async function steady(server: RunningServer, make: () => string, rate: number): Promise<() => void> {
  if (rate === 0) return () => {}
  const socket = await openFeed(server)
  socket.on('message', () => {})
  const start = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1000) * rate) - sent
    if (due <= 0) return
    socket.send(batchOf(make, due))
    sent += due
  }, 10)
  await sleep(500)
  return () => {
    clearInterval(timer)
    socket.close()
  }
}

/** The devices of the pilot, from the server's own list. */
export async function fleetOf(server: RunningServer): Promise<Fleet> {
  const session = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'engineer' }),
  })
  const cookie = session.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const ids = async (kind: string) => {
    const found: string[] = []
    let next: string | null = `/api/devices?kind=${kind}&limit=200`
    while (next && found.length < 400) {
      const page = (await (await fetch(server.url + next, { headers: { cookie } })).json()) as {
        items: { id: string }[]
        next: string | null
      }
      found.push(...page.items.map((item) => item.id))
      next = page.next ? `/api/devices?kind=${kind}&limit=200&after=${encodeURIComponent(page.next)}` : null
    }
    return found
  }
  return {
    motion: await ids('motion'),
    gates: await ids('gate'),
    doors: await ids('door-contact'),
    meters: await ids('water-meter'),
    cameras: await ids('camera'),
    helpButtons: await ids('help-button'),
  }
}
