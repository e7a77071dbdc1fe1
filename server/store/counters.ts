import type { Settings } from './settings.ts'

export interface Counters {
  /** alert → alert-17, one more each time */
  next(prefix: string): string
  /** 20261123 → 20261123-0017, from 1 again each day */
  ofDay(day: string): string
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
    ofDay(day) {
      const name = `${DAILY}${day}`
      // a clock that was set back still finds the last weeks' numbers
      for (const old of Object.keys(counts)) if (old.startsWith(DAILY) && isPast(old, day)) delete counts[old]
      counts[name] = (counts[name] ?? 0) + 1
      dirty = true
      return `${day}-${String(counts[name]).padStart(4, '0')}`
    },
    flush() {
      if (dirty) settings.set('counters', counts)
      dirty = false
    },
  }
}

const DAILY = 'day/'
/** two days of the calendar (YYYYMMDD as numbers) that lie a month or more apart */
const isPast = (name: string, day: string) => Number(name.slice(DAILY.length)) < Number(day) - 100
