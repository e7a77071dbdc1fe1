/** Real ms between two commits of a busy engine, so that more share the next one. */
export const GATHER = 2

export interface Gatherer<T> {
  add(items: T[]): void
  /** runs all that waits, now */
  drain(): void
}

export interface GathererOptions<T> {
  /** one commit; synchronous; gives back what did not fit into it */
  run(items: T[]): T[]
  /** how many senders wait for the item */
  weigh(item: T): number
}

/**
 * Collects what arrives while a commit runs and hands it over in one go. Whoever comes alone is served at once; when several shared the
 * last commit, the next one waits a little for more.
 */
export function createGatherer<T>({ run, weigh }: GathererOptions<T>): Gatherer<T> {
  let items: T[] = []
  let planned = false
  let ended = 0
  let busy = false

  const turn = () => {
    planned = false
    const taken = items
    items = []
    if (taken.length === 0) return
    busy = taken.reduce((sum, item) => sum + weigh(item), 0) > 1
    const rest = run(taken)
    ended = performance.now()
    if (rest.length === 0) return
    items = rest.concat(items)
    plan(0)
  }
  const plan = (wait: number) => {
    if (planned) return
    planned = true
    // timers count in whole ms and come late rather than early
    if (wait > 0.5) setTimeout(turn, wait)
    else setImmediate(turn)
  }
  return {
    add(more) {
      items = items.length === 0 ? more : items.concat(more)
      plan(busy ? GATHER - (performance.now() - ended) : 0)
    },
    drain() {
      while (items.length > 0) turn()
    },
  }
}
