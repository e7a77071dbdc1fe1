import type { Arrival } from '../../shared/arrival.ts'
import { conflict, notFound } from '../../shared/problem.ts'
import type { Millis } from '../../shared/status.ts'
import type { QuarantineStore } from '../store/quarantine.ts'
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

/** What happened longer ago is retried as a replay: it teaches, it raises nothing. */
const REPLAY_AFTER = 10 * 60_000

/** Quarantined messages that somebody looks at again. */
export function createRetry(reading: Reading, quarantine: QuarantineStore) {
  function understandAgain(n: number, arrival: Arrival, moment: Moment): RetryAnswer {
    const id = `quarantine-${n}`
    const tally = newTally()
    const decoded = reading.decode(arrival, reading.contextAt(moment.receivedAt ?? moment.now))
    const rejects = [
      ...decoded.rejects,
      ...decoded.drafts.flatMap((draft) => reading.store(draft, moment, tally, arrival.feed !== undefined) ?? []),
    ]
    const { accepted, duplicates } = tally
    const detail = decoded.problem?.detail ?? rejects[0]?.detail
    const understood = detail === undefined && accepted + duplicates > 0
    if (understood) quarantine.mark(n, 'accepted')
    return { id, state: understood ? 'accepted' : 'held', accepted, duplicates, ...(detail !== undefined && { detail }) }
  }

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
      const moment: Moment = { now, revision, signals: [], receivedAt: entry.receivedAt, replayBefore: now - REPLAY_AFTER }
      return { answer: understandAgain(n, entry.arrival, moment), signals: moment.signals }
    },
    discard(id: string) {
      quarantine.mark(held(id).n, 'discarded')
      return { id, state: 'discarded' as const }
    },
  }
}
