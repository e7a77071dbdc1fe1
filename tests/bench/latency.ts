import { fork } from 'node:child_process'
import { join } from 'node:path'
import { help } from '../support/events.ts'
import type { RunningServer } from '../support/server.ts'
import { eventMaker, type Fleet, openFeed, steady } from './load.ts'
import { residentMb, sharedNow, sleep, spread } from './numbers.ts'
import { openWalls, type Sighting } from './walls.ts'

/** Presses help buttons one after another and pairs each press with the first later sighting of its device. */
export class Presses {
  readonly #sent = new Map<string, number>()
  readonly times: number[] = []

  press(deviceId: string) {
    this.#sent.set(deviceId, sharedNow())
  }

  /** several walls may see one press: each sighting counts */
  see = ({ deviceId, at }: Pick<Sighting, 'deviceId' | 'at'>) => {
    const sent = this.#sent.get(deviceId)
    if (sent !== undefined && at >= sent) this.times.push(at - sent)
  }

  forget(deviceId: string) {
    this.#sent.delete(deviceId)
  }
}

export interface PressOptions {
  presses: number
  /** real ms between presses */
  every: number
}

/** Sends the presses by WebSocket, the way a gateway does, so that the sender's own HTTP work is not measured. */
export async function pressAll(server: RunningServer, fleet: Fleet, presses: Presses, o: PressOptions): Promise<void> {
  const socket = await openFeed(server)
  socket.on('message', () => {})
  for (let i = 0; i < o.presses; i++) {
    const device = fleet.helpButtons[i % fleet.helpButtons.length]!
    const event = JSON.stringify(help(device))
    presses.press(device)
    socket.send(event)
    await sleep(o.every)
    presses.forget(device)
  }
  socket.close()
}

/** Signal sent → patch received, one wall, in this process. */
export async function patchLatency(server: RunningServer, fleet: Fleet, rate: number, o: PressOptions) {
  const presses = new Presses()
  const walls = await openWalls(server.url, 1, presses.see)
  const stop = await steady(server, eventMaker(fleet), rate)
  await pressAll(server, fleet, presses, o)
  stop()
  walls.close()
  return { background: rate, presses: o.presses, ...spread(presses.times) }
}

/** The same with many walls in a process of their own, and the memory of the server meanwhile. */
export async function manyWalls(server: RunningServer, fleet: Fleet, walls: number, rate: number, o: PressOptions) {
  const presses = new Presses()
  const child = fork(join(import.meta.dirname, 'walls.ts'), [server.url, `${walls}`])
  await new Promise<void>((ready) => {
    child.on('message', (message: { ready?: true; sightings?: Sighting[] }) => {
      if (message.ready) ready()
      for (const sighting of message.sightings ?? []) presses.see(sighting)
    })
  })
  const stop = await steady(server, eventMaker(fleet), rate)
  let memory = residentMb(server.pid)
  const watch = setInterval(() => (memory = Math.max(memory, residentMb(server.pid))), 250)
  // sightings come in groups every 200 ms: a press is forgotten only after they had time to arrive
  await pressAll(server, fleet, presses, { ...o, every: Math.max(o.every, 400) })
  clearInterval(watch)
  stop()
  child.send('stop')
  return { walls, background: rate, serverMemoryMb: memory, expected: o.presses * walls, ...spread(presses.times) }
}
