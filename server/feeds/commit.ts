import { setTimeout as sleep } from 'node:timers/promises'
import type { Arrival } from '../../shared/arrival.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { Log, Receiver } from './receiver.ts'

const FIRST_WAIT = 20
const LONGEST_WAIT = 1_000

/**
 * Hands a broker's message to the engine until it is kept: MQTT has no "try again later", so an overloaded engine holds the acknowledgement
 * back and the sender with it (I5). What is not understood is in quarantine then, and done with: sending it again would not mend it.
 * @throws when the signal is aborted first
 */
export async function commit(engine: Receiver, arrival: Arrival, log: Log, signal: AbortSignal): Promise<void> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    signal.throwIfAborted()
    try {
      const receipt = await engine.receive(arrival)
      if ('problem' in receipt) log.warn({ topic: arrival.topic, problem: receipt.problem }, 'a message of the broker was refused')
      return
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.status < 500) throw error
    }
    await sleep(wait, undefined, { signal })
  }
}
