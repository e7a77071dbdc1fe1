import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Arrival, Receipt } from '../../shared/arrival.ts'
import { applyPatch } from '../../shared/patch.ts'
import { overloaded, ProblemError } from '../../shared/problem.ts'
import type { PublicState } from '../../shared/wall.ts'
import type { Command } from '../work.ts'
import { packArrivals } from './packing.ts'
import {
  type ClockAnchor,
  type ClockView,
  type Committed,
  type Engine,
  type EngineHealth,
  type EngineOptions,
  type FromEngine,
  QUEUE,
  type QueueBounds,
  type ToEngine,
} from './protocol.ts'

export type { Committed, Engine, EngineHealth, EngineOptions } from './protocol.ts'

type FromKind<K extends FromEngine['kind']> = Extract<FromEngine, { kind: K }>

/** A small nursery: under a flood it keeps 100 MB of dead messages from piling up, for a tenth more work. */
const LIMITS = { maxYoungGenerationSizeMb: 8 }

/** Starts the engine thread; resolves when it is ready, rejects with the reason when the store cannot be opened. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options, name: 'engine', resourceLimits: LIMITS })
  const ready = await firstWord(worker)
  return createClient(worker, ready, { ...QUEUE, ...options.queue })
}

async function firstWord(worker: Worker): Promise<FromKind<'ready'>> {
  const died = new AbortController()
  const exit = once(worker, 'exit', { signal: died.signal }).then(() => [{ kind: 'refused', message: 'The engine ended while starting' }])
  exit.catch(() => {})
  const [word] = (await Promise.race([once(worker, 'message'), exit])) as [FromEngine]
  died.abort()
  if (word.kind === 'ready') return word
  await worker.terminate()
  throw new Error(word.kind === 'refused' ? word.message : `The engine began with ${word.kind}`)
}

interface WaitingArrival {
  bytes: number
  resolve(receipt: Receipt): void
  reject(error: Error): void
}
interface WaitingCommand {
  resolve(value: unknown): void
  reject(error: Error): void
}

function createClient(worker: Worker, ready: FromKind<'ready'>, bounds: QueueBounds): Engine {
  let state: PublicState = ready.state
  let anchor: ClockAnchor = ready.clock
  let health: EngineHealth = ready.health
  let closed = false
  const outbox = createOutbox(worker)
  const arrivals = createArrivalQueue(bounds)
  const commands = new Map<number, WaitingCommand>()
  const listeners = new Set<(committed: Committed) => void>()
  const mourners = new Set<(error: Error) => void>()

  const onDone = (done: FromKind<'done'>) => {
    if (done.clock) anchor = done.clock
    if (done.committed) {
      state = fold(state, done.committed)
      for (const listener of listeners) listener(done.committed)
    }
    for (const receipt of done.receipts) arrivals.settle(receipt)
    for (const { n, value, problem } of done.answers) {
      const waiting = commands.get(n)
      commands.delete(n)
      if (problem) waiting?.reject(new ProblemError(problem))
      else waiting?.resolve(value)
    }
  }
  const onEnd = (error: Error) => {
    if (closed) return
    closed = true
    arrivals.fail(error)
    for (const waiting of commands.values()) waiting.reject(error)
    for (const mourner of mourners) mourner(error)
  }
  worker.on('message', (message: FromEngine) => {
    if (message.kind === 'done') onDone(message)
    else if (message.kind === 'health') {
      health = message.health
      anchor = message.clock
    }
  })
  worker.on('error', onEnd)
  worker.on('exit', (code) => onEnd(new Error(`The engine ended with code ${code}`)))

  return {
    receive(arrival) {
      if (closed) return Promise.reject(overloaded('The engine is closing: send it again later', { retryAfter: 5 }))
      if (!arrivals.hasRoom(arrival)) return Promise.reject(overloaded('Too much is waiting to be stored', { retryAfter: 1 }))
      outbox.arrival(arrival)
      return arrivals.wait(arrival)
    },
    get pressure() {
      return arrivals.pressure()
    },
    command<T>(command: Command, key?: string) {
      if (closed) return Promise.reject(overloaded('The engine is closing: send it again later', { retryAfter: 5 }))
      const n = outbox.command(command, key)
      return new Promise<T>((resolve, reject) => commands.set(n, { resolve: resolve as (value: unknown) => void, reject }))
    },
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onFailure(listener) {
      mourners.add(listener)
      return () => mourners.delete(listener)
    },
    state: () => state,
    clock: () => readAnchor(anchor, Date.now()),
    health: () => health,
    async close() {
      if (closed) return
      outbox.flush()
      const exit = once(worker, 'exit')
      worker.postMessage({ kind: 'close' } satisfies ToEngine)
      await waitForClosed(worker)
      closed = true
      await exit
      arrivals.fail(overloaded('The engine has closed: send it again later', { retryAfter: 5 }))
    },
  }
}

const fold = (state: PublicState, { from, revision, at, ops }: Committed) =>
  revision === from ? state : applyPatch(state, { from, to: revision, at, ops })

export const readAnchor = (anchor: ClockAnchor, wall: number): ClockView => ({
  now: anchor.mode === 'manual' ? anchor.at : anchor.at + Math.max(0, wall - anchor.wall) * anchor.rate,
  rate: anchor.rate,
  mode: anchor.mode,
})

function waitForClosed(worker: Worker): Promise<void> {
  return new Promise((done) => {
    worker.once('exit', () => done())
    worker.on('message', (message: FromEngine) => message.kind === 'closed' && done())
  })
}

/** What comes in one turn of the loop leaves in one message. */
function createOutbox(worker: Worker) {
  let arrivals: Arrival[] = []
  let commands: { n: number; command: Command; key?: string }[] = []
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
    arrival(arrival: Arrival) {
      arrivals.push(arrival)
      plan()
    },
    command(command: Command, key: string | undefined) {
      commands.push({ n: nextCommand, command, key })
      plan()
      return nextCommand++
    },
  }
}

/** Receipts come in the order of the arrivals, so a queue is all the book-keeping there is. */
function createArrivalQueue(bounds: QueueBounds) {
  let waiting: WaitingArrival[] = []
  let head = 0
  let bytes = 0
  const count = () => waiting.length - head
  const next = () => {
    const entry = waiting[head++]
    if (head > 1024 && head * 2 > waiting.length) {
      waiting = waiting.slice(head)
      head = 0
    }
    if (entry) bytes -= entry.bytes
    return entry
  }
  return {
    hasRoom: (arrival: Arrival) => count() === 0 || (count() < bounds.arrivals && bytes + arrival.bytes.byteLength <= bounds.bytes),
    pressure: () => Math.min(1, Math.max(count() / bounds.arrivals, bytes / bounds.bytes)),
    wait(arrival: Arrival) {
      bytes += arrival.bytes.byteLength
      return new Promise<Receipt>((resolve, reject) => waiting.push({ bytes: arrival.bytes.byteLength, resolve, reject }))
    },
    settle(receipt: Receipt) {
      const entry = next()
      if ('problem' in receipt && receipt.problem.status >= 500) entry?.reject(new ProblemError(receipt.problem))
      else entry?.resolve(receipt)
    },
    fail(error: Error) {
      while (count() > 0) next()?.reject(error)
    },
  }
}
