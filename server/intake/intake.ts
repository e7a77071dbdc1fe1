import type { Database } from 'better-sqlite3'
import type { Arrival, Decoded, Receipt, Reject, Source, SourceContext } from '../../shared/arrival.ts'
import { conflict, notFound } from '../../shared/problem.ts'
import type { Signal, SignalDraft } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { FeedView } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import { openIdentity } from '../store/identity.ts'
import { createQuarantineStore } from '../store/quarantine.ts'
import { quarantineNumber } from '../store/quarantine-lists.ts'
import { purgeSignals } from '../store/signal-purge.ts'
import { createSignalStore } from '../store/signals.ts'
import { createKnownFeeds } from './feeds.ts'
import { createHealth, type HealthState } from './health.ts'
import { createJudge } from './judge.ts'
import { quarantineEntry } from './set-aside.ts'
import type { Keep } from './times.ts'

/** Messages → stored signals, inside the engine's transaction (I1–I5). Bad input never throws: it is quarantined or answered. */
export interface Intake {
  /** inside the open transaction; `receipts` in the order of the arrivals */
  take(arrivals: readonly Arrival[], now: Millis, revision: number): { receipts: Receipt[]; signals: Signal[] }
  /** reads a quarantined message again; `signals` go the way of all signals. Throws ProblemError 404 or 409. */
  retry(id: string, now: Millis, revision: number): { answer: RetryAnswer; signals: Signal[] }
  /** nobody needs it any more: it stays in the list, marked */
  discard(id: string): { id: string; state: 'discarded' }
  committed(): void
  rolledBack(): void
  /** inside a transaction: one small slice of what is past its time; answers how many rows went */
  purge(now: Millis): number
  lastSeq(): number
  health(now: Millis): FeedView[]
  lastHeard(deviceId: string): Millis | undefined
  checkpoint(): IntakeState
  restore(state: IntakeState): void
  /** signals stored after the checkpoint that was restored */
  recall(signals: readonly Signal[]): void
}
export type IntakeState = HealthState
export interface RetryAnswer {
  id: string
  state: 'accepted' | 'held'
  accepted: number
  duplicates: number
  /** why it is still not understood */
  detail?: string
}
export interface IntakeOptions {
  db: Database
  world: () => World
  sources: Readonly<Record<string, Source>>
  keep?: Partial<Keep & { quarantine: number }>
  /** ms without a message after which a feed counts as silent */
  feedSilentAfter?: (feed: string) => number
}

const DAY = 86_400_000
const PURGE_ROWS = 2_000
/** What happened longer ago is retried as a replay: it teaches, it raises nothing. */
const RETRY_IS_REPLAY_AFTER = 10 * 60_000

type Tally = { accepted: number; duplicates: number; quarantined: number; ids: string[] }

export function createIntake({ db, world, sources, keep: wanted, feedSilentAfter }: IntakeOptions): Intake {
  const keep = { passages: 30, signals: 90, quarantine: 30, ...wanted }
  const signalsStore = createSignalStore(db)
  const identity = openIdentity(db)
  const quarantine = createQuarantineStore(db)
  const health = createHealth(feedSilentAfter)
  const feeds = createKnownFeeds(db, world)
  const judge = createJudge({ world, keep, mayBeFeed: feeds.mayBe })

  const contextAt = (now: Millis): SourceContext => ({
    now,
    utcOffset: world().utcOffset,
    device: (feed, address) => world().deviceByAddress(feed, address),
  })

  function decode(arrival: Arrival, context: SourceContext): Decoded {
    const source = sources[arrival.source]
    if (!source) return { drafts: [], rejects: [{ reason: 'not-understood', detail: `nothing reads messages of kind ${arrival.source}` }] }
    try {
      return source(arrival, context)
    } catch (error) {
      return { drafts: [], rejects: [{ reason: 'not-understood', detail: `reading failed: ${(error as Error).message}`.slice(0, 500) }] }
    }
  }

  function setAside(reject: Reject, arrival: Arrival, now: Millis, tally: Tally) {
    const entry = quarantineEntry(reject, arrival, now)
    quarantine.put(entry)
    if (feeds.has(entry.feed)) health.quarantined(entry.feed, now)
    tally.quarantined++
  }

  /** one draft of a message, to its end */
  function store(draft: SignalDraft, moment: Moment, tally: Tally, ownKey: boolean): Reject | undefined {
    const verdict = judge(draft, moment, ownKey)
    if ('reason' in verdict) return verdict
    const { signal, json } = verdict
    tally.ids.push(signal.id)
    if (!identity.claim(signal.feed, signal.id)) {
      tally.duplicates++
      health.duplicate(signal.feed)
      return undefined
    }
    signal.seq = signalsStore.next
    signalsStore.insert(signal, json, moment.revision)
    health.accepted(signal)
    feeds.met(signal.feed, moment.now)
    tally.accepted++
    moment.signals.push(signal)
    return undefined
  }

  function takeOne(arrival: Arrival, context: SourceContext, moment: Moment): Receipt {
    const decoded = decode(arrival, context)
    if (decoded.problem) return { problem: decoded.problem }
    const tally: Tally = { accepted: 0, duplicates: 0, quarantined: 0, ids: [] }
    for (const draft of decoded.drafts) {
      const reject = store(draft, moment, tally, arrival.feed !== undefined)
      if (reject) setAside({ ...reject, part: decoded.part?.(draft) }, arrival, moment.now, tally)
    }
    for (const reject of decoded.rejects) setAside(reject, arrival, moment.now, tally)
    if (decoded.ignored && arrival.feed !== undefined && feeds.has(arrival.feed)) health.heard(arrival.feed, moment.now)
    return tally
  }

  function write(now: Millis) {
    signalsStore.write(now)
    identity.write(now)
  }

  function understandAgain(n: number, arrival: Arrival, moment: Moment): RetryAnswer {
    const id = `quarantine-${n}`
    const tally: Tally = { accepted: 0, duplicates: 0, quarantined: 0, ids: [] }
    const decoded = decode(arrival, contextAt(moment.receivedAt ?? moment.now))
    const rejects = [
      ...decoded.rejects,
      ...decoded.drafts.flatMap((draft) => store(draft, moment, tally, arrival.feed !== undefined) ?? []),
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
    take(arrivals, now, revision) {
      const moment: Moment = { now, revision, signals: [] }
      const context = contextAt(now)
      const receipts = arrivals.map((arrival) => takeOne(arrival, context, moment))
      write(now)
      return { receipts, signals: moment.signals }
    },
    retry(id, now, revision) {
      const { n, entry } = held(id)
      const moment: Moment = { now, revision, signals: [], receivedAt: entry.receivedAt, replayBefore: now - RETRY_IS_REPLAY_AFTER }
      const answer = understandAgain(n, entry.arrival, moment)
      write(now)
      return { answer, signals: moment.signals }
    },
    discard(id) {
      quarantine.mark(held(id).n, 'discarded')
      return { id, state: 'discarded' }
    },
    committed() {
      for (const part of [signalsStore, identity, health, feeds]) part.committed()
    },
    rolledBack() {
      for (const part of [signalsStore, identity, quarantine, health, feeds]) part.rolledBack()
    },
    purge(now) {
      identity.forget(now - Math.max(keep.passages, keep.signals) * DAY)
      const limits = { passages: now - keep.passages * DAY, others: now - keep.signals * DAY }
      return purgeSignals(db, limits, PURGE_ROWS) + quarantine.purge(now - keep.quarantine * DAY, PURGE_ROWS)
    },
    lastSeq: () => signalsStore.next - 1,
    health: (now) => health.views(feeds.names(), now),
    lastHeard: (deviceId) => health.lastHeard(deviceId),
    checkpoint: () => health.save(),
    restore: (state) => health.load(state),
    recall(signals) {
      for (const signal of signals) health.accepted(signal)
      health.committed()
    },
  }
}

/** One unit of work as the judge sees it. */
export interface Moment {
  now: Millis
  revision: number
  signals: Signal[]
  /** of a retried message: when it first came */
  receivedAt?: Millis
  /** a retried signal that happened before is a replay */
  replayBefore?: Millis
}
