import { connectAsync, type MqttClient } from 'mqtt'
import type { Device } from '../../shared/device.ts'
import type { Happening } from './happening.ts'
import { cloudEvent } from './payloads/cloud-event.ts'
import { frigateEvent, frigateStats } from './payloads/frigate.ts'
import { type Message, zigbeeMessage } from './payloads/zigbee.ts'

export interface OutletOptions {
  baseUrl: string
  feedKey: string
  /** absent: no broker, and everything goes over HTTP */
  mqttUrl?: string | undefined
  device(id: string): Device | undefined
  /** cameras that give no picture just now */
  dark: ReadonlySet<string>
}

/** The way out of the invented town and into the real feeds. `send` resolves when everything was acknowledged. */
export interface Outlet {
  send(happenings: readonly Happening[]): Promise<void>
  /** what gateways kept while nobody listened: everything over HTTP, in order */
  backfill(happenings: readonly Happening[]): Promise<void>
  close(): Promise<void>
}

const BATCH = 500
const PATIENCE = 20

export async function openOutlet(options: OutletOptions): Promise<Outlet> {
  const client = options.mqttUrl ? await connect(options.mqttUrl, options.feedKey) : undefined
  return {
    async send(happenings) {
      const { events, messages } = sort(happenings, options, client !== undefined)
      await Promise.all([postAll(events, options), publishAll(messages, client)])
    },
    backfill: (happenings) =>
      postAll(
        sort(happenings, options, false).events.map((event) => ({ ...event, backlog: true })),
        options,
      ),
    close: async () => client?.endAsync(true),
  }
}

const connect = (url: string, password: string) =>
  connectAsync(url, {
    clientId: `linwang-simulator-${process.pid}`,
    username: 'simulator',
    password,
    reconnectPeriod: 1000,
    connectTimeout: 5000,
  }).catch(() => undefined)

function sort(happenings: readonly Happening[], { device, dark }: OutletOptions, broker: boolean) {
  const events: Record<string, unknown>[] = []
  const messages: Message[] = []
  const cameras: Happening[] = []
  for (const happening of happenings) {
    const from = device(happening.deviceId)
    if (!from) continue
    if (broker && from.kind === 'camera' && happening.what === 'report') cameras.push(happening)
    else if (happening.what === 'sighting' && dark.has(from.id)) continue
    else if (broker && happening.what === 'sighting') messages.push(frigateEvent(happening, from))
    else if (broker && from.feed === 'zigbee2mqtt') messages.push(zigbeeMessage(happening, from))
    else if (!dark.has(from.id)) events.push(cloudEvent(happening, from))
  }
  if (cameras.length > 0) messages.push(frigateStats(cameras, (id) => device(id)!.address, dark))
  return { events, messages }
}

/** QoS 1: resolves when the broker has it, which is after the commit (I6). */
async function publishAll(messages: readonly Message[], client: MqttClient | undefined): Promise<void> {
  if (!client) return
  for (let i = 0; i < messages.length; i += BATCH) {
    const part = messages.slice(i, i + BATCH)
    await Promise.all(part.map(({ topic, payload }) => client.publishAsync(topic, payload, { qos: 1 })))
  }
}

async function postAll(events: readonly Record<string, unknown>[], options: OutletOptions): Promise<void> {
  for (let i = 0; i < events.length; i += BATCH) await post(events.slice(i, i + BATCH), options)
}

/** A refusal for want of room is answered by waiting (I5); anything else by giving up this batch. */
async function post(events: readonly Record<string, unknown>[], { baseUrl, feedKey }: OutletOptions): Promise<void> {
  const body = JSON.stringify(events)
  const headers = { authorization: `Bearer ${feedKey}`, 'content-type': 'application/cloudevents-batch+json' }
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    const response = await fetch(`${baseUrl}/feeds/events`, { method: 'POST', headers, body }).catch(() => undefined)
    await response?.arrayBuffer()
    if (response && response.status !== 503) return
    await new Promise((wake) => setTimeout(wake, 1000))
  }
}
