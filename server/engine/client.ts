import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { applyPatch } from '../../shared/patch.ts'
import { overloaded, ProblemError } from '../../shared/problem.ts'
import type { PublicState } from '../../shared/wall.ts'
import type { Command } from '../work.ts'
import { createOutbox } from './outbox.ts'
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
import { createWaiting } from './waiting.ts'

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

interface WaitingCommand {
  resolve(value: unknown): void
  reject(error: Error): void
}

function createClient(worker: Worker, ready: FromKind<'ready'>, bounds: QueueBounds): Engine {
  let state: PublicState = ready.state
  let anchor: ClockAnchor = ready.clock
  let health: EngineHealth = ready.health
  let closed = false
  let closing = false
  const outbox = createOutbox(worker)
  const arrivals = createWaiting(bounds)
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
  worker.on('exit', (code) => closing || onEnd(new Error(`The engine ended with code ${code}`)))

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
      closing = true
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
