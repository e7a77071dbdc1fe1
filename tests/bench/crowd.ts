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

/** How long others wait for their answer, ms: alone, and while one feed posts what nobody understands as fast as it is answered. */
export async function badFeed(server: RunningServer, fleet: Fleet, seconds: number) {
  const alone = await others(server, fleet, seconds)
  const stop = new AbortController()
  const flood = Promise.all(Array.from({ length: 16 }, (_, n) => bad(server, n, stop.signal)))
  await sleep(500)
  const beside = await others(server, fleet, seconds)
  stop.abort()
  const counts = (await flood).reduce((sum, one) => ({ sent: sum.sent + one.sent, slowed: sum.slowed + one.slowed }), {
    sent: 0,
    slowed: 0,
  })
  return {
    alone,
    beside,
    addedP99: round((beside.p99 ?? 0) - (alone.p99 ?? 0)),
    bad: { ...counts, perSecond: Math.round(counts.sent / (seconds + 0.5)) },
  }
}

const EVERY = 20

async function others(server: RunningServer, fleet: Fleet, seconds: number) {
  const waits: number[] = []
  const open: Promise<void>[] = []
  const end = performance.now() + seconds * 1000
  for (let n = 0; performance.now() < end; n++) {
    open.push(one(server, fleet.motion[n % fleet.motion.length]!, waits))
    await sleep(EVERY)
  }
  await Promise.all(open)
  return spread(waits)
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

/** A camera gone mad: a different broken message each time, on a connection that stays open. */
async function bad(server: RunningServer, n: number, signal: AbortSignal) {
  let [sent, slowed] = [0, 0]
  while (!signal.aborted) {
    const response = await fetch(`${server.url}/feeds/hikvision/mad`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.feedKey}`, 'content-type': 'application/xml' },
      body: `<EventNotificationAlert><macAddress>02:00:00:00:${n}</macAddress><dateTime>${sent}${'x'.repeat(800)}`,
    }).catch(() => undefined)
    await response?.arrayBuffer()
    sent++
    if (response?.status === 429 || response?.status === 503) slowed++
  }
  return { sent, slowed }
}
