import type { Receipt } from '../../shared/arrival.ts'
import type { EngineHealth } from './protocol.ts'

export interface HealthBook {
  /** a commit that took so many ms */
  commit(ms: number, receipts: readonly Receipt[]): void
  failed(): void
  /** the figures, those of the last real second starting anew */
  take(): EngineHealth
}

export function createHealth(faults: () => EngineHealth['faults'], walBytes: () => number): HealthBook {
  const sums = { accepted: 0, duplicates: 0, quarantined: 0, commits: 0, failed: 0 }
  let second = { slowest: 0, busy: 0 }
  let readyIn = 0
  return {
    commit(ms, receipts) {
      sums.commits += 1
      second = { slowest: Math.max(second.slowest, ms), busy: second.busy + ms }
      for (const receipt of receipts) {
        if ('problem' in receipt) continue
        sums.accepted += receipt.accepted
        sums.duplicates += receipt.duplicates
        sums.quarantined += receipt.quarantined
      }
    },
    failed() {
      sums.failed += 1
    },
    take() {
      readyIn ||= Math.round(performance.now())
      const health = { ...sums, ...second, faults: faults(), wal: walBytes(), heap: process.memoryUsage().heapUsed, readyIn }
      second = { slowest: 0, busy: 0 }
      return health
    },
  }
}
