import { setTimeout as sleep } from 'node:timers/promises'
import type { Arrival, Receipt } from '../../../shared/arrival.ts'
import type { Log, Receiver } from '../receiver.ts'

/** ms between two tries of one arrival, at first and at most */
const FIRST = 50
const LONGEST = 5_000
/** An overload is over sooner; more tries than that are worth a line in the log. */
const TRIES_WITHOUT_WORDS = 6

/**
 * Hands one arrival to the engine until it is kept: nobody could send it again. Meanwhile the caller reads nothing, so that memory stays
 * bounded. When it is told to stop it tries once more. Rejects when that failed too.
 */
export async function insist(engine: Receiver, arrival: Arrival, signal: AbortSignal, log?: Log): Promise<Receipt> {
  for (let wait = FIRST, tries = 1; ; wait = Math.min(wait * 2, LONGEST), tries++) {
    const last = signal.aborted
    try {
      return await engine.receive(arrival)
    } catch (error) {
      if (last) throw error
      if (tries === TRIES_WITHOUT_WORDS)
        log?.warn({ feed: arrival.feed, reason: (error as Error).message }, 'a message of a feed cannot be kept: it is tried again')
      await sleep(wait, undefined, { signal }).catch(() => {})
    }
  }
}
