import type { Arrival } from '../../shared/arrival.ts'

/** What is listened to at a broker. */
export const TOPICS = ['linwang/+/events', 'zigbee2mqtt/#', 'frigate/#'] as const

/** Frigate's pictures and counts are many and no signals: they never reach the engine. */
const FRIGATE = /^frigate\/(?:events|reviews|stats|available|[^/]+\/status\/detect)$/
const CLOUD_EVENTS = /^linwang\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}\/events$/

/** Which source reads a topic; undefined: none, the message is not ours. */
export function sourceOfTopic(topic: string): Arrival['source'] | undefined {
  if (CLOUD_EVENTS.test(topic)) return 'cloudevents'
  if (topic.startsWith('zigbee2mqtt/')) return topic.startsWith('zigbee2mqtt/bridge/') ? undefined : 'zigbee2mqtt'
  return FRIGATE.test(topic) ? 'frigate' : undefined
}

/** Whose limits hold for a topic: the feed that it names, else the one that all of its kind belong to. */
export const feedOfTopic = (topic: string): string =>
  CLOUD_EVENTS.test(topic) ? topic.slice('linwang/'.length, -'/events'.length) : topic.slice(0, topic.indexOf('/'))
