import type { Arrival } from '../../shared/arrival.ts'

/** What is listened to at a broker, beside the topics of feeds with another name. */
export const TOPICS = ['linwang/+/events', 'zigbee2mqtt/#', 'frigate/#'] as const

export const MQTT_VENDORS = ['zigbee2mqtt', 'frigate'] as const
export type MqttVendor = (typeof MQTT_VENDORS)[number]

/** A second zigbee2mqtt or Frigate publishes below `zigbee2mqtt-<feed>/`, the first one below `zigbee2mqtt/`. */
const VENDOR_TOPIC = /^(zigbee2mqtt|frigate)(?:-([A-Za-z0-9][A-Za-z0-9._-]{0,63}))?\/(.+)$/s
/** Frigate's pictures and counts are many and no signals: they never reach the engine. */
const FRIGATE = /^(?:events|reviews|stats|available|[^/]+\/status\/detect)$/
const CLOUD_EVENTS = /^linwang\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}\/events$/

export interface VendorTopic {
  vendor: MqttVendor
  /** the feed that its base names */
  feed: string
  /** what follows the base */
  path: string
}

export function vendorTopic(topic: string): VendorTopic | undefined {
  const [, vendor, feed, path] = VENDOR_TOPIC.exec(topic) ?? []
  return vendor === undefined ? undefined : { vendor: vendor as MqttVendor, feed: feed ?? vendor, path: path! }
}

/** Which source reads a topic; undefined: none, the message is not ours. */
export function sourceOfTopic(topic: string): Arrival['source'] | undefined {
  if (CLOUD_EVENTS.test(topic)) return 'cloudevents'
  const { vendor, path } = vendorTopic(topic) ?? {}
  if (vendor === 'zigbee2mqtt') return path!.startsWith('bridge/') && path !== 'bridge/state' ? undefined : vendor
  return vendor === 'frigate' && FRIGATE.test(path!) ? vendor : undefined
}

/** Whose limits hold for a topic: the feed that it names, else the one that all of its kind belong to. */
export const feedOfTopic = (topic: string): string =>
  CLOUD_EVENTS.test(topic)
    ? topic.slice('linwang/'.length, -'/events'.length)
    : (vendorTopic(topic)?.feed ?? topic.slice(0, topic.indexOf('/')))

/** All that an outside broker is asked for: the usual topics, and those of feeds with a name of their own. */
export function topicsOf(feeds: Iterable<{ id: string; kind: string }>): string[] {
  const own = [...feeds].filter(({ id, kind }) => MQTT_VENDORS.includes(kind as MqttVendor) && id !== kind)
  return [...TOPICS, ...own.map(({ id, kind }) => `${kind}-${id}/#`)]
}
