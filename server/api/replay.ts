import type { Engine } from '../engine/protocol.ts'
import type { Actor } from '../work.ts'

export interface Replayed {
  accepted: number
  duplicates: number
  /** messages that still wait */
  held: number
}

/** Reads what waits from one sender again, slice by slice: others come in between. */
export const replayer =
  (engine: Pick<Engine, 'command'>) =>
  async (sender: { feed: string; address: string }, actor: Actor): Promise<Replayed> => {
    const sum: Replayed = { accepted: 0, duplicates: 0, held: 0 }
    for (let after: number | null = 0; after !== null; ) {
      const slice: Replayed & { next: number | null } = await engine.command({
        name: 'quarantine.replay',
        body: { ...sender, after },
        actor,
      })
      sum.accepted += slice.accepted
      sum.duplicates += slice.duplicates
      sum.held += slice.held
      after = slice.next
    }
    return sum
  }
