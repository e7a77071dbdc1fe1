import { createHmac, timingSafeEqual } from 'node:crypto'

/** Standard Webhooks 1.0: `whsec_` and base64 is the key as bytes; any other text is its own UTF-8 bytes. */
export function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)
}

/**
 * `webhook-signature` of Standard Webhooks 1.0 (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * @param seconds since 1970
 */
export const standardSignature = (secret: string, id: string, seconds: number, body: string | Uint8Array): string =>
  `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.`).update(body).digest('base64')}`

/** Real seconds that a signature may be off: what is older may be a replay. */
export const TOLERANCE = 300

/** Whether one of the signatures (several while a secret is changed) is right and of now. */
export function verifyStandard(
  secret: string,
  { id, timestamp, signature }: { id: string; timestamp: string; signature: string },
  body: Uint8Array,
  seconds: number,
): boolean {
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) - seconds) > TOLERANCE) return false
  const wanted = Buffer.from(standardSignature(secret, id, Number(timestamp), body))
  return signature.split(' ').some((given) => {
    const bytes = Buffer.from(given)
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
  })
}

/** DingTalk 加签: HMAC-SHA256 with the secret over `timestamp\\nsecret`, base64; goes into the query. `millis` since 1970. */
export const dingtalkSign = (secret: string, millis: number): string =>
  createHmac('sha256', secret).update(`${millis}\n${secret}`).digest('base64')

/** Feishu 签名校验: HMAC-SHA256 over nothing, with `timestamp\\nsecret` as its key, base64; goes into the body. `seconds` since 1970. */
export const feishuSign = (secret: string, seconds: number): string => createHmac('sha256', `${seconds}\n${secret}`).digest('base64')
