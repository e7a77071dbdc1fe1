import nodemailer from 'nodemailer'
import type { World } from '../../shared/world.ts'
import type { StoredMessage } from '../store/outbox.ts'
import { errorText, type Outcome } from './outcome.ts'
import { PATIENCE } from './post.ts'
import type { OutRecords } from './records.ts'
import { wordsOf } from './words.ts'

/** The same at every attempt, so that a mailbox which got it twice can tell. */
export const messageIdOf = (id: string) => `<${id}@linwang.local>`

/**
 * One mail on a connection of its own. 5xx of the recipient's server is final (RFC 5321); everything else is tried again, since whether it
 * was taken is open when the connection breaks after the text.
 */
export async function sendMail(
  message: StoredMessage,
  records: OutRecords,
  world: World,
  signal: AbortSignal,
  patience = PATIENCE,
): Promise<Outcome> {
  const smtp = records.smtp()
  const to = records.email(message.recipient)
  if (!smtp) return { outcome: 'dropped', reason: 'no-mail-server' }
  if (to === undefined) return { outcome: 'dropped', reason: 'no-address' }
  const { title, lines } = wordsOf(message, world, { detail: 'flat', staffNames: true })
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  const transport = nodemailer.createTransport({
    ...{ host: smtp.host, port: smtp.port, secure: smtp.security === 'tls' },
    ...{ requireTLS: smtp.security === 'starttls', ignoreTLS: smtp.security === 'none' },
    ...(smtp.user !== null && { auth: { user: smtp.user, pass: smtp.password ?? '' } }),
    tls: { rejectUnauthorized: smtp.verify },
    ...{ connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience, dnsTimeout: patience },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  try {
    const mail = { from: smtp.from, to, subject: title, text: `${lines.join('\n')}\n`, messageId: messageIdOf(message.id) }
    const headers = { 'Auto-Submitted': 'auto-generated', 'X-Linwang-Kind': message.kind }
    await transport.sendMail({ ...mail, headers, signal: limit } as Parameters<typeof transport.sendMail>[0])
    return { outcome: 'sent' }
  } catch (error) {
    return judged(error)
  } finally {
    transport.close()
  }
}

/** A wrong password is mended by somebody and then it goes; an address that does not exist stays so. */
function judged(error: unknown): Outcome {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  const text = errorText(error)
  if (responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH') return { outcome: 'failed', error: text, reason: 'refused' }
  return { outcome: 'retry', error: text }
}
