import { connectAsync, type MqttClient } from 'mqtt'
import { cloudEvent } from '../support/events.ts'
import type { RunningServer } from '../support/server.ts'
import type { Fleet } from './load.ts'
import { residentMb, round, sleep, spread } from './numbers.ts'

/** So many MQTT devices on the embedded broker, each with a connection of its own, all speaking at a steady rate with QoS 1. */
export async function mqttDevices(server: RunningServer, fleet: Fleet, devices: number, perSecond: number, seconds: number) {
  const idleMb = residentMb(server.pid)
  const began = performance.now()
  const clients: MqttClient[] = []
  for (let n = 0; n < devices; n += 50) {
    const some = Array.from({ length: Math.min(50, devices - n) }, (_, i) =>
      connectAsync(`mqtt://127.0.0.1:${server.mqttPort}`, { clientId: `device-${n + i}`, reconnectPeriod: 0, connectTimeout: 30_000 }),
    )
    clients.push(...(await Promise.all(some)))
  }
  const connectSeconds = round((performance.now() - began) / 1000)
  const waits: number[] = []
  let failed = 0
  const say = async (n: number) => {
    const address = fleet.motion[n % fleet.motion.length]!
    const payload = JSON.stringify({ occupancy: n % 2 === 0, battery: 90, last_seen: Date.now() - (n % 1000) })
    const start = performance.now()
    await clients[n % devices]!.publishAsync(`zigbee2mqtt/${address}`, payload, { qos: 1 }).then(
      () => waits.push(performance.now() - start),
      () => failed++,
    )
  }
  const open: Promise<void>[] = []
  const start = performance.now()
  for (let n = 0; performance.now() - start < seconds * 1000; ) {
    const due = ((performance.now() - start) / 1000) * perSecond
    for (; n < due; n++) open.push(say(n))
    await sleep(5)
  }
  await Promise.all(open)
  const connected = clients.filter((client) => client.connected).length
  const busyMb = residentMb(server.pid)
  await Promise.all(clients.map((client) => client.endAsync(true)))
  return { devices, connected, connectSeconds, perSecond, acknowledged: spread(waits), failed, serverMb: [idleMb, busyMb] }
}

/** What a feed gone mad may post as fast as it is answered. */
const FLOODS = {
  malformed: (n: number, sent: number) =>
    `<EventNotificationAlert><macAddress>02:00:00:00:${n}</macAddress><dateTime>${sent}${'x'.repeat(800)}`,
  unknown: (n: number, sent: number) => alertOf(`02:00:00:00:${n % 16}:${sent % 256}`, sent),
  large: (n: number, sent: number) => `${alertOf(`02:00:00:01:${n}:0`, sent)}<!--${'x'.repeat(200_000)}`,
} as const
type Flood = keyof typeof FLOODS

const alertOf = (mac: string, count: number) =>
  `<EventNotificationAlert><macAddress>${mac}</macAddress><channelID>1</channelID><dateTime>${new Date().toISOString()}</dateTime><activePostCount>${count}</activePostCount><eventType>fielddetection</eventType><eventState>active</eventState></EventNotificationAlert>`

/** How long others wait for their answer, ms: alone and beside one bad feed, in turns, so that warming up favours neither. */
export async function badFeed(server: RunningServer, fleet: Fleet, seconds: number, rounds = 3) {
  await others(server, fleet, seconds / 2)
  const result: Record<string, object> = {}
  for (const flood of Object.keys(FLOODS) as Flood[]) {
    const alone: number[] = []
    const beside: number[] = []
    let sent = 0
    let slowed = 0
    for (let round = 0; round < rounds; round++) {
      alone.push(...(await others(server, fleet, seconds)))
      const stop = new AbortController()
      const senders = Promise.all(Array.from({ length: 16 }, (_, n) => bad(server, flood, n, stop.signal)))
      beside.push(...(await others(server, fleet, seconds)))
      stop.abort()
      for (const one of await senders) {
        sent += one.sent
        slowed += one.slowed
      }
    }
    const [without, within] = [spread(alone), spread(beside)]
    const perSecond = Math.round(sent / (rounds * seconds))
    result[flood] = {
      alone: without,
      beside: within,
      addedP99: round((within.p99 ?? 0) - (without.p99 ?? 0)),
      bad: { sent, slowed, perSecond },
    }
  }
  return result
}

const EVERY = 20

async function others(server: RunningServer, fleet: Fleet, seconds: number): Promise<number[]> {
  const waits: number[] = []
  const open: Promise<void>[] = []
  const end = performance.now() + seconds * 1000
  for (let n = 0; performance.now() < end; n++) {
    open.push(one(server, fleet.motion[n % fleet.motion.length]!, waits))
    await sleep(EVERY)
  }
  await Promise.all(open)
  return waits
}

async function one(server: RunningServer, subject: string, waits: number[]) {
  const start = performance.now()
  const response = await fetch(`${server.url}/feeds/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.feedKey}`, 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(cloudEvent({ subject, type: 'linwang.motion', data: { occupied: true } })),
  })
  await response.arrayBuffer()
  if (response.status === 202) waits.push(performance.now() - start)
}

async function bad(server: RunningServer, flood: Flood, n: number, signal: AbortSignal) {
  let [sent, slowed] = [0, 0]
  while (!signal.aborted) {
    const response = await fetch(`${server.url}/feeds/hikvision/mad`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.feedKey}`, 'content-type': 'application/xml' },
      body: FLOODS[flood](n, sent),
    }).catch(() => undefined)
    await response?.arrayBuffer()
    sent++
    if (response?.status === 429 || response?.status === 503) slowed++
  }
  return { sent, slowed }
}
