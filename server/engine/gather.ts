/** Real ms that a busy engine waits after a commit, so that more share the next one. An idle engine does not wait. */
export const GATHER = 2
/** A group smaller than this was no load: the next one starts at once. */
const FEW = 4

export interface Gatherer<T> {
  add(items: T[]): void
  /** runs all that waits, now */
  drain(): void
}

/**
 * Collects what arrives while a commit runs, and a little longer under load, and hands it over in one go. `run` is synchronous and gives
 * back what did not fit into its group.
 */
export function createGatherer<T>(run: (items: T[]) => T[], now: () => number = () => performance.now()): Gatherer<T> {
  let items: T[] = []
  let planned = false
  let ended = 0
  let busy = false

  const turn = () => {
    planned = false
    const taken = items
    items = []
    busy = taken.length >= FEW
    if (taken.length === 0) return
    const rest = run(taken)
    ended = now()
    if (rest.length === 0) return
    items = rest.concat(items)
    plan()
  }
  const plan = () => {
    if (planned) return
    planned = true
    const wait = busy ? GATHER - (now() - ended) : 0
    if (wait > 0.3) setTimeout(turn, wait)
    else setImmediate(turn)
  }
  return {
    add(more) {
      items = items.length === 0 ? more : items.concat(more)
      plan()
    },
    drain() {
      while (items.length > 0) turn()
    },
  }
}
