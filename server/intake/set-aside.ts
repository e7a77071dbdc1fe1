import type { Arrival, Reject } from '../../shared/arrival.ts'
import type { Millis } from '../../shared/status.ts'
import type { Quarantined } from '../store/quarantine.ts'
import { bytesWithoutImages, imageMark } from './images.ts'

/** More of one message is not kept; its hash and length are. */
const LONGEST = 256 * 1024
const LONGEST_WORD = 512

/** What of a message goes to quarantine: the part that was not understood when the source says which, else all of it; never a picture. */
export function quarantineEntry(reject: Reject, arrival: Arrival, now: Millis): Quarantined {
  const part = reject.part ? Buffer.from(reject.part) : undefined
  const whole = bytesWithoutImages(part ?? arrival.bytes)
  const bytes = whole.length <= LONGEST ? whole : Buffer.concat([whole.subarray(0, LONGEST), Buffer.from(imageMark(whole))])
  return {
    reason: reject.reason,
    detail: reject.detail.slice(0, 1000),
    feed: word(reject.feed ?? arrival.feed),
    address: word(reject.address),
    ...(reject.where !== undefined && { where: reject.where.slice(0, LONGEST_WORD) }),
    ...(reject.id !== undefined && { id: word(reject.id) }),
    ...(reject.guess && { guess: reject.guess }),
    arrival: { ...arrival, ...(part && { source: singleOf(arrival.source) }), bytes },
    length: (part ?? arrival.bytes).byteLength,
    receivedAt: now,
  }
}

const word = (text: string | undefined) => (text ?? '').slice(0, LONGEST_WORD)
const singleOf = (source: string) => (source === 'cloudevents-batch' ? 'cloudevents' : source)
