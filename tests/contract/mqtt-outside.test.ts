import { createServer, type Server, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import mqtt from 'mqtt'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectBroker } from '../../server/feeds/mqtt.ts'
import { readSignals } from '../../server/store/signal-lists.ts'
import { feedOf, testBook } from '../support/feeds.ts'
import { cloudEvent } from '../support/intake.ts'
import { openGates, silentLog, type TestReceiver, testReceiver, until } from '../support/receiver.ts'

/** A broker of somebody else, which keeps sessions; its sockets can be cut. */
let outside: Aedes
let server: Server
let sockets: Set<Socket>
let port: number
let engine: TestReceiver
let book: ReturnType<typeof testBook>
let feed: { close(): Promise<void> }
let sender: mqtt.MqttClient
const acknowledged: (number | undefined)[] = []

beforeEach(async () => {
  engine = testReceiver()
  book = testBook()
  outside = await Aedes.createBroker()
  outside.on('ack', (packet) => acknowledged.push(packet?.messageId))
  sockets = new Set()
  server = createServer((socket) => {
    sockets.add(socket)
    outside.handle(socket)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as { port: number }).port
  sender = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`)
  acknowledged.length = 0
  feed = connectBroker({ engine, gates: openGates(), book, url: `mqtt://127.0.0.1:${port}`, clientId: 'linwang-test', log: silentLog })
  await until(() => outside.listenerCount('ack') > 0 && engine !== undefined)
  await new Promise((done) => outside.once('subscribe', done as () => void))
})
afterEach(async () => {
  engine.release()
  await feed.close()
  await sender.endAsync(true)
  await new Promise<void>((done) => outside.close(done))
  for (const socket of sockets) socket.destroy()
  await new Promise((done) => server.close(done))
  engine.close()
})
const stored = () => readSignals(engine.t.db, { limit: 1000 }).items

test('[I6] a message of the outside broker is acknowledged after its commit', async () => {
  engine.hold()
  await sender.publishAsync('zigbee2mqtt/help-1', '{"action":"emergency"}', { qos: 1 })
  await until(() => engine.arrivals.length === 1)
  await new Promise((done) => setTimeout(done, 100))
  expect([acknowledged.length, stored().length]).toEqual([0, 0])
  engine.release()
  await until(() => acknowledged.length === 1)
  expect(stored()).toMatchObject([{ type: 'linwang.help', subject: 'help-1' }])
})

test('[I6] what was not acknowledged comes again after a break, and is stored once', async () => {
  engine.hold()
  await sender.publishAsync('linwang/gates/events', JSON.stringify(cloudEvent()), { qos: 1 })
  await until(() => engine.arrivals.length === 1)
  for (const socket of [...sockets].slice(1)) socket.destroy()
  engine.release()
  await until(() => engine.arrivals.length === 2, 5_000)
  await until(() => acknowledged.length === 1)
  expect(stored()).toHaveLength(1)
})

test('[I6] what came while we were away waits at the broker', async () => {
  await feed.close()
  await sender.publishAsync('linwang/gates/events', JSON.stringify(cloudEvent({ id: 'away' })), { qos: 1 })
  feed = connectBroker({ engine, gates: openGates(), book, url: `mqtt://127.0.0.1:${port}`, clientId: 'linwang-test', log: silentLog })
  await until(() => stored().length === 1)
  expect(stored()[0]).toMatchObject({ id: 'away' })
})

test('[I3] what the broker retained is state, what comes live is an event', async () => {
  await feed.close()
  await sender.publishAsync('zigbee2mqtt/door-1', '{"contact":false}', { qos: 1, retain: true })
  feed = connectBroker({ engine, gates: openGates(), book, url: `mqtt://127.0.0.1:${port}`, clientId: 'another', log: silentLog })
  await until(() => engine.arrivals.some(({ retained }) => retained === true))
  await sender.publishAsync('zigbee2mqtt/door-1', '{"contact":true}', { qos: 1, retain: true })
  await until(() => stored().length === 2)
  expect(stored().map(({ replay }) => replay)).toEqual([undefined, true])
})

test('[I5] an overloaded engine slows the broker down', async () => {
  engine.refuse = 2
  await sender.publishAsync('linwang/gates/events', JSON.stringify(cloudEvent()), { qos: 1 })
  await until(() => stored().length === 1)
  expect(engine.arrivals).toHaveLength(3)
})

test('[I6] pictures and garbage of the broker are passed over', async () => {
  await sender.publishAsync('frigate/cam-001/person/snapshot', Buffer.from([0xff, 0xd8, 0xff]), { qos: 1 })
  await sender.publishAsync('linwang/gates/events', Buffer.from([1, 2, 3]), { qos: 1 })
  await sender.publishAsync('linwang/gates/events', JSON.stringify(cloudEvent()), { qos: 1 })
  await until(() => stored().length === 1)
})

test('[I2] a second zigbee2mqtt brings topics of its own, whenever it is made', async () => {
  const subscribed = new Promise((done) =>
    outside.once('subscribe', (subscriptions) => done(subscriptions.map((one: { topic: string }) => one.topic))),
  )
  book.put(feedOf('block-b', { kind: 'zigbee2mqtt' }))
  expect(await subscribed).toEqual(['zigbee2mqtt-block-b/#'])
  await sender.publishAsync('zigbee2mqtt-block-b/help-1', '{"action":"emergency"}', { qos: 1 })
  await until(() => engine.arrivals.length === 1)
  expect(engine.arrivals[0]).toMatchObject({ source: 'zigbee2mqtt', topic: 'zigbee2mqtt-block-b/help-1' })
})
