import type { Decoded, Reject, Source } from '../../../shared/arrival.ts'
import { readEvent } from './frigate-events.ts'
import { readAvailable, readStats, readStatus } from './frigate-health.ts'
import { NotFrigate, type Setting } from './frigate-parts.ts'
import { readReview } from './frigate-reviews.ts'
import { IGNORED, rejected, speakerOf } from './mqtt-feed.ts'
import { textOf } from './text.ts'

/**
 * Frigate 0.12 to 0.17: `frigate/events` and `frigate/reviews` (new, update and end share one id), `frigate/available` of the server,
 * `frigate/stats` and `frigate/<camera>/status/detect` of its cameras. Counts per zone, snapshots and switches are no signals.
 * https://docs.frigate.video/integrations/mqtt
 */
export const frigate: Source = (arrival, context) => {
  const speaker = speakerOf(arrival, context)
  const reader = speaker && readerOf(speaker.path)
  if (!speaker || !reader || arrival.bytes.length === 0) return IGNORED
  const { feed, wrong } = speaker
  if (wrong) return rejected({ feed, reason: 'wrong-feed', detail: wrong })
  const text = textOf(arrival.bytes)
  try {
    return reader(text ?? '', { arrival, context, feed })
  } catch (error) {
    if (!(error instanceof NotFrigate)) throw error
    return rejected(rejectOf(error, text, feed))
  }
}

type Reader = (text: string, setting: Setting) => Decoded

function readerOf(path: string): Reader | undefined {
  if (Object.hasOwn(READERS, path)) return READERS[path]
  const camera = /^([^/]+)\/status\/detect$/.exec(path)?.[1]
  return camera === undefined ? undefined : (text, setting) => readStatus(camera, text, setting)
}
const READERS: Readonly<Record<string, Reader>> = {
  events: readEvent,
  reviews: readReview,
  stats: readStats,
  available: readAvailable,
}

function rejectOf({ message, camera, part }: NotFrigate, text: string | undefined, feed: string): Reject {
  const known = { feed, ...(camera !== undefined && { address: camera }), ...(part !== undefined && { part }) }
  return { ...known, reason: 'not-understood', detail: text === undefined ? 'the payload is not text' : message }
}
