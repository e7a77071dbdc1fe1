import { setTimeout as sleep } from 'node:timers/promises'
import type { Commander } from '../access/commander.ts'
import type { Settled } from '../store/outbox.ts'
import type { Actor } from '../work.ts'

export const SENDER: Actor = { id: 'outbox', name: 'outbox', role: 'engineer', scope: '' }
/** Real ms before what could not be written is tried again. */
const AGAIN_AFTER = 1_000

/** The sender's word to the one writer: what comes in one turn of the loop goes in one command. */
export interface Ledger {
  /** resolves after the commit: whether the row is ours to send */
  begin(id: string): Promise<boolean>
  /** resolves after the commit; a store that refuses is asked until it takes it */
  settle(settled: Settled): Promise<void>
}

export function createLedger({ engine, now }: { engine: Pick<Commander, 'command'>; now(): number }, stopping: AbortSignal): Ledger {
  const begun = batched<string, boolean>(async (ids) => {
    const body = { ids, at: now() }
    const answer = await engine.command<{ ids: string[] }>({ name: 'outbox.begin', body, actor: SENDER }).catch(() => ({ ids: [] }))
    const ours = new Set(answer.ids)
    return ids.map((id) => ours.has(id))
  })
  const settled = batched<Settled, void>(async (all) => {
    for (;;) {
      try {
        await engine.command({ name: 'outbox.settle', body: { settled: all }, actor: SENDER })
        return all.map(() => undefined)
      } catch {
        // the engine has closed: the next start sends them again, with the same ids
        if (stopping.aborted) return all.map(() => undefined)
        await sleep(AGAIN_AFTER, undefined, { ref: false })
      }
    }
  })
  return { begin: begun, settle: settled }
}

/** Gathers the calls of one turn of the loop into one. */
function batched<A, B>(run: (all: A[]) => Promise<B[]>): (one: A) => Promise<B> {
  let waiting: { one: A; resolve(answer: B): void }[] = []
  const flush = async () => {
    const taken = waiting
    waiting = []
    const answers = await run(taken.map(({ one }) => one))
    for (const [n, { resolve }] of taken.entries()) resolve(answers[n]!)
  }
  return (one) =>
    new Promise((resolve) => {
      if (waiting.length === 0) setImmediate(() => void flush())
      waiting.push({ one, resolve })
    })
}
