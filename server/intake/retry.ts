import type { Decoded, Reject } from '../../shared/arrival.ts'
import { conflict, notFound } from '../../shared/problem.ts'
import type { Millis } from '../../shared/status.ts'
import type { Quarantined, QuarantineStore } from '../store/quarantine.ts'
import { quarantineNumber } from '../store/quarantine-lists.ts'
import { type Moment, newTally, type Reading } from './reading.ts'

export interface RetryAnswer {
  id: string
  state: 'accepted' | 'held'
  accepted: number
  duplicates: number
  /** why it is still not understood */
  detail?: string
}

/** All that waits from one address of a feed, or from a device that is also called so. */
export interface ReplayQuery {
  feed: string
  address: string
  /** `next` of the slice before */
  after?: number
}
export interface ReplayAnswer {
  accepted: number
  duplicates: number
  /** messages that still wait */
  held: number
  /** goes into `after` of the next slice; null: that was all */
  next: number | null
}

/** What happened longer ago is retried as a replay: it teaches, it raises nothing. */
const REPLAY_AFTER = 10 * 60_000
/** Messages of one slice: each may be 256 KiB, and other senders wait for the commit. */
const SLICE = 50

/** Quarantined messages that somebody looks at again. */
export function createRetry(reading: Reading, quarantine: QuarantineStore) {
  function understandAgain(n: number, entry: Quarantined, moment: Moment): RetryAnswer {
    const id = `quarantine-${n}`
    const tally = newTally()
    const { problem, drafts, rejects } = concerning(
      entry,
      reading.decode(entry.arrival, reading.contextAt(moment.receivedAt ?? moment.now)),
    )
    const left: Reject[] = [...rejects, ...drafts.flatMap((draft) => reading.store(draft, moment, tally, entry.arrival) ?? [])]
    const { accepted, duplicates } = tally
    const detail = problem?.detail ?? left[0]?.detail
    const understood = detail === undefined && accepted + duplicates > 0
    quarantine.see(n)
    if (understood) quarantine.mark(n, 'accepted')
    return { id, state: understood ? 'accepted' : 'held', accepted, duplicates, ...(detail !== undefined && { detail }) }
  }

  /** with the times of its first receipt */
  const momentOf = (entry: Quarantined, now: Millis, revision: number, signals: Moment['signals']): Moment => ({
    ...{ now, revision, signals },
    receivedAt: entry.receivedAt,
    replayBefore: now - REPLAY_AFTER,
  })

  function held(id: string) {
    const n = quarantineNumber(id)
    const entry = Number.isSafeInteger(n) ? quarantine.get(n) : undefined
    if (!entry) throw notFound(`There is no quarantined message ${id}.`)
    if (entry.state !== 'held')
      throw conflict(`${id} is ${entry.state}: there is nothing left to do.`, { current: { id, state: entry.state } })
    return { n, entry }
  }

  return {
    /** Throws ProblemError 404 or 409. */
    retry(id: string, now: Millis, revision: number) {
      const { n, entry } = held(id)
      const moment = momentOf(entry, now, revision, [])
      return { answer: understandAgain(n, entry, moment), signals: moment.signals }
    },
    replay({ feed, address, after = 0 }: ReplayQuery, now: Millis, revision: number) {
      const numbers = quarantine.waiting(feed, address, after, SLICE)
      const signals: Moment['signals'] = []
      const answer: ReplayAnswer = { accepted: 0, duplicates: 0, held: 0, next: numbers.length < SLICE ? null : numbers.at(-1)! }
      for (const n of numbers) {
        const entry = quarantine.get(n)!
        const one = understandAgain(n, entry, momentOf(entry, now, revision, signals))
        answer.accepted += one.accepted
        answer.duplicates += one.duplicates
        if (one.state === 'held') answer.held++
      }
      return { answer, signals }
    },
    see(id: string) {
      const n = quarantineNumber(id)
      if (Number.isSafeInteger(n)) quarantine.see(n)
    },
    discard(id: string) {
      quarantine.mark(held(id).n, 'discarded')
      return { id, state: 'discarded' as const }
    },
  }
}

/** A message that speaks of several devices waits once for each that nobody knew: the others are not its matter. */
function concerning({ reason, address }: Quarantined, decoded: Decoded): Decoded {
  if (reason !== 'unknown-device' || address === '') return decoded
  return {
    ...decoded,
    drafts: decoded.drafts.filter((draft) => (draft.address ?? draft.deviceId) === address),
    rejects: decoded.rejects.filter((reject) => reject.address === address),
  }
}
