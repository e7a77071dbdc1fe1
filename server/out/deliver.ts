import type { World } from '../../shared/world.ts'
import type { StoredMessage } from '../store/outbox.ts'
import { FORMATS } from './formats/index.ts'
import { sendMail } from './mail.ts'
import { errorText, type Outcome, outcomeOf } from './outcome.ts'
import { post } from './post.ts'
import type { OutRecords } from './records.ts'
import { sendPush } from './web-push.ts'

export interface DeliverOptions {
  records: OutRecords
  world(): World
  /** real time, ms */
  now(): number
  /** real ms that one attempt may take */
  patience: number
}
export type Deliver = (message: StoredMessage, signal: AbortSignal) => Promise<Outcome>

/** One attempt, whatever the channel. Never rejects. */
export function createDeliver(options: DeliverOptions): Deliver {
  const { records, world, now, patience } = options
  const ways: Record<StoredMessage['channel'], Deliver> = {
    page: async () => ({ outcome: 'sent' }),
    email: (message, signal) => sendMail(message, records, world(), signal, patience),
    webpush: (message, signal) => sendPush(message, records, world(), signal, now(), patience),
    webhook: (message, signal) => sendWebhook(message, options, signal),
  }
  return async (message, signal) => {
    try {
      return await ways[message.channel](message, signal)
    } catch (error) {
      return { outcome: 'retry', error: errorText(error) }
    }
  }
}

async function sendWebhook(
  message: StoredMessage,
  { records, world, now, patience }: DeliverOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const target = records.endpoint(message.recipient)
  if (!target) return { outcome: 'retry', error: 'its address cannot be opened: give it again (SECRETS_KEY changed?)' }
  const { row, url, secret } = target
  const format = FORMATS[row.format]
  const request = format.request(message, { endpoint: row, url, secret, world: world(), now: now() })
  const reply = await post(request, signal, patience)
  const outcome = outcomeOf(reply, now())
  return outcome.outcome === 'sent' && format.judge ? format.judge(reply.body) : outcome
}
