import type { Arrival, Decoded, Reject, SourceContext } from '../../../shared/arrival.ts'
import { type VendorTopic, vendorTopic } from '../topics.ts'

/** Understood, and nothing to us: counted, not kept. */
export const IGNORED: Decoded = { drafts: [], rejects: [], ignored: 1 }
export const rejected = (reject: Reject): Decoded => ({ drafts: [], rejects: [reject] })

/**
 * Whose message it is: the feed that the topic names, or, on the usual topic, the feed of the sender's key, when that is of the same kind.
 * A key of another feed speaks for neither.
 */
export function speakerOf(arrival: Arrival, context: SourceContext): (VendorTopic & { wrong?: string }) | undefined {
  const topic = vendorTopic(arrival.topic ?? '')
  if (!topic || arrival.feed === undefined || arrival.feed === topic.feed) return topic
  const isOwn = topic.feed === topic.vendor && context.feed?.(arrival.feed)?.kind === topic.vendor
  if (isOwn) return { ...topic, feed: arrival.feed }
  return { ...topic, feed: arrival.feed, wrong: `the key of ${arrival.feed} does not speak on ${arrival.topic}` }
}

/** "online" and "offline", as text or as JSON {"state"}, of a device, a bridge or a server. */
export function onlineOf(text: string): boolean | undefined {
  const word = /^\s*(?:\{\s*"state"\s*:\s*)?"?(online|offline)"?\s*\}?\s*$/.exec(text)?.[1]
  return word === undefined ? undefined : word === 'online'
}
