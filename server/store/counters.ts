import type { Settings } from './settings.ts'

export interface Counters {
  /** alert → alert-17, one more each time */
  next(prefix: string): string
  flush(): void
}

/** Numbers of ids: given in order, never twice, also after the things themselves are purged. */
export function createCounters(settings: Settings): Counters {
  const counts: Record<string, number> = settings.get<Record<string, number>>('counters') ?? {}
  let dirty = false
  return {
    next(prefix) {
      counts[prefix] = (counts[prefix] ?? 0) + 1
      dirty = true
      return `${prefix}-${counts[prefix]}`
    },
    flush() {
      if (dirty) settings.set('counters', counts)
      dirty = false
    },
  }
}
