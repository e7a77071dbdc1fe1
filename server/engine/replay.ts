import type { Signal } from '../../shared/signal.ts'
import type { Memory } from './memory.ts'
import type { Stores } from './stores.ts'

/**
 * Brings the stages' memory from its checkpoint up to the last commit: signals and ticks again, in the order of their commits. What they
 * found was committed with them, so findings are dropped (A1, A3).
 */
export function replay({ stages }: Memory, { checkpoint, ticks }: Stores): void {
  const { memories, cursor } = checkpoint.load()
  stages.restore(memories)
  const signals = stages.signalsAfter(cursor.seq)[Symbol.iterator]()
  let next = signals.next()
  const until = (seq: number) => {
    for (; !next.done && (next.value as Signal).seq <= seq; next = signals.next()) stages.recall(next.value as Signal)
  }
  for (const tick of ticks.after(cursor.tick)) {
    until(tick.seq)
    stages.analysis.onTick(tick.at)
  }
  until(Number.POSITIVE_INFINITY)
}
