import type { Arrival, Decoded, Receipt, Reject, Source, SourceContext } from '../../shared/arrival.ts'
import type { Signal, SignalDraft } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import type { Identity } from '../store/identity.ts'
import type { Quarantined, QuarantineStore } from '../store/quarantine.ts'
import type { SignalStore } from '../store/signals.ts'
import type { KnownFeeds } from './feeds.ts'
import { guessBySource, guessOf } from './guess.ts'
import type { Health } from './health.ts'
import type { Judge } from './judge.ts'
import { readLinkReport } from './link.ts'
import type { Repeats } from './repeats.ts'
import type { Routine } from './routine.ts'
import { quarantineEntry } from './set-aside.ts'
import { whereStopped } from './where.ts'

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

export type Tally = { accepted: number; duplicates: number; quarantined: number; ids: string[] }
export const newTally = (): Tally => ({ accepted: 0, duplicates: 0, quarantined: 0, ids: [] })

interface Parts {
  world: () => World
  sources: Readonly<Record<string, Source>>
  signals: SignalStore
  identity: Identity
  quarantine: QuarantineStore
  health: Health
  feeds: KnownFeeds
  judge: Judge
  repeats: Repeats
  routine: Routine
}

/** These senders read an answer; a malformed message of any other is kept, or it would be lost without a word (I3). */
const ANSWERED: ReadonlySet<string> = new Set(['http', 'websocket'])

/** A transport speaks of its connection, not a device. */
const LINK = 'feed-link'

/** One message, from its bytes to its receipt. */
export function createReading({ world, sources, signals, identity, quarantine, health, feeds, judge, repeats, routine }: Parts) {
  const contextAt = (now: Millis): SourceContext => ({
    now,
    utcOffset: world().utcOffset,
    device: (feed, address) => world().deviceByAddress(feed, address),
    devices: (feed) =>
      world()
        .devices()
        .filter((device) => device.feed === feed),
    feed: feeds.get,
    resident: (id) => world().resident(id) !== undefined,
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
    const entry = quarantineEntry({ ...hintsOf(reject, arrival), ...reject }, arrival, now)
    quarantine.put(entry)
    if (feeds.has(entry.feed)) health.quarantined(entry.feed, now, senderOf(entry))
    tally.quarantined++
  }

  /** the device that sent what was not understood, when a register knows it */
  function senderOf({ feed, address }: Quarantined): string | undefined {
    return address === '' ? undefined : (world().deviceByAddress(feed, address) ?? world().device(address))?.id
  }

  /** one draft of a message, to its end */
  function store(draft: SignalDraft, moment: Moment, tally: Tally, arrival: Arrival): Reject | undefined {
    if (feeds.get(draft.feed)?.state === 'paused') return paused(draft)
    const ownKey = arrival.feed !== undefined
    const verdict = judge(draft, moment, ownKey)
    if ('reason' in verdict) return { ...verdict, guess: guessOf(draft, arrival.source) }
    const { signal, json } = verdict
    // of what waited in quarantine all is kept: it is little, and somebody asked for it
    if (draft.routine && moment.receivedAt === undefined && routine.isNoNews(signal)) {
      health.alive(signal)
      return undefined
    }
    tally.ids.push(signal.id)
    if (!identity.claim(signal.feed, signal.id)) {
      tally.duplicates++
      health.duplicate(signal.feed, signal.deviceId)
      return undefined
    }
    if (draft.sameAs !== undefined && repeats.isAgain(signal.feed, signal.deviceId, draft.sameAs, signal.receivedAt)) signal.repeat = true
    signal.seq = signals.next
    signals.insert(signal, json, moment.revision)
    health.accepted(signal)
    feeds.met(signal.feed, moment.now, arrival.source)
    tally.accepted++
    moment.signals.push(signal)
    return undefined
  }

  /** of our own transports alone: no sender names this source */
  function takeLink(arrival: Arrival, now: Millis): Receipt {
    const report = readLinkReport(arrival.bytes)
    if (report && arrival.feed !== undefined && feeds.has(arrival.feed)) health.link(arrival.feed, report, now)
    return newTally()
  }

  function takeOne(arrival: Arrival, context: SourceContext, moment: Moment): Receipt {
    if (arrival.source === LINK) return takeLink(arrival, moment.now)
    const decoded = decode(arrival, context)
    const tally = newTally()
    if (decoded.problem) {
      if (ANSWERED.has(arrival.transport)) return { problem: decoded.problem }
      setAside({ reason: 'malformed', detail: decoded.problem.detail }, arrival, moment.now, tally)
      return tally
    }
    for (const draft of decoded.drafts) {
      const reject = store(draft, moment, tally, arrival)
      if (reject) setAside({ ...reject, part: decoded.part?.(draft) }, arrival, moment.now, tally)
    }
    for (const reject of decoded.rejects) setAside(reject, arrival, moment.now, tally)
    for (const link of decoded.links ?? [])
      if (feeds.has(link.feed)) health.link(link.feed, { ...link, ...(arrival.retained && { standing: true }) }, moment.now)
    if (decoded.ignored && arrival.feed !== undefined && feeds.has(arrival.feed)) health.heard(arrival.feed, moment.now)
    return tally
  }

  return { contextAt, decode, store, takeOne }
}

const UNREAD: ReadonlySet<string> = new Set(['malformed', 'not-understood'])

/** What helps whoever looks at it, as far as the source did not say. */
function hintsOf({ reason, where, part }: Reject, { bytes, source }: Arrival): Pick<Reject, 'where' | 'guess'> {
  const stopped = where === undefined && part === undefined && UNREAD.has(reason) ? whereStopped(bytes) : undefined
  const guess = reason === 'unknown-device' ? guessBySource(source) : undefined
  return { ...(stopped !== undefined && { where: stopped }), ...(guess && { guess }) }
}

/** Kept, and read again when somebody wants it: what a paused feed sends is neither believed nor lost. */
const paused = ({ feed, address, deviceId, id }: SignalDraft): Reject => ({
  reason: 'feed-paused',
  detail: `${feed} was paused when this came: resume it and retry`,
  feed,
  address: address ?? deviceId,
  id,
})

export type Reading = ReturnType<typeof createReading>
