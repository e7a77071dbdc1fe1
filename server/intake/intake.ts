import type { Arrival, Receipt, Source } from '../../shared/arrival.ts'
import type { FeedKind } from '../../shared/feed.ts'
import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { FeedView } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import { openIdentity } from '../store/identity.ts'
import type { Db } from '../store/open.ts'
import { createQuarantineStore } from '../store/quarantine.ts'
import { purgeSignals } from '../store/signal-purge.ts'
import { createSignalStore } from '../store/signals.ts'
import { createKnownFeeds, type KnownFeeds } from './feeds.ts'
import { createHealth, type DeviceCounts, type HealthState } from './health.ts'
import { createJudge } from './judge.ts'
import { createReading, type Moment } from './reading.ts'
import { createRepeats, type RepeatState } from './repeats.ts'
import { createRetry, type ReplayAnswer, type ReplayQuery, type RetryAnswer } from './retry.ts'
import { createRoutine } from './routine.ts'
import type { Keep } from './times.ts'

/** Messages → stored signals, inside the engine's transaction (I1–I5). Bad input never throws: it is quarantined or answered. */
export interface Intake {
  /** inside the open transaction; `receipts` in the order of the arrivals */
  take(arrivals: readonly Arrival[], now: Millis, revision: number): { receipts: Receipt[]; signals: Signal[] }
  /** reads a quarantined message again; `signals` go the way of all signals. Throws ProblemError 404 or 409. */
  retry(id: string, now: Millis, revision: number): { answer: RetryAnswer; signals: Signal[] }
  /** reads what waits from one sender again, oldest first: a slice of it. Never throws. */
  replay(query: ReplayQuery, now: Millis, revision: number): { answer: ReplayAnswer; signals: Signal[] }
  /** somebody opened a quarantined message: it may expire from now on */
  see(id: string): void
  /** nobody needs it any more: it stays in the list, marked */
  discard(id: string): { id: string; state: 'discarded' }
  committed(): void
  rolledBack(): void
  /** inside a transaction: one small slice of what is past its time; answers how many rows went */
  purge(now: Millis): number
  lastSeq(): number
  /** whether it is a feed, or one that speaks of unknown devices alone and is to become one with the first of them */
  speaksAs(feed: string): boolean
  /** the records of the feeds, for those who change them */
  readonly feeds: Pick<KnownFeeds, 'has' | 'mayBe' | 'get' | 'refresh' | 'changed'>
  health(now: Millis): FeedView[]
  lastHeard(deviceId: string): Millis | undefined
  ofDevice(feed: string, deviceId: string, now: Millis): DeviceCounts
  checkpoint(): IntakeState
  restore(state: IntakeState): void
  /** signals stored after the checkpoint that was restored */
  recall(signals: readonly Signal[]): void
}
export interface IntakeState extends HealthState {
  repeats?: RepeatState
}
export interface IntakeOptions {
  db: Db
  world: () => World
  sources: Readonly<Record<string, Source>>
  keep?: Partial<Keep & { quarantine: number }>
  /** what a feed speaks whose messages are read by this source */
  kindOf?: (source: string) => FeedKind
  /** ms without a message after which a feed counts as silent */
  feedSilentAfter?: (feed: string) => number
}

const DAY = 86_400_000
const PURGE_ROWS = 2_000

export function createIntake({ db, world, sources, keep: wanted, kindOf, feedSilentAfter }: IntakeOptions): Intake {
  const keep = { passages: 30, signals: 90, quarantine: 30, ...wanted }
  const store = createSignalStore(db)
  const identity = openIdentity(db)
  const quarantine = createQuarantineStore(db)
  const health = createHealth(feedSilentAfter)
  const feeds = createKnownFeeds(db, world, kindOf)
  const repeats = createRepeats()
  const routine = createRoutine()
  const judge = createJudge({ world, keep, mayBeFeed: feeds.mayBe })
  const reading = createReading({ world, sources, signals: store, identity, quarantine, health, feeds, judge, repeats, routine })
  const again = createRetry(reading, quarantine)

  function write(now: Millis) {
    store.write(now)
    identity.write(now)
  }

  return {
    take(arrivals, now, revision) {
      const moment: Moment = { now, revision, signals: [] }
      const context = reading.contextAt(now)
      const receipts = arrivals.map((arrival) => reading.takeOne(arrival, context, moment))
      write(now)
      return { receipts, signals: moment.signals }
    },
    retry(id, now, revision) {
      const result = again.retry(id, now, revision)
      write(now)
      return result
    },
    replay(query, now, revision) {
      const result = again.replay(query, now, revision)
      write(now)
      return result
    },
    see: again.see,
    discard: again.discard,
    committed() {
      for (const part of [store, identity, health, feeds, repeats, routine]) part.committed()
    },
    rolledBack() {
      for (const part of [store, identity, quarantine, health, feeds, repeats, routine]) part.rolledBack()
    },
    purge(now) {
      identity.forget(now - Math.max(keep.passages, keep.signals) * DAY)
      const limits = { passages: now - keep.passages * DAY, others: now - keep.signals * DAY }
      return purgeSignals(db, limits, PURGE_ROWS) + quarantine.purge(now - keep.quarantine * DAY, PURGE_ROWS)
    },
    lastSeq: () => store.next - 1,
    speaksAs: (feed) => feeds.has(feed) || (feeds.mayBe(feed) && quarantine.hasFeed(feed)),
    feeds,
    health: (now) =>
      health.views(feeds.names(), now).map((view) => (feeds.get(view.id)?.state === 'paused' ? { ...view, state: 'paused' } : view)),
    lastHeard: (deviceId) => health.lastHeard(deviceId),
    ofDevice: (feed, deviceId, now) => health.ofDevice(feed, deviceId, now),
    checkpoint: () => ({ ...health.save(), repeats: repeats.save() }),
    restore(state) {
      health.load(state)
      repeats.load(state.repeats ?? [])
    },
    recall(signals) {
      for (const signal of signals) health.accepted(signal)
      health.committed()
    },
  }
}
