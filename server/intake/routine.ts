import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'

/** A camera says every ten seconds that it lives: one word a minute is kept, of a hundred cameras that is 160,000 rows a day instead of a million. */
const KEPT_EVERY: Millis = 60_000
/** Said anew in each of them, and no news. */
const NO_NEWS: ReadonlySet<string> = new Set(['said', 'zoneAssumed'])

/** Which signs of life say nothing that was not said within the minute. Follows the transaction; after a restart the first is news. */
export interface Routine {
  isNoNews(signal: Signal): boolean
  committed(): void
  rolledBack(): void
}

export function createRoutine(): Routine {
  const last = new Map<string, { at: Millis; said: string }>()
  let fresh: string[] = []
  return {
    isNoNews({ deviceId, receivedAt, data }) {
      const said = JSON.stringify(Object.entries(data).filter(([name]) => !NO_NEWS.has(name)))
      const known = last.get(deviceId)
      if (known && known.said === said && Math.abs(receivedAt - known.at) < KEPT_EVERY) return true
      last.set(deviceId, { at: receivedAt, said })
      fresh.push(deviceId)
      return false
    },
    committed() {
      fresh = []
    },
    rolledBack() {
      for (const id of fresh) last.delete(id)
      fresh = []
    },
  }
}
