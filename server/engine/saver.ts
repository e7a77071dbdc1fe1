import type { Memory } from './memory.ts'
import type { Stores } from './stores.ts'

/** The stages' memory is saved this often, so that a restart has at most this much to work through again (A1). */
const EVERY = { ms: 5_000, signals: 50_000 }

export interface Saver {
  isDue(memory: Memory): boolean
  /** inside a transaction, after everything else of it */
  save(memory: Memory): void
}

export function createSaver({ checkpoint, ticks }: Pick<Stores, 'checkpoint' | 'ticks'>): Saver {
  let at = performance.now()
  let seq = 0
  return {
    isDue: (memory) => performance.now() - at >= EVERY.ms || memory.stages.lastSeq() - seq >= EVERY.signals,
    save(memory) {
      at = performance.now()
      seq = memory.stages.lastSeq()
      checkpoint.save(memory.stages.memories(), { seq, tick: ticks.last()?.n ?? 0 })
    },
  }
}
