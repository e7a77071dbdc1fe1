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
  /** a sign of life that is not kept */
  alive(signal: Signal): void
  duplicate(feed: string, deviceId: string): void
  /** `deviceId` when a register knows who sent it */
  quarantined(feed: string, now: Millis, deviceId?: string): void
  /** a message that says nothing but that the feed lives */
  heard(feed: string, now: Millis): void
  /** a transport tells of its connection */
  link(feed: string, report: LinkReport, now: Millis): void
  committed(): void
  rolledBack(): void
  lastHeard(deviceId: string): Millis | undefined
  /** what one device of the feed sent */
  ofDevice(feed: string, deviceId: string, now: Millis): DeviceCounts
  /** `names`: every feed that there is, with what it is called */
  views(names: ReadonlyMap<string, string>, now: Millis): FeedView[]
  save(): HealthState
  load(state: HealthState): void
}
export interface HealthState {
  feeds: [string, FeedHealth][]
  devices: SavedDevice[]
  drift: DriftState
}

/** What one device sent, and when it was last heard: a row each, since there are thousands. */
type DeviceRow = [lastHeard: Millis, accepted: number, duplicates: number, repeats: number, quarantined: number]
/** Counts of nothing at the end are left out: most devices have none. */
type SavedDevice = [id: string, ...row: number[]]
export interface DeviceCounts {
  lastHeard: Millis | null
  drift: number | null
  accepted: number
  duplicates: number
  repeats: number
  quarantined: number
}
const HEARD = 0
const ACCEPTED = 1
const DUPLICATES = 2
const REPEATS = 3
const QUARANTINED = 4

const fresh = (): FeedHealth => ({ lastHeard: null, accepted: 0, duplicates: 0, quarantined: 0, rate: [], bucket: 0 })

export function createHealth(silentAfter: (feed: string) => number = () => FEED_SILENT_AFTER): Health {
  const feeds = new Map<string, FeedHealth>()
  const devices = new Map<string, DeviceRow>()
  let drift: Drift = createDrift()
  const feedsBefore = new Map<string, FeedHealth | undefined>()
  const devicesBefore = new Map<string, DeviceRow | undefined>()

  /** the feed's counts, remembered as they stood before this transaction */
  function touch(id: string): FeedHealth {
    const known = feeds.get(id)
    if (!feedsBefore.has(id)) feedsBefore.set(id, known && { ...known, rate: [...known.rate] })
    const feed = known ?? fresh()
    if (!known) feeds.set(id, feed)
    return feed
  }
  function row(id: string): DeviceRow {
    const known = devices.get(id)
    if (!devicesBefore.has(id)) devicesBefore.set(id, known && [...known])
    const made: DeviceRow = known ?? [0, 0, 0, 0, 0]
    if (!known) devices.set(id, made)
    return made
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
      const device = row(signal.deviceId)
      device[ACCEPTED]++
      if (signal.repeat) device[REPEATS]++
      if (signal.replay || (signal.type === 'linwang.heartbeat' && !signal.data.online)) return
      // a retried message was received before others that are in already
      if (device[HEARD] > signal.receivedAt) return
      drift.note(signal)
      device[HEARD] = signal.receivedAt
    },
    alive({ feed, deviceId, receivedAt }) {
      const device = row(deviceId)
      device[HEARD] = Math.max(device[HEARD], receivedAt)
      hear(touch(feed), receivedAt)
    },
    duplicate(feed, deviceId) {
      touch(feed).duplicates++
      row(deviceId)[DUPLICATES]++
    },
    quarantined(feed, now, deviceId) {
      if (deviceId !== undefined) row(deviceId)[QUARANTINED]++
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
      devicesBefore.clear()
      drift.committed()
    },
    rolledBack() {
      for (const [id, feed] of feedsBefore) restore(feeds, id, feed)
      for (const [id, before] of devicesBefore) restore(devices, id, before)
      drift.rolledBack()
      feedsBefore.clear()
      devicesBefore.clear()
    },
    lastHeard: (deviceId) => devices.get(deviceId)?.[HEARD] || undefined,
    ofDevice(feed, deviceId, now) {
      const [lastHeard, accepted, duplicates, repeats, quarantined] = devices.get(deviceId) ?? [0, 0, 0, 0, 0]
      return { lastHeard: lastHeard || null, drift: drift.ofDevice(feed, deviceId, now), accepted, duplicates, repeats, quarantined }
    },
    views: (names, now) => [...names].map(([id, name]) => viewOf(id, name, feeds.get(id), now, silentAfter(id), drift)),
    save: () => ({ feeds: [...feeds], devices: Array.from(devices, saved), drift: drift.save() }),
    load(state) {
      feeds.clear()
      devices.clear()
      for (const [id, feed] of state.feeds) feeds.set(id, { ...feed, rate: [...feed.rate] })
      for (const [id, ...counts] of state.devices) devices.set(id, Object.assign([0, 0, 0, 0, 0], counts) as DeviceRow)
      drift = createDrift(state.drift)
    },
  }
}

function saved([id, counts]: [string, DeviceRow]): SavedDevice {
  let length = counts.length
  while (length > 1 && counts[length - 1] === 0) length--
  return [id, ...counts.slice(0, length)]
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
