/** Failed attempts per key within a sliding window; over the limit the key waits. In memory, bounded; `now` is monotonic, ms. */
export interface Lockout {
  /** seconds still to wait; 0: may try */
  waitFor(key: string): number
  /** true when this failure locks the key */
  failed(key: string): boolean
  succeeded(key: string): void
}

export function createLockout(options: { limit: number; window: number; now: () => number; keys?: number }): Lockout {
  const { limit, window, now, keys = 10_000 } = options
  const failures = new Map<string, number[]>()
  const recent = (key: string) => (failures.get(key) ?? []).filter((at) => at > now() - window)
  return {
    waitFor(key) {
      const times = recent(key)
      return times.length < limit ? 0 : Math.max(1, Math.ceil((times[times.length - limit]! + window - now()) / 1000))
    },
    failed(key) {
      const times = [...recent(key), now()].slice(-limit)
      failures.delete(key)
      failures.set(key, times)
      if (failures.size > keys) failures.delete(failures.keys().next().value!)
      return times.length === limit
    },
    succeeded: (key) => void failures.delete(key),
  }
}
