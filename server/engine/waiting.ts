import type { Arrival, Receipt } from '../../shared/arrival.ts'
import { ProblemError } from '../../shared/problem.ts'
import type { QueueBounds } from './protocol.ts'

interface Waiting {
  bytes: number
  resolve(receipt: Receipt): void
  reject(error: Error): void
}

/** Senders that wait for their commit. Bounded by number and bytes, so that memory is too (I5); a single arrival always fits. */
export interface WaitingArrivals {
  hasRoom(arrival: Arrival): boolean
  /** 0 … 1 */
  pressure(): number
  wait(arrival: Arrival): Promise<Receipt>
  /** answers the one that has waited longest */
  settle(receipt: Receipt): void
  fail(error: Error): void
}

/** Receipts come in the order of the arrivals, so a queue is all the book-keeping there is. */
export function createWaiting(bounds: QueueBounds): WaitingArrivals {
  let waiting: Waiting[] = []
  let head = 0
  let bytes = 0
  const count = () => waiting.length - head
  const next = () => {
    const entry = waiting[head++]
    if (head > 1024 && head * 2 > waiting.length) {
      waiting = waiting.slice(head)
      head = 0
    }
    if (entry) bytes -= entry.bytes
    return entry
  }
  return {
    hasRoom: (arrival) => count() === 0 || (count() < bounds.arrivals && bytes + arrival.bytes.byteLength <= bounds.bytes),
    pressure: () => Math.min(1, Math.max(count() / bounds.arrivals, bytes / bounds.bytes)),
    wait(arrival) {
      bytes += arrival.bytes.byteLength
      return new Promise<Receipt>((resolve, reject) => waiting.push({ bytes: arrival.bytes.byteLength, resolve, reject }))
    },
    settle(receipt) {
      const entry = next()
      if ('problem' in receipt && receipt.problem.status >= 500) entry?.reject(new ProblemError(receipt.problem))
      else entry?.resolve(receipt)
    },
    fail(error) {
      while (count() > 0) next()?.reject(error)
    },
  }
}
