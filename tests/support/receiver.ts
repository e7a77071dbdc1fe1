import { createGates } from '../../server/feeds/gates.ts'
import type { Receiver } from '../../server/feeds/receiver.ts'
import type { Arrival, Receipt } from '../../shared/arrival.ts'
import { overloaded } from '../../shared/problem.ts'
import type { Signal } from '../../shared/signal.ts'
import { type TestIntake, testIntake } from './intake.ts'

/** What a transport sees of the engine: a real intake on a real store, and commits that wait for the test when it says so. */
export interface TestReceiver extends Receiver {
  pressure: number
  readonly t: TestIntake
  readonly arrivals: Arrival[]
  readonly signals: Signal[]
  /** from now on commits wait for `release` */
  hold(): void
  release(): void
  /** so many arrivals are refused as overloaded first */
  refuse: number
  close(): void
}

export function testReceiver(t: TestIntake = testIntake()): TestReceiver {
  let gate: PromiseWithResolvers<void> | undefined
  const receiver: TestReceiver = {
    t,
    pressure: 0,
    refuse: 0,
    arrivals: [],
    signals: [],
    hold() {
      gate = Promise.withResolvers()
    },
    release() {
      gate?.resolve()
      gate = undefined
    },
    close: () => t.close(),
    async receive(arrival): Promise<Receipt> {
      receiver.arrivals.push(arrival)
      if (receiver.refuse > 0) {
        receiver.refuse--
        throw overloaded('The queue is full.')
      }
      await gate?.promise
      const { receipts, signals } = t.take(arrival)
      receiver.signals.push(...signals)
      return receipts[0]!
    },
  }
  return receiver
}

export const KEY = 'test-feed-key'
/** the general key, or `gates-key` of the feed gates */
export const authorizeFeed = (header: string | undefined) =>
  header === `Bearer ${KEY}` ? {} : header === 'Bearer gates-key' ? { feed: 'gates' } : undefined

/** No feed has a record: nothing is held back. */
export const openGates = () => createGates({ book: { get: () => undefined, onChange: () => () => {} } })

export const silentLog = { info() {}, warn() {} }

/** Polls until it is so; fails after two seconds. */
export async function until(what: () => boolean, ms = 2_000) {
  const deadline = performance.now() + ms
  while (!what()) {
    if (performance.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`)
    await new Promise((done) => setTimeout(done, 5))
  }
}
