/** What the server's clock said, and what the phone's said then: phones are often wrong, and the time of a demo may run faster. */
export interface KnownClock {
  now: number
  rate: number
  mode: 'real' | 'manual'
  /** ms of the phone */
  heard: number
}

/** Domain ms at a moment of the phone; without an answer so far the phone's own. */
export function domainTime(known: KnownClock | undefined, phone: number): number {
  if (!known) return phone
  return Math.round(known.mode === 'manual' ? known.now : known.now + (phone - known.heard) * known.rate)
}
