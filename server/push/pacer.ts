/** Runs at once when it has been quiet, and never more often than `every` ms: what comes in between waits for one later run. */
export interface Pacer {
  poke(): void
  /** runs now, in full, unless it ran within `every` */
  settle(): void
  stop(): void
}

/** `run` says whether it did anything: what did nothing does not count. `full` asks it to do even what can wait. */
export function createPacer(every: number, now: () => number, run: (full: boolean) => boolean): Pacer {
  let last = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  const wait = () => last + every - now()
  const go = (full = false) => {
    clearTimeout(timer)
    timer = undefined
    if (run(full)) last = now()
  }
  const later = () => {
    timer = setTimeout(() => (wait() > 0 ? later() : go()), Math.max(1, Math.ceil(wait())))
  }
  return {
    poke() {
      if (timer) return
      if (wait() <= 0) go()
      else later()
    },
    settle() {
      if (wait() <= 0) go(true)
    },
    stop() {
      clearTimeout(timer)
    },
  }
}
