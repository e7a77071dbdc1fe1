import { createServer } from 'node:http'
import { describe, expect, test } from 'vitest'
import { createAlertStream } from '../../server/feeds/outgoing/alert-stream.ts'
import type { Arrival, Receipt } from '../../shared/arrival.ts'
import { alertDevice } from '../support/alert-device.ts'
import { alertFeed, alertRun, faultsOf } from '../support/alert-run.ts'
import { silentLog, until } from '../support/receiver.ts'

const OK: Receipt = { accepted: 1, duplicates: 0, quarantined: 0, ids: [] }
const textOf = ({ bytes }: Arrival) => new TextDecoder().decode(bytes).trim()

/** The client against a url, and what the engine got of it. */
function client(url: string, { stallAfter = 200, refused = 5_000, password = 'right' } = {}) {
  const arrivals: Arrival[] = []
  const stopping = new AbortController()
  const engine = {
    pressure: 0,
    gate: Promise.resolve() as Promise<unknown>,
    async receive(arrival: Arrival) {
      await engine.gate
      arrivals.push(arrival)
      return OK
    },
  }
  const ended = createAlertStream({ stallAfter, waits: { first: 5, longest: 20, refused, random: () => 0.5 } })({
    feed: alertFeed(url),
    password,
    engine,
    log: silentLog,
    signal: stopping.signal,
    now: Date.now,
  })
  return {
    engine,
    alerts: () => arrivals.filter(({ source }) => source === 'hikvision'),
    links: () =>
      arrivals.filter(({ source }) => source === 'feed-link').map((link) => JSON.parse(textOf(link)) as { state: string; reason?: string }),
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

/** A device that says exactly this on each connection, and then what `after` does. */
async function device(pieces: (string | Buffer)[], after: 'end' | 'hold' = 'hold') {
  let connections = 0
  const server = createServer((_request, response) => {
    connections++
    response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=boundary' })
    for (const piece of pieces) response.write(piece)
    if (after === 'end') response.socket!.end()
  }).listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    connections: () => connections,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
const part = (body: string, type = 'application/xml') =>
  `--boundary\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}\r\n\r\n`
const alert = (n: number) => `<EventNotificationAlert><eventType>VMD</eventType><n>${n}</n></EventNotificationAlert>`

describe('a device that stalls, drops the line and splits parts anywhere', () => {
  test.each([1, 2])('[I1] every whole alert is kept once, in order, and the gap is told (seed %i)', async (seed) => {
    const run = await alertRun({ seed, alerts: 120, trouble: 0.06 })
    expect(faultsOf(run)).toEqual([])
    expect(run.device.cut.length).toBeGreaterThan(0)
  })

  test('[S1] a wrong password is not tried again at once: cameras lock the account', async () => {
    const strict = await alertDevice({ seed: 1, alerts: 1, start: 0 })
    const wrong = client(strict.url, { password: 'wrong' })
    await until(() => wrong.links().length > 0)
    await new Promise((later) => setTimeout(later, 100))
    expect(strict.refused).toBe(2)
    expect(wrong.links()).toMatchObject([{ state: 'down', reason: 'the device refuses the name or password (401)' }])
    await wrong.stop()
    await strict.close()
  })
})

describe('one connection', () => {
  test('[I1] an alert is taken when it is complete, not when the next one comes', async () => {
    const camera = await device([part(alert(1)).trimEnd()])
    const one = client(camera.url, { stallAfter: 5_000 })
    await until(() => one.alerts().length === 1)
    expect(textOf(one.alerts()[0]!)).toBe(alert(1))
    expect(one.alerts()[0]).toMatchObject({ source: 'hikvision', transport: 'alertstream', feed: 'nvr-1', remote: '127.0.0.1' })
    await one.stop()
    camera.close()
  })

  test('[I3] pictures are not taken, JSON is', async () => {
    const json = '{"eventType":"AccessControllerEvent"}'
    const camera = await device([part(alert(1)), part('\xff\xd8\xff', 'image/jpeg'), part(json, 'application/json')])
    const one = client(camera.url, { stallAfter: 5_000 })
    await until(() => one.alerts().length === 2)
    expect(one.alerts().map(textOf)).toEqual([alert(1), json])
    await one.stop()
    camera.close()
  })

  test('[I1] half an alert is nothing, and the line is opened again', async () => {
    const camera = await device([part(alert(1)), part(alert(2)).slice(0, -40)], 'end')
    const one = client(camera.url)
    await until(() => camera.connections() >= 3)
    await one.stop()
    expect(new Set(one.alerts().map(textOf))).toEqual(new Set([alert(1)]))
    expect(
      one
        .links()
        .slice(0, 3)
        .map(({ state }) => state),
    ).toEqual(['up', 'down', 'up'])
    camera.close()
  })

  test('[P4] silence is a lost line', async () => {
    const camera = await device([part(alert(1))])
    const one = client(camera.url, { stallAfter: 60 })
    await until(() => camera.connections() >= 2)
    expect(one.links()[1]).toMatchObject({ state: 'down', reason: 'nothing came for 0.06 s' })
    await one.stop()
    camera.close()
  })

  test('[I5] while the engine is full nothing more is read, and nothing that came is lost', async () => {
    const many = Array.from({ length: 5_000 }, (_, n) => part(alert(n)))
    const camera = await device(many)
    const one = client(camera.url, { stallAfter: 5_000 })
    const gate = Promise.withResolvers<void>()
    one.engine.gate = gate.promise
    await new Promise((later) => setTimeout(later, 300))
    expect(one.alerts()).toHaveLength(0)
    gate.resolve()
    await until(() => one.alerts().length === 5_000, 10_000)
    expect(
      one
        .alerts()
        .map(textOf)
        .every((text, n) => text === alert(n)),
    ).toBe(true)
    await one.stop()
    camera.close()
  })
})
