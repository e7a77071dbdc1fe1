import { SIGNAL_TYPES } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import { checkBattery } from './battery.ts'
import { type DetectorOver, NOTHING } from './detector.ts'
import { type Ear, type FeedState, hear, isMute, newFeed, surveyVoices, type Voices } from './ears.ts'
import { lookOver } from './silence.ts'

/** Which devices are heard: the engineer's alerts, and what every other detector leans on (A2). Keyed by the device's feed. */
export const hearing: DetectorOver<FeedState> = (world) => {
  const voices = surveyVoices(world)
  return {
    name: 'hearing',
    types: SIGNAL_TYPES,
    /** the feed of the register, also when the device was heard by another: that is where it is looked for */
    keyOf: (signal) => voices.get(signal.deviceId)?.device.feed ?? signal.feed,
    start: newFeed,
    onSignal(feed, signal) {
      const ear = hear(feed, signal, voices.get(signal.deviceId), world)
      if (!ear || signal.type !== 'linwang.heartbeat' || signal.status !== 'actual') return NOTHING
      const finding = checkBattery(ear, signal, world)
      return finding ? [finding] : NOTHING
    },
    onTick: (feed, { now, feed: ruleOf }, feedId) => lookOver(feedId, feed, voices, world, now, ruleOf(feedId)),
  }
}

/** Answers for `Context`, read from the states of `hearing`. */
export function listener(feeds: ReadonlyMap<string, { state: unknown }>, voices: Voices) {
  const feedOf = (deviceId: string): FeedState | undefined => {
    const feed = voices.get(deviceId)?.device.feed
    return feed === undefined ? undefined : (feeds.get(feed)?.state as FeedState | undefined)
  }
  const stateOf = (feedId: string) => feeds.get(feedId)?.state as FeedState | undefined
  const earOf = (deviceId: string): Ear | undefined => feedOf(deviceId)?.ears[deviceId]
  return {
    earOf,
    stateOf,
    lastHeard: (deviceId: string): Millis | undefined => earOf(deviceId)?.at,
    heardSince: (deviceId: string): Millis | undefined => earOf(deviceId)?.since,
    isFeedOut(deviceId: string): boolean {
      const feed = feedOf(deviceId)
      return feed !== undefined && (feed.silent || feed.still)
    },
    isHeard(deviceId: string, now: Millis): boolean {
      const feed = feedOf(deviceId)
      const ear = feed?.ears[deviceId]
      return ear !== undefined && !feed!.still && !isMute(ear, voices.get(deviceId)!.silentAfter, now)
    },
  }
}
