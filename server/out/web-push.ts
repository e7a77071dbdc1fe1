import webPush from 'web-push'
import type { World } from '../../shared/world.ts'
import type { StoredMessage } from '../store/outbox.ts'
import { isAllowedPush } from './allowed-host.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { post } from './post.ts'
import type { OutRecords } from './records.ts'
import { wordsOf } from './words.ts'

/** Seconds that a push service keeps it for a phone that is off: later the matter is another one. */
const TTL = 4 * 3600

export const newVapidKeys = (): { publicKey: string; privateKey: string } => webPush.generateVAPIDKeys()

/** RFC 8030 with RFC 8291 (aes128gcm) and RFC 8292 (VAPID): the push service carries it and cannot read it. */
export async function sendPush(
  message: StoredMessage,
  records: OutRecords,
  world: World,
  signal: AbortSignal,
  now: number,
  patience?: number,
): Promise<Outcome> {
  const subscription = message.target === null ? undefined : records.subscription(message.target)
  const keys = records.vapid()
  if (!subscription) return { outcome: 'dropped', reason: 'no-address' }
  if (!keys) return { outcome: 'dropped', reason: 'no-key' }
  const { hosts, contact } = records.push()
  if (!isAllowedPush(subscription.endpoint, hosts)) return { outcome: 'dropped', reason: 'host-not-allowed' }
  const { endpoint, headers, body } = webPush.generateRequestDetails(subscription, payloadOf(message, world), {
    TTL,
    urgency: message.priority <= 2 ? 'high' : 'normal',
    vapidDetails: { subject: contact, ...keys },
  })
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
  delete texts['content-length']
  const reply = await post({ url: endpoint, headers: texts, body: body ?? '' }, signal, patience)
  // 404 too says that the subscription is no more (RFC 8030, 7.3)
  return outcomeOf(reply.status === 404 ? { ...reply, status: 410 } : reply, now)
}

/** What the service worker of the page shows. The id lets it show a repeated one once (`tag`). */
function payloadOf(message: StoredMessage, world: World): string {
  const { title, lines } = wordsOf(message, world, { detail: 'flat', staffNames: false })
  const { id, kind, priority, status, incidentId, orderId } = message
  return JSON.stringify({ id, kind, priority, status, incidentId, orderId, title, body: lines.join('\n'), tag: id })
}
