import { once } from 'node:events'
import { WebSocket } from 'ws'
import { seededRandom } from '../../shared/random.ts'
import { cloudEvent } from '../support/events.ts'
import type { RunningServer } from '../support/server.ts'
import { openMqtt } from '../support/session.ts'
import type { Ledger } from './ledger.ts'

/** Makes events of the pilot's devices; the ids come from the seed, so a run can be told again. */
export type MakeEvent = () => { id: string; text: string }

const KINDS = [
  { share: 60, type: 'linwang.motion', devices: 'motion', data: (n: number) => ({ occupied: n % 2 === 0 }) },
  { share: 30, type: 'linwang.passage', devices: 'gate', data: () => ({ direction: 'in', granted: true, credential: 'card' }) },
  { share: 6, type: 'linwang.contact', devices: 'door-contact', data: (n: number) => ({ open: n % 2 === 0 }) },
  { share: 2, type: 'linwang.help', devices: 'help-button', data: () => ({}) },
  { share: 1, type: 'linwang.hazard', devices: 'smoke', data: (n: number) => ({ hazard: 'smoke', active: n % 3 !== 0 }) },
  { share: 1, type: 'linwang.camera', devices: 'camera', data: () => ({ event: 'intrusion', active: true }) },
] as const

export type Fleet = Record<string, readonly string[]>

export function eventMaker(fleet: Fleet, seed: number, source = '/feeds/trial'): MakeEvent {
  const random = seededRandom(seed)
  const weights = KINDS.map((kind) => [kind, kind.share] as const)
  const word = () => random.int(0, 2 ** 32 - 1).toString(36)
  const run = word()
  let n = 0
  return () => {
    const kind = random.weighted(weights)
    const id = `${run}-${word()}-${n++}`
    const subject = random.pick(fleet[kind.devices]!)
    return { id, text: JSON.stringify(cloudEvent({ id, source, subject, type: kind.type, data: kind.data(n) })) }
  }
}

export interface Load {
  /** no new messages; what is under way is let be */
  stop(): void
}
type Start = (server: RunningServer, make: MakeEvent, ledger: Ledger) => Promise<Load>

/** Batches over one WebSocket, two unanswered at a time. */
export const sendBatches: Start = async (server, make, ledger) => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/feeds/ws`, { headers: { authorization: `Bearer ${server.feedKey}` } })
  await once(socket, 'open')
  const unanswered: string[][] = []
  let stopped = false
  const send = () => {
    if (stopped || socket.readyState !== socket.OPEN) return
    const events = Array.from({ length: 25 }, make)
    for (const event of events) ledger.sent(event.id, event.text)
    unanswered.push(events.map(({ id }) => id))
    socket.send(`[${events.map(({ text }) => text).join(',')}]`)
  }
  socket.on('message', (raw) => {
    const answer = JSON.parse(String(raw)) as { ids?: string[] }
    const ids = unanswered.shift() ?? []
    if (answer.ids) for (const id of answer.ids) ledger.acknowledged(id)
    else ledger.refused(ids)
    setTimeout(send, 2)
  })
  socket.on('error', () => {})
  send()
  send()
  return {
    stop() {
      stopped = true
      socket.close()
    },
  }
}

/** Single posts, four at a time. */
export const sendPosts: Start = async (server, make, ledger) => {
  let stopped = false
  const one = async () => {
    while (!stopped) {
      const { id, text } = make()
      ledger.sent(id, text)
      try {
        const response = await fetch(`${server.url}/feeds/events`, {
          method: 'POST',
          headers: { authorization: `Bearer ${server.feedKey}`, 'content-type': 'application/cloudevents+json' },
          body: text,
        })
        if (response.status === 202) ledger.acknowledged(id)
        else ledger.refused([id])
        await response.arrayBuffer()
      } catch {
        return
      }
    }
  }
  for (let i = 0; i < 4; i++) void one()
  return {
    stop() {
      stopped = true
    },
  }
}

/** QoS 1 publishes, eight unacknowledged at a time. */
export const sendPublishes: Start = async (server, make, ledger) => {
  const client = await openMqtt(server.mqttPort)
  client.on('error', () => {})
  let stopped = false
  const send = () => {
    if (stopped || !client.connected) return
    const { id, text } = make()
    ledger.sent(id, text)
    client.publish('linwang/trial/events', text, { qos: 1 }, (error) => {
      if (error) return
      ledger.acknowledged(id)
      send()
    })
  }
  for (let i = 0; i < 8; i++) send()
  return {
    stop() {
      stopped = true
      client.end(true)
    },
  }
}
