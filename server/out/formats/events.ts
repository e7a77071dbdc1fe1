import type { MessageParams } from '../../../shared/message.ts'
import { isoWithOffset } from '../../../shared/time.ts'
import type { StoredMessage } from '../../store/outbox.ts'
import type { Request } from '../post.ts'
import { standardSignature } from '../signing.ts'
import { placeOf, wordsOf } from '../words.ts'
import { type Format, JSON_HEADERS, type Target } from './format.ts'

/** Signed as Standard Webhooks says, with the id of the row: the same at every attempt. */
function signed(message: StoredMessage, { url, secret, now }: Target, type: string, body: string): Request {
  const seconds = Math.floor(now / 1000)
  const headers: Record<string, string> = {
    ...JSON_HEADERS,
    'content-type': type,
    'webhook-id': message.id,
    'idempotency-key': message.id,
    'webhook-timestamp': String(seconds),
  }
  if (secret !== undefined) headers['webhook-signature'] = standardSignature(secret, message.id, seconds, body)
  return { url, headers, body }
}

/** A receiver of somebody's own: what happened, with our words beside it. */
export const json: Format = {
  concurrency: 4,
  request(message, target) {
    const { kind, priority, status, incidentId, orderId, createdAt } = message
    const { title, lines } = wordsOf(message, target.world, { detail: target.endpoint.detail, staffNames: false })
    const data = {
      priority,
      status,
      incidentId,
      orderId,
      ...place(message, target),
      params: paramsFor(message.params),
      title,
      text: lines.join('\n'),
    }
    return signed(message, target, JSON_HEADERS['content-type'], JSON.stringify({ type: kind, timestamp: time(createdAt, target), data }))
  },
}

/** The city's own platform: CloudEvents 1.0 (structured), those of one incident one after another. */
export const city: Format = {
  concurrency: 4,
  request(message, target) {
    const thing = message.kind === 'change.order' ? 'order' : 'incident'
    const id = thing === 'order' ? message.orderId : message.incidentId
    const type = message.kind === 'test' ? 'linwang.test' : `linwang.${thing}.changed`
    const { priority, status, incidentId, createdAt } = message
    const event = {
      specversion: '1.0',
      id: message.id,
      source: `/linwang/endpoints/${target.endpoint.id}`,
      type,
      subject: incidentId ?? undefined,
      time: time(createdAt, target),
      datacontenttype: 'application/json',
      // extension attribute "sequence": what came later has the greater one
      sequence: String(message.n).padStart(12, '0'),
      data: { id, ...place(message, target), ...paramsFor(message.params), priority, status },
    }
    return signed(message, target, 'application/cloudevents+json; charset=utf-8', JSON.stringify(event))
  },
}

const time = (at: number, { world }: Target) => isoWithOffset(at, world.utcOffset)

function place({ placeId }: StoredMessage, { world, endpoint }: Target) {
  if (!placeId) return {}
  const shown = endpoint.detail === 'building' ? (world.places.nearest(placeId, 'building')?.id ?? placeId) : placeId
  return { placeId: shown, place: placeOf(world, shown, 'flat') }
}

/** Marks of our own page are nobody's business. */
function paramsFor({ quiet: _, ...params }: MessageParams): MessageParams {
  return params
}
