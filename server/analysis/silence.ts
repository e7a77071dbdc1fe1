import type { Finding } from '../../shared/finding.ts'
import type { Millis } from '../../shared/status.ts'
import type { PlaceTree, World } from '../../shared/world.ts'
import { type Ear, type FeedState, isMute, type Voice, type Voices } from './ears.ts'

/** A feed of so many devices that usually speaks at least so often is out when it is still for `silent.feed`. */
const LIVELY_DEVICES = 30
const LIVELY_GAP: Millis = 30_000
/** From so many devices and this share on, it is the feed and not the devices. */
const FEED_DEVICES = 3
const FEED_SHARE = 0.5

/** Looks over the devices of one feed: which have gone silent, which are back, and whether it is the feed itself (A4). */
export function lookOver(feedId: string, feed: FeedState, voices: Voices, world: World, now: Millis): Finding[] {
  const { mute, heard, back } = rollCall(feed, voices, now)
  feed.still = isStill(feed, heard, world, now)
  const out = feed.still || (mute.length >= FEED_DEVICES && mute.length >= heard * FEED_SHARE)
  const ofFeed = theFeed(feedId, feed, out, mute.length, world, now)
  return [...ofFeed, ...(out ? [] : individuals(feed, mute, now)), ...back.map(([id, ear]) => heardAgain(id, ear))]
}

type Called = [voice: Voice, ear: Ear]

/** One pass over thousands of devices, each minute. */
function rollCall({ ears }: FeedState, voices: Voices, now: Millis) {
  const mute: Called[] = []
  const back: [id: string, ear: Ear][] = []
  let heard = 0
  for (const id in ears) {
    const ear = ears[id]!
    const voice = voices.get(id)
    if (voice) heard++
    if (voice && isMute(ear, voice.silentAfter, now)) mute.push([voice, ear])
    else if (ear.silent) back.push([id, ear])
  }
  return { mute, heard, back }
}

const isStill = (feed: FeedState, heard: number, world: World, now: Millis) =>
  heard >= LIVELY_DEVICES && feed.gap < LIVELY_GAP && now - feed.received > world.threshold('silent.feed') * 1000

function theFeed(feedId: string, feed: FeedState, out: boolean, devices: number, world: World, now: Millis): Finding[] {
  if (out === feed.silent) return []
  feed.silent = out
  const key = `feed-silent/${feedId}`
  if (!out) {
    feed.back = now
    return [{ act: 'clear', key, at: now }]
  }
  const evidence = { feed: feedId, devices, since: feed.received }
  return [{ act: 'raise', key, kind: 'feed-silent', priority: 3, status: 'actual', placeId: commonPlace(feed, world), at: now, evidence }]
}

/** The community, or whatever lies over the first of its devices. */
function commonPlace(feed: FeedState, world: World): string {
  for (const id in feed.ears) {
    const placeId = world.device(id)?.placeId
    if (placeId !== undefined) return world.places.nearest(placeId, 'community')?.id ?? placeId
  }
  return rootOf(world.places)
}
const rootOf = (places: PlaceTree) => places.all().find(({ parentId }) => parentId === null)?.id ?? ''

/** After the feed came back every device gets its own time anew before it is called silent. */
function individuals({ back }: FeedState, mute: readonly Called[], now: Millis): Finding[] {
  const found: Finding[] = []
  for (const [voice, ear] of mute) {
    if (ear.silent || (ear.offline === undefined && now - back <= voice.silentAfter)) continue
    ear.silent = true
    found.push(silentDevice(voice, ear.at, ear.offline !== undefined, now))
  }
  return found
}

const silentDevice = ({ device }: Voice, since: Millis, offline: boolean, now: Millis): Finding => ({
  act: 'raise',
  key: `device-silent/${device.id}`,
  kind: 'device-silent',
  priority: 4,
  status: 'actual',
  placeId: device.placeId,
  deviceId: device.id,
  at: now,
  evidence: { device: device.kind, since, offline },
})

function heardAgain(id: string, ear: Ear): Finding {
  delete ear.silent
  return { act: 'clear', key: `device-silent/${id}`, at: ear.at }
}
