import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { FeedView } from '../../shared/wall.ts'
import { createDrift, type Drift, type DriftState } from './drift.ts'
import { type Link, type LinkReport, linkAfter, NO_LINK } from './link.ts'

/** Seconds of one bucket of the rate, and how many make a minute. */
const BUCKET = 10
const BUCKETS = 6
export const FEED_SILENT_AFTER = 15 * 60_000

interface FeedHealth {
  lastHeard: Millis | null
  accepted: number
  duplicates: number
  /** accepted ones that say again what was said */
  repeats?: number
  quarantined: number
  link?: Link
  /** counts of the last buckets, and the number of the newest */
  rate: number[]
  bucket: number
}

/** Who was heard when, how much came, and whose clock is off. Follows the transaction: what it counted is taken back with it. */
export interface Health {
  accepted(signal: Signal): void
  duplicate(feed: string): void
  quarantined(feed: string, now: Millis): void
  /** a message that says nothing but that the feed lives */
  heard(feed: string, now: Millis): void
  /** a transport tells of its connection */
  link(feed: string, report: LinkReport, now: Millis): void
  committed(): void
  rolledBack(): void
  lastHeard(deviceId: string): Millis | undefined
  /** `names`: every feed that there is, with what it is called */
  views(names: ReadonlyMap<string, string>, now: Millis): FeedView[]
  save(): HealthState
  load(state: HealthState): void
}
export interface HealthState {
  feeds: [string, FeedHealth][]
  devices: [string, Millis][]
  drift: DriftState
}

const fresh = (): FeedHealth => ({ lastHeard: null, accepted: 0, duplicates: 0, quarantined: 0, rate: [], bucket: 0 })

export function createHealth(silentAfter: (feed: string) => number = () => FEED_SILENT_AFTER): Health {
  const feeds = new Map<string, FeedHealth>()
  const devices = new Map<string, Millis>()
  let drift: Drift = createDrift()
  const feedsBefore = new Map<string, FeedHealth | undefined>()
  let devicesBefore: [string, Millis | undefined][] = []

  /** the feed's counts, remembered as they stood before this transaction */
  function touch(id: string): FeedHealth {
    const known = feeds.get(id)
    if (!feedsBefore.has(id)) feedsBefore.set(id, known && { ...known, rate: [...known.rate] })
    const feed = known ?? fresh()
    if (!known) feeds.set(id, feed)
    return feed
  }
  function hear(feed: FeedHealth, now: Millis) {
    if (feed.lastHeard === null || feed.lastHeard < now) feed.lastHeard = now
  }

  return {
    accepted(signal) {
      const feed = touch(signal.feed)
      feed.accepted++
      if (signal.repeat) feed.repeats = (feed.repeats ?? 0) + 1
      count(feed, signal.receivedAt)
      hear(feed, signal.receivedAt)
      if (signal.replay || (signal.type === 'linwang.heartbeat' && !signal.data.online)) return
      const before = devices.get(signal.deviceId)
      // a retried message was received before others that are in already
      if (before !== undefined && before > signal.receivedAt) return
      drift.note(signal)
      devicesBefore.push([signal.deviceId, before])
      devices.set(signal.deviceId, signal.receivedAt)
    },
    duplicate(feed) {
      touch(feed).duplicates++
    },
    quarantined(feed, now) {
      const health = touch(feed)
      health.quarantined++
      hear(health, now)
    },
    heard: (feed, now) => hear(touch(feed), now),
    link(id, report, now) {
      const feed = touch(id)
      feed.link = linkAfter(feed.link, report, feed.lastHeard, now)
    },
    committed() {
      feedsBefore.clear()
      devicesBefore = []
    },
    rolledBack() {
      for (const [id, feed] of feedsBefore) restore(feeds, id, feed)
      for (const [id, at] of devicesBefore.reverse()) restore(devices, id, at)
      feedsBefore.clear()
      devicesBefore = []
    },
    lastHeard: (deviceId) => devices.get(deviceId),
    views: (names, now) => [...names].map(([id, name]) => viewOf(id, name, feeds.get(id), now, silentAfter(id), drift)),
    save: () => ({ feeds: [...feeds], devices: [...devices], drift: drift.save() }),
    load(state) {
      feeds.clear()
      devices.clear()
      for (const [id, feed] of state.feeds) feeds.set(id, { ...feed, rate: [...feed.rate] })
      for (const [id, at] of state.devices) devices.set(id, at)
      drift = createDrift(state.drift)
    },
  }
}

function restore<T>(map: Map<string, T>, key: string, before: T | undefined) {
  if (before === undefined) map.delete(key)
  else map.set(key, before)
}

function roll(feed: FeedHealth, now: Millis) {
  const bucket = Math.floor(now / 1000 / BUCKET)
  if (bucket - feed.bucket >= BUCKETS) feed.rate = []
  else for (let b = feed.bucket; b < bucket; b++) feed.rate.unshift(0)
  feed.rate.length = Math.min(feed.rate.length, BUCKETS)
  if (bucket > feed.bucket) feed.bucket = bucket
}
function count(feed: FeedHealth, now: Millis) {
  roll(feed, now)
  feed.rate[0] = (feed.rate[0] ?? 0) + 1
}

function viewOf(id: string, name: string, known: FeedHealth | undefined, now: Millis, silentAfter: number, drift: Drift): FeedView {
  const feed = known ? { ...known, rate: [...known.rate] } : fresh()
  roll(feed, now)
  const { lastHeard, accepted, duplicates, repeats = 0, quarantined } = feed
  const state = lastHeard === null ? 'never' : now - lastHeard > silentAfter ? 'silent' : 'heard'
  const perMinute = feed.rate.reduce((sum, n) => sum + n, 0)
  const { link, reconnects, gap } = feed.link ?? NO_LINK
  const counts = { perMinute, accepted, duplicates, repeats, quarantined }
  return { id, name, state, lastHeard, ...counts, drift: drift.of(id, now), link, reconnects, gap }
}
