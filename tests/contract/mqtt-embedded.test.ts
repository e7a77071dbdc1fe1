import { connect as connectSocket } from 'node:net'
import mqtt, { type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Broker, startBroker } from '../../server/feeds/broker.ts'
import { createDeliveries } from '../../server/feeds/deliveries.ts'
import { createFraming } from '../../server/feeds/packet-guard.ts'
import { createPassedBy, type PassedBy } from '../../server/feeds/passed-by.ts'
import { readQuarantine } from '../../server/store/quarantine-lists.ts'
import { readSignals } from '../../server/store/signal-lists.ts'
import { talk } from '../support/http-feed.ts'
import { cloudEvent } from '../support/intake.ts'
import { authorizeFeed, KEY, openGates, silentLog, type TestReceiver, testReceiver, until } from '../support/receiver.ts'

let engine: TestReceiver
let broker: Broker
let passedBy: PassedBy
const clients: MqttClient[] = []
beforeEach(async () => {
  engine = testReceiver()
  passedBy = createPassedBy()
  broker = await startBroker({ engine, gates: openGates(), port: 0, passedBy, log: silentLog })
})
afterEach(async () => {
  engine.release()
  await Promise.all(clients.splice(0).map((client) => client.endAsync(true)))
  await broker.close()
  engine.close()
})

async function client(options: mqtt.IClientOptions = {}, port = broker.port) {
  const made = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, connectTimeout: 2_000, ...options })
  made.on('error', () => {})
  clients.push(made)
  await new Promise<void>((done, fail) => {
    made.once('connect', () => done())
    made.once('error', fail)
    made.once('close', () => fail(new Error('closed')))
  })
  return made
}
const stored = () => readSignals(engine.t.db, { limit: 1000 }).items
const press = JSON.stringify({ action: 'emergency', battery: 100 })

test('[I6] the PUBACK of QoS 1 leaves after the commit', async () => {
  const button = await client()
  engine.hold()
  let acknowledged = false
  const published = button.publishAsync('zigbee2mqtt/help-1', press, { qos: 1 }).then(() => {
    acknowledged = true
  })
  await until(() => engine.arrivals.length === 1)
  await new Promise((done) => setTimeout(done, 100))
  expect([acknowledged, stored().length]).toEqual([false, 0])
  engine.release()
  await published
  expect(stored()).toMatchObject([{ type: 'linwang.help', subject: 'help-1', source: '/feeds/zigbee2mqtt' }])
})

test('[I6] QoS 2 and QoS 0 are taken in too', async () => {
  const one = await client()
  await one.publishAsync('zigbee2mqtt/door-1', '{"contact":false}', { qos: 2 })
  await one.publishAsync('zigbee2mqtt/door-1', '{"contact":true}', { qos: 0 })
  await until(() => stored().length === 2)
  expect(stored().map(({ data }) => data)).toEqual([{ open: false }, { open: true }])
})

test('[I3] CloudEvents on the topic of their feed, and on that of another', async () => {
  const gate = await client()
  await gate.publishAsync('linwang/gates/events', JSON.stringify(cloudEvent()), { qos: 1 })
  await gate.publishAsync('linwang/meters/events', JSON.stringify([cloudEvent({ id: 'e2' })]), { qos: 1 })
  expect(stored()).toMatchObject([{ id: 'e1', source: '/feeds/gates' }])
  expect(readQuarantine(engine.t.db, { limit: 9 }).items).toMatchObject([{ reason: 'wrong-feed', topic: 'linwang/meters/events' }])
})

test('[I6] what is published reaches other subscribers, ours and strangers’ topics, also retained', async () => {
  const listener = await client()
  const heard: string[] = []
  listener.on('message', (topic, payload) => heard.push(`${topic} ${payload}`))
  await listener.subscribeAsync(['zigbee2mqtt/#', 'garden/+', '$SYS/#'], { qos: 1 })
  const sender = await client()
  await sender.publishAsync('zigbee2mqtt/help-1', press, { qos: 1, retain: true })
  await sender.publishAsync('garden/lamp', 'on', { qos: 1 })
  await until(() => heard.includes('garden/lamp on'))
  expect(heard.filter((line) => !line.startsWith('$SYS'))).toEqual([`zigbee2mqtt/help-1 ${press}`, 'garden/lamp on'])
  expect(heard.some((line) => line.startsWith('$SYS'))).toBe(true)
  expect(engine.arrivals).toHaveLength(1)
  const late = await client()
  const replayed = new Promise((done) => late.once('message', (topic) => done(topic)))
  await late.subscribeAsync('zigbee2mqtt/#')
  expect(await replayed).toBe('zigbee2mqtt/help-1')
})

test('[I6] pictures of Frigate pass through without reaching the engine', async () => {
  const frigate = await client()
  await frigate.publishAsync('frigate/cam-001/person/snapshot', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), { qos: 1, retain: true })
  await frigate.publishAsync('frigate/cam-001/person', '1', { qos: 1 })
  expect(engine.arrivals).toEqual([])
})

test('[I5] an overloaded engine holds the acknowledgement back until it takes the message', async () => {
  engine.refuse = 3
  const button = await client()
  await button.publishAsync('zigbee2mqtt/help-1', press, { qos: 1 })
  expect(engine.arrivals).toHaveLength(4)
  expect(stored()).toHaveLength(1)
})

test('[I3] a malformed message has nobody to answer: it is quarantined, acknowledged and done with', async () => {
  const gate = await client()
  await gate.publishAsync('linwang/gates/events', '{"specversion"', { qos: 1 })
  await gate.publishAsync('linwang/gates/events', JSON.stringify(cloudEvent()), { qos: 1 })
  expect(stored()).toHaveLength(1)
  const [item] = readQuarantine(engine.t.db, { limit: 9 }).items
  expect(item).toMatchObject({ reason: 'malformed', topic: 'linwang/gates/events', length: 14 })
})

describe('live mode', () => {
  let locked: Broker
  beforeEach(async () => {
    locked = await startBroker({ engine, gates: openGates(), port: 0, log: silentLog, authorizeFeed })
  })
  afterEach(() => locked.close())

  test('[S1] without a feed’s key nobody connects', async () => {
    await expect(client({}, locked.port)).rejects.toThrow(/[Nn]ot authorized/)
    await expect(client({ username: 'gates', password: 'wrong' }, locked.port)).rejects.toThrow(/[Nn]ot authorized/)
  })

  test('[I2] the key of a feed speaks for that feed alone', async () => {
    const gate = await client({ username: 'gates', password: 'gates-key' }, locked.port)
    await gate.publishAsync('linwang/gates/events', JSON.stringify(cloudEvent()), { qos: 1 })
    await gate.publishAsync('zigbee2mqtt/help-1', press, { qos: 1 })
    await gate.publishAsync('frigate/stats', '{"cameras":{}}', { qos: 1 })
    await gate.publishAsync('linwang/meters/events', JSON.stringify(cloudEvent({ id: 'e2' })), { qos: 1 })
    expect(stored()).toHaveLength(1)
    expect(readQuarantine(engine.t.db, { limit: 9 }).items.map(({ reason }) => reason)).toEqual(['wrong-feed', 'wrong-feed', 'wrong-feed'])
    const any = await client({ username: 'x', password: KEY }, locked.port)
    await any.publishAsync('zigbee2mqtt/help-1', press, { qos: 1 })
    expect(stored()).toHaveLength(2)
  })
})

describe('bad input', () => {
  test('[I3] binary garbage on the port harms nobody', async () => {
    for (let seed = 1; seed < 30; seed++)
      await talk(broker.port!, Buffer.from(Array.from({ length: 300 }, (_, i) => (i * seed * 11 + seed * 5) & 255)), 30)
    const button = await client()
    await button.publishAsync('zigbee2mqtt/help-1', press, { qos: 1 })
    expect(stored()).toHaveLength(1)
  })

  test('[I5] a packet that announces more than 8 MiB is cut off before it comes', async () => {
    const socket = connectSocket(broker.port!, '127.0.0.1')
    socket.on('error', () => {})
    const connectPacket = Buffer.from([0x10, 0x0d, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 1, 0x61])
    socket.write(connectPacket)
    await new Promise((done) => socket.once('data', done))
    socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))
    await new Promise((done) => socket.once('close', done))
  })

  test('[I5] framing over any cut of the bytes', () => {
    const packet = (length: number) => Buffer.concat([Buffer.from([0x30, (length & 127) | 128, length >> 7]), Buffer.alloc(length, 0xff)])
    const bytes = Buffer.concat([packet(200), packet(300), Buffer.from([0xc0, 0]), packet(130)])
    for (const size of [1, 2, 3, 7, 64, 1000]) {
      const oversized = createFraming(300)
      for (let at = 0; at < bytes.length; at += size) expect(oversized(bytes.subarray(at, at + size))).toBe(false)
      expect(oversized(packet(301))).toBe(true)
    }
    expect(createFraming(300)(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x80]))).toBe(true)
  })

  test('[I3] topics of the broker’s own, and of 200 levels, close the connection and nothing else', async () => {
    for (const topic of ['$SYS/x', 'a/'.repeat(200)]) {
      const rude = await client()
      const closed = new Promise<void>((done) => rude.once('close', () => done()))
      rude.publish(topic, 'x', { qos: 1 })
      await closed
    }
    await client()
  })

  test('[I5] a subscriber that was away comes back to an empty session: nothing is gathered for it', async () => {
    const away = await client({ clientId: 'away', clean: false })
    await away.subscribeAsync('garden/#', { qos: 1 })
    await away.endAsync(true)
    const sender = await client()
    for (let n = 0; n < 50; n++) await sender.publishAsync('garden/lamp', String(n), { qos: 1 })
    const back = mqtt.connect(`mqtt://127.0.0.1:${broker.port}`, { clientId: 'away', clean: false, reconnectPeriod: 0 })
    clients.push(back)
    const present = await new Promise((done) => back.once('connect', ({ sessionPresent }) => done(sessionPresent)))
    expect(present).toBe(false)
  })
})

test('[I6] a taken port is told, and life goes on without the broker', async () => {
  const warnings: string[] = []
  const second = await startBroker({
    engine,
    gates: openGates(),
    port: broker.port!,
    log: { info() {}, warn: (_details, message) => void warnings.push(message) },
  })
  expect(second.port).toBeNull()
  expect(warnings).toEqual(['the MQTT port is taken: going on without the embedded broker'])
  await second.close()
})

test('[I2] the mark of a delivery: the same for a redelivery, another for anything new', () => {
  let made = 0
  const markOf = createDeliveries(() => `m${++made}`)
  const packet = { qos: 1, dup: false, messageId: 7, topic: 't' }
  const first = markOf('a', packet)
  expect(markOf('a', { ...packet, dup: true })).toBe(first)
  expect(markOf('b', { ...packet, dup: true })).not.toBe(first)
  expect(markOf('a', { ...packet, dup: true, topic: 'u' })).not.toBe(first)
  const reused = markOf('a', packet)
  expect(reused).not.toBe(first)
  expect(markOf('a', { ...packet, dup: true })).toBe(reused)
  expect(markOf('a', { ...packet, qos: 0, dup: true })).not.toBe(reused)
})

test('[I3] what is no signal is counted and never looked into, and the bridge’s own state is looked into', async () => {
  const sender = await client()
  const config = 'homeassistant/binary_sensor/0x00158d0002ae86bd/occupancy/config'
  for (const topic of [config, 'frigate/front_yard/person', 'frigate/front_yard/person/snapshot', 'zigbee2mqtt/bridge/devices'])
    await sender.publishAsync(topic, '1', { qos: 1, retain: true })
  await sender.publishAsync(config, '', { qos: 1, retain: true })
  await sender.publishAsync('zigbee2mqtt/bridge/state', '{"state":"offline"}', { qos: 1 })
  await sender.publishAsync('zigbee2mqtt/motion-1', '', { qos: 1, retain: true })
  expect(passedBy.total()).toBe(5)
  expect(engine.arrivals.map(({ topic }) => topic)).toEqual(['zigbee2mqtt/bridge/state', 'zigbee2mqtt/motion-1'])
  expect([engine.signals, readQuarantine(engine.t.db, { limit: 9 }).items]).toEqual([[], []])
})
