import type { Logger } from 'pino'
import type { Engine } from './engine/protocol.ts'

/** Real ms between two looks: the same fault a thousand times a second is one line. */
const LOOK_EVERY = 5_000

/** What goes wrong in the engine without ending it (a full disk, a detector that throws) stands in the log as well. */
export function logFaults(engine: Pick<Engine, 'health'>, log: Pick<Logger, 'error'>): void {
  const told = new Map<string, number>()
  const look = () => {
    for (const [part, { count, last }] of Object.entries(engine.health().faults)) {
      const since = count - (told.get(part) ?? 0)
      told.set(part, count)
      if (since > 0) log.error({ part, times: since, last }, 'the engine had a fault')
    }
  }
  setInterval(look, LOOK_EVERY).unref()
}
