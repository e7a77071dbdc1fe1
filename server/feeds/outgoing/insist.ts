import { setTimeout as sleep } from 'node:timers/promises'
import type { Arrival, Receipt } from '../../../shared/arrival.ts'
import type { Receiver } from '../receiver.ts'

/** ms between two tries of one arrival, at first and at most */
const FIRST = 50
const LONGEST = 5_000

/**
 * Hands one arrival to the engine until it is kept: nobody could send it again. Meanwhile the caller reads nothing, so that memory stays
 * bounded. When it is told to stop it tries once more. Rejects when that failed too.
 */
export async function insist(engine: Receiver, arrival: Arrival, signal: AbortSignal): Promise<Receipt> {
  for (let wait = FIRST; ; wait = Math.min(wait * 2, LONGEST)) {
    const last = signal.aborted
    try {
      return await engine.receive(arrival)
    } catch (error) {
      if (last) throw error
      await sleep(wait, undefined, { signal }).catch(() => {})
    }
  }
}
