import { setTimeout as sleep } from 'node:timers/promises'
import type { Arrival } from '../../shared/arrival.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { Gate } from './gates.ts'
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

/** Of a message that is larger than its feed may send, so much is kept to be looked at. */
const GLIMPSE = 4 * 1024

/**
 * The same within what the feed may send: a rate that somebody set holds the acknowledgement back, and the sender with it; a message that
 * is too large is set aside with its beginning, since MQTT has no word for a refusal and would bring it again for ever.
 */
export async function commitGated(engine: Receiver, gate: Gate, arrival: Arrival, log: Log, signal: AbortSignal): Promise<void> {
  const { byteLength } = arrival.bytes
  for (let wait = gate.limited ? gate.wait() : 0; wait > 0; wait = gate.wait()) await sleep(wait, undefined, { signal })
  gate.count(byteLength)
  if (byteLength <= gate.largest) return commit(engine, arrival, log, signal)
  const headers = { length: String(byteLength), most: String(gate.largest) }
  await commit(engine, { ...arrival, source: 'too-large', headers, bytes: arrival.bytes.slice(0, GLIMPSE) }, log, signal)
}
