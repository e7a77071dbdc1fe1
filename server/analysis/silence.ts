import type { Finding } from '../../shared/finding.ts'
import type { Millis } from '../../shared/status.ts'
import type { PlaceTree, World } from '../../shared/world.ts'
import type { FeedRule } from './detector.ts'
import { type Called, type Ear, type FeedState, isMute, patienceWith, patienceWithFeed, type Voices } from './ears.ts'
import { heardAgain, tellSilent } from './silent-together.ts'

/** A feed of so many devices that usually speaks at least so often is out when it is still for `silent.feed`. */
const LIVELY_DEVICES = 30
const LIVELY_GAP: Millis = 30_000
/** From so many devices and this share on, it is the feed and not the devices. */
const FEED_DEVICES = 3
const FEED_SHARE = 0.5

/** Looks over the devices of one feed: which have gone silent, which are back, and whether it is the feed itself (A4). */
export function lookOver(feedId: string, feed: FeedState, voices: Voices, world: World, now: Millis, rule?: FeedRule): Finding[] {
  const { mute, heard, back } = rollCall(feed, voices, now)
  if (rule?.state === 'paused') return paused(feedId, feed, back, now)
  feed.still = isStill(feed, heard, world, now, rule)
  const missed = mute.filter((called) => isMissed(feed, called, now))
  const out = feed.still || (missed.length >= FEED_DEVICES && missed.length >= heard * FEED_SHARE)
  const ofFeed = theFeed(feedId, feed, out, feed.still ? heard : mute.length, world, now)
  return [
    ...ofFeed,
    ...(out ? [] : tellSilent(feedId, feed, newlySilent(feed, mute, now), world, now)),
    ...heardAgain(feedId, feed, back, now),
  ]
}

/** Somebody wants it so: no silence of it is news, neither then nor for a while after. */
function paused(feedId: string, feed: FeedState, back: readonly [string, Ear][], now: Millis): Finding[] {
  feed.paused = now
  feed.still = true
  const over = feed.silent ? [{ act: 'clear' as const, key: `feed-silent/${feedId}`, at: now }] : []
  feed.silent = false
  return [...over, ...heardAgain(feedId, feed, back, now)]
}

/** One pass over thousands of devices, each minute. */
function rollCall({ ears }: FeedState, voices: Voices, now: Millis) {
  const mute: Called[] = []
  const back: [id: string, ear: Ear][] = []
  let heard = 0
  for (const id in ears) {
    const ear = ears[id]!
    const voice = voices.get(id)
    if (voice) heard++
    if (voice && isMute(ear, patienceWith(ear, voice), now)) mute.push([voice, ear])
    else if (ear.silent) back.push([id, ear])
  }
  return { mute, heard, back }
}

/** Nothing at all comes: of a lively feed, of one whose rhythm is known, or for longer than somebody set. */
function isStill(feed: FeedState, heard: number, world: World, now: Millis, rule: FeedRule | undefined): boolean {
  const quiet = now - Math.max(feed.received, feed.paused ?? 0)
  if (rule?.silentAfter !== undefined) return quiet > rule.silentAfter * 1000
  if (heard === 0) return false
  const lively = heard >= LIVELY_DEVICES && feed.gap < LIVELY_GAP
  return quiet > Math.min(lively ? world.threshold('silent.feed') * 1000 : Infinity, patienceWithFeed(feed, world) ?? Infinity)
}

/** After a pause every device gets its own time anew. */
const isMissed = ({ paused = 0 }: FeedState, [voice, ear]: Called, now: Millis) =>
  ear.offline !== undefined || now - paused > patienceWith(ear, voice)

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
const newlySilent = ({ back, paused = 0 }: FeedState, mute: readonly Called[], now: Millis): Called[] =>
  mute.filter(([voice, ear]) => !ear.silent && (ear.offline !== undefined || now - Math.max(back, paused) > patienceWith(ear, voice)))
