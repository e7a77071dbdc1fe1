import type { Device } from '../../shared/device.ts'
import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { isCameraFault } from './kinds.ts'
import { isHistory } from './lateness.ts'
import { beat, isClockwork, type Pulse, patience } from './pulse.ts'

/** What is known of how one device is heard. Plain JSON. */
export interface Ear {
  /** occurrence of its last live signal, ms: a backlog or a slow clock does not make it heard today */
  at: Millis
  /** occurrence of the first signal of the unbroken row that ends with `at`: a backlog that a gateway kept belongs to it (A2) */
  since: Millis
  /** receipt of its last word, of whatever time it spoke, ms */
  spoke?: Millis
  /** it was said to be offline, ms */
  offline?: Millis
  /** device-silent is raised */
  silent?: boolean
  /** when it was, ms; and the place whose one alert tells of it together with others */
  fell?: Millis
  among?: string
  battery?: number
  /** device-battery is raised, since, ms */
  low?: Millis
  /** video loss or tampering, since, ms */
  fault?: Millis
  /** its own rhythm, from the second signal on */
  pulse?: Pulse
}

/** All that one feed brings. Plain JSON. */
export interface FeedState {
  ears: Record<string, Ear>
  /** rows of old signals of devices that are not heard yet: they count once a live signal joins them */
  early?: Record<string, Row>
  /** receipt of its last signal, ms */
  received: Millis
  /** decayed mean of the time between signals, ms */
  gap: number
  /** feed-silent is raised */
  silent: boolean
  /** nothing at all comes from a feed that is never still */
  still: boolean
  /** when it was last heard again after a silence, ms */
  back: Millis
  /** its own rhythm, of one pause a second at most; and since when it is learned, ms */
  pulse?: Pulse
  first?: Millis
  sampled?: Millis
  /** when it last was seen paused, ms: silence counts from there */
  paused?: Millis
}

interface Row {
  since: Millis
  at: Millis
}

export const newFeed = (): FeedState => ({ ears: {}, received: 0, gap: MINUTE, silent: false, still: false, back: 0 })
const MINUTE: Millis = 60_000

/** What the registers say of a device's voice. */
export interface Voice {
  device: Device
  /** ms: by hand, or of its kind. What leans on being heard (A2) goes by this one, never by what was learned */
  silentAfter: Millis
  /** somebody set it for this device */
  byHand: boolean
}
export type Voices = ReadonlyMap<string, Voice>
export type Called = readonly [voice: Voice, ear: Ear]

export const surveyVoices = (world: World): Voices =>
  new Map(
    world.devices().map((device) => [
      device.id,
      {
        device,
        silentAfter: (device.silentAfter ?? world.threshold(`silent.${device.kind}`, device.id)) * 1000,
        byHand: device.silentAfter !== undefined,
      },
    ]),
  )

/** A device that keeps a clock is not missed earlier than this. */
const DEVICE_FLOOR: Millis = 3 * MINUTE

/** ms after which the engineer is told: by hand, else by its own rhythm, else as its kind. */
export const patienceWith = ({ pulse }: Ear, { silentAfter, byHand }: Voice): Millis =>
  byHand ? silentAfter : patience(pulse, { floor: DEVICE_FLOOR, usual: silentAfter })

/** Notes that the device spoke. A replayed state and an old record are no voice. */
export function hear(feed: FeedState, signal: Signal, voice: Voice | undefined, world: World): Ear | undefined {
  if (signal.replay) return undefined
  if (isHistory(signal, world)) return notedAsAlive(feed, signal)
  const wasOut = feed.silent || isLongPause(feed, signal.receivedAt, world)
  hearFeed(feed, signal.receivedAt)
  const silentAfter = voice?.silentAfter ?? Number.POSITIVE_INFINITY
  const ear = feed.ears[signal.deviceId] ?? firstHeard(feed, signal, silentAfter)
  if (ear === undefined) return undefined
  // the silence of the whole feed says nothing of this device
  if (!wasOut && signal.at > ear.at) ear.pulse = beat(ear.pulse, signal.receivedAt - ear.at)
  ear.spoke = signal.receivedAt
  lengthen(ear, signal.at, silentAfter)
  if (ear.offline !== undefined && signal.at >= ear.offline) backOnline(ear, signal.at)
  if (signal.status === 'actual') takeState(ear, signal)
  return ear
}

/** What speaks of another time is alive, but not heard: a clock that is wrong, or a backlog. */
function notedAsAlive(feed: FeedState, { deviceId, receivedAt }: Signal): undefined {
  const ear = feed.ears[deviceId]
  if (ear) ear.spoke = receivedAt
}

/** What was retried came before what is in already. */
function hearFeed(feed: FeedState, at: Millis) {
  if (at < feed.received) return
  if (feed.received > 0) feed.gap += (Math.min(MINUTE, at - feed.received) - feed.gap) / 50
  feed.first ??= at
  // a lively feed is sampled: many messages a second would say that it never pauses
  if (feed.received > 0 && at - (feed.sampled ?? 0) >= SAMPLE) {
    feed.pulse = beat(feed.pulse, Math.max(SAMPLE, at - Math.max(feed.received, feed.paused ?? 0)))
    feed.sampled = at
  }
  feed.received = at
}
const SAMPLE: Millis = 2_000

/** ms after which the feed itself is missed; undefined: its rhythm is not known yet. By hand when somebody set it. */
export function patienceWithFeed({ pulse, first = 0, received }: FeedState, world: World, byHand?: number): Millis | undefined {
  if (byHand !== undefined) return byHand * 1000
  if (pulse === undefined || (!isClockwork(pulse) && received - first < LEARNING)) return undefined
  const usual = world.threshold('silent.feed') * 1000
  return patience(pulse, { floor: usual, usual })
}
/** What comes as people come and go is known after a day and a night. */
const LEARNING: Millis = 24 * 60 * MINUTE

function isLongPause(feed: FeedState, at: Millis, world: World): boolean {
  const longest = patienceWithFeed(feed, world)
  return longest !== undefined && at - feed.received > longest
}

/** A device is there from its first signal that is not too late; the row of older ones that leads up to it is part of its hearing. */
function firstHeard(feed: FeedState, { deviceId, at, receivedAt }: Signal, silentAfter: Millis): Ear | undefined {
  const row = feed.early?.[deviceId] ?? { since: at, at }
  lengthen(row, at, silentAfter)
  if (receivedAt - at > silentAfter) {
    feed.early ??= {}
    feed.early[deviceId] = row
    return undefined
  }
  delete feed.early?.[deviceId]
  const ear: Ear = { at: row.at, since: row.since }
  feed.ears[deviceId] = ear
  return ear
}

/** A gap as long as a silence begins a new row; what comes out of order changes nothing. */
function lengthen(row: Row, at: Millis, silentAfter: Millis) {
  if (at - row.at > silentAfter) row.since = at
  if (at > row.at) row.at = at
}

function backOnline(ear: Ear, at: Millis) {
  ear.since = at
  delete ear.offline
}

function takeState(ear: Ear, signal: Signal) {
  if (signal.type === 'linwang.heartbeat') takeHeartbeat(ear, signal.at, signal.data)
  else if (signal.type === 'linwang.camera') takeFault(ear, signal.at, isCameraFault(signal.data.event) && signal.data.active !== false)
}

function takeHeartbeat(ear: Ear, at: Millis, { online, battery }: { online: boolean; battery?: number }) {
  if (!online && at >= ear.at) ear.offline = at
  if (battery !== undefined) ear.battery = battery
}

function takeFault(ear: Ear, at: Millis, fault: boolean) {
  if (fault) ear.fault ??= at
  else if (ear.fault !== undefined && at >= ear.fault) delete ear.fault
}

export const isMute = (ear: Ear, silentAfter: Millis, now: Millis) => ear.offline !== undefined || now - ear.at > silentAfter
