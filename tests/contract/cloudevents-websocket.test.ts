import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { readSignals } from '../../server/store/signal-lists.ts'
import { webSocketFeed } from '../support/http-feed.ts'
import { cloudEvent } from '../support/intake.ts'
import { KEY, until } from '../support/receiver.ts'

let feed: Awaited<ReturnType<typeof webSocketFeed>>
beforeEach(async () => {
  feed = await webSocketFeed(undefined, { inFlight: 4, unread: 16 * 1024, unreadFor: 200, look: 5 })
})
afterEach(() => feed.close())

async function open(key: string | undefined = KEY) {
  const ws = new WebSocket(feed.url, { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } })
  const answers: Record<string, unknown>[] = []
  ws.on('message', (data) => answers.push(JSON.parse(String(data)) as Record<string, unknown>))
  ws.on('error', () => {})
  await new Promise<void>((done, fail) => {
    ws.once('open', () => done())
    ws.once('unexpected-response', (_request, response) => fail(new Error(String(response.statusCode))))
  })
  return { ws, answers, send: (value: unknown) => ws.send(typeof value === 'string' ? value : JSON.stringify(value)) }
}

test('[I1] each message is answered after its commit, with the ids that are stored', async () => {
  const { send, answers } = await open()
  feed.engine.hold()
  send(cloudEvent({ id: 'a' }))
  await until(() => feed.engine.arrivals.length === 1)
  expect(answers).toEqual([])
  feed.engine.release()
  await until(() => answers.length === 1)
  send([cloudEvent({ id: 'b' }), cloudEvent({ id: 'a' }), cloudEvent({ id: 'c', subject: 'nobody' })])
  await until(() => answers.length === 2)
  expect(answers).toEqual([
    { accepted: 1, duplicates: 0, quarantined: 0, ids: ['a'] },
    { accepted: 1, duplicates: 1, quarantined: 1, ids: ['b', 'a'] },
  ])
})

test('[I3] a malformed message is answered with its problem in its turn, and the socket lives on', async () => {
  const { send, answers } = await open()
  for (const message of [cloudEvent({ id: 'a' }), '{', cloudEvent({ specversion: '0.3' }), cloudEvent({ id: 'b' })]) send(message)
  await until(() => answers.length === 4)
  expect(answers.map((answer) => (answer.problem as { status: number } | undefined)?.status ?? answer.ids)).toEqual([
    ['a'],
    400,
    400,
    ['b'],
  ])
  expect(answers[1]).toMatchObject({ accepted: 0, duplicates: 0, quarantined: 0, ids: [] })
})

test('[I1] answers keep the order of the messages', async () => {
  const { send, answers } = await open()
  for (let n = 0; n < 200; n++) send(cloudEvent({ id: `e${n}` }))
  await until(() => answers.length === 200)
  expect(answers.flatMap(({ ids }) => ids)).toEqual(Array.from({ length: 200 }, (_, n) => `e${n}`))
})

test('[S1] without a key the upgrade is refused; a browser gives its key in the address', async () => {
  await expect(open('wrong')).rejects.toThrow('401')
  const ws = new WebSocket(`${feed.url}?key=${KEY}`)
  await new Promise((done) => ws.once('open', done))
})

test('[I2] a feed’s own key posts only as that feed', async () => {
  const { send, answers } = await open('gates-key')
  send([cloudEvent({ id: 'a' }), cloudEvent({ id: 'b', source: '/feeds/meters' })])
  await until(() => answers.length === 1)
  expect(answers[0]).toMatchObject({ accepted: 1, quarantined: 1, ids: ['a'] })
})

describe('back-pressure', () => {
  test('[I5] a socket with too much in flight is not read on', async () => {
    const { send, answers } = await open()
    feed.engine.hold()
    for (let n = 0; n < 5_000; n++) send([cloudEvent({ id: `e${n}`, data: { direction: 'in', granted: true, more: 'x'.repeat(1_000) } })])
    await until(() => feed.engine.arrivals.length >= 4)
    await new Promise((done) => setTimeout(done, 100))
    // what was in the chunk at hand still comes, the rest waits in the sockets
    expect(feed.engine.arrivals.length).toBeLessThan(500)
    feed.engine.release()
    await until(() => answers.length === 5_000, 20_000)
    expect(readSignals(feed.engine.t.db, { limit: 1 }).items[0]?.id).toBe('e4999')
  })

  test('[I5] under pressure of the engine no socket is read, afterwards all are', async () => {
    const { send, answers } = await open()
    feed.engine.pressure = 0.8
    send(cloudEvent({ id: 'a' }))
    await until(() => answers.length === 1)
    for (let n = 0; n < 10; n++) send(cloudEvent({ id: `b${n}` }))
    await new Promise((done) => setTimeout(done, 60))
    expect(answers).toHaveLength(1)
    feed.engine.pressure = 0
    await until(() => answers.length === 11)
  })

  test('[I5] a client that never reads is not read either, then cut off; others go on', async () => {
    const lazy = await open()
    lazy.ws.pause()
    let closed = false
    lazy.ws.once('close', () => {
      closed = true
    })
    const batch = Array.from({ length: 100 }, (_, n) => cloudEvent({ id: `${'long'.repeat(100)}${n}` }))
    const flood = setInterval(() => lazy.ws.readyState === WebSocket.OPEN && lazy.ws.bufferedAmount < 1e6 && lazy.send(batch), 1)
    const other = await open()
    await until(() => feed.engine.arrivals.length > 20, 5_000)
    await new Promise((done) => setTimeout(done, 1_500))
    const stuck = feed.engine.arrivals.length
    other.send(cloudEvent({ id: 'other' }))
    await until(() => other.answers.length === 1)
    await new Promise((done) => setTimeout(done, 300))
    clearInterval(flood)
    expect(feed.engine.arrivals.length).toBeLessThan(stuck + 20)
    lazy.ws.resume()
    await until(() => closed)
  }, 20_000)

  test('[I3] a message over 8 MiB closes the socket with 1009', async () => {
    const { ws } = await open()
    const code = new Promise((done) => ws.once('close', done))
    ws.send(Buffer.alloc(8 * 1024 * 1024 + 1))
    expect(await code).toBe(1009)
  })
})

test('[I3] binary garbage after the upgrade harms nobody', async () => {
  const socket = connect(feed.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    `GET /feeds/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${KEY}\r\n\r\n`,
  )
  await new Promise((done) => socket.once('data', done))
  socket.write(Buffer.from(Array.from({ length: 3_000 }, (_, i) => (i * 37) & 255)))
  await new Promise((done) => socket.once('close', done))
  const { send, answers } = await open()
  send(cloudEvent())
  await until(() => answers.length === 1)
})
