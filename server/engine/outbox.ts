import type { Worker } from 'node:worker_threads'
import type { Arrival } from '../../shared/arrival.ts'
import type { Command } from '../work.ts'
import type { Asked } from './commands.ts'
import { packArrivals } from './packing.ts'
import type { ToEngine } from './protocol.ts'

export interface Outbox {
  arrival(arrival: Arrival): void
  /** the number of the command, by which its answer is known */
  command(command: Command, key: string | undefined): number
  flush(): void
}

/** What comes in one turn of the loop leaves in one message. */
export function createOutbox(worker: Worker): Outbox {
  let arrivals: Arrival[] = []
  let commands: Asked[] = []
  let nextCommand = 0
  let planned = false
  const flush = () => {
    planned = false
    if (arrivals.length + commands.length === 0) return
    const packed = packArrivals(arrivals)
    worker.postMessage({ kind: 'work', arrivals: packed, commands } satisfies ToEngine, [packed.slab.buffer as ArrayBuffer])
    arrivals = []
    commands = []
  }
  const plan = () => {
    if (planned) return
    planned = true
    setImmediate(flush)
  }
  return {
    flush,
    arrival(arrival) {
      arrivals.push(arrival)
      plan()
    },
    command(command, key) {
      commands.push({ n: nextCommand, command, key })
      plan()
      return nextCommand++
    },
  }
}
