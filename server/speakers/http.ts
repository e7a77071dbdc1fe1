import { createHmac, randomUUID } from 'node:crypto'
import type { Speaking } from './line.ts'

/**
 * POST `<url>/<address>/play` and `…/stop`, JSON, signed as webhooks are (Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`). 2xx:
 * the speaker took it. Redirects are not followed.
 */
export function httpSpeaking(url: string, secret: string | undefined, now: () => number): Speaking {
  const post = async (address: string, act: string, said: object) => {
    const body = JSON.stringify(said)
    const id = randomUUID()
    const timestamp = String(Math.floor(now() / 1000))
    const signature = secret === undefined ? undefined : createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
    const answer = await fetch(`${url.replace(/\/+$/, '')}/${encodeURIComponent(address)}/${act}`, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        ...(signature !== undefined && { 'webhook-signature': `v1,${signature}` }),
      },
      body,
    })
    await answer.body?.cancel()
    if (!answer.ok) throw new Error(`it answered ${answer.status}`)
  }
  return {
    play: (address, words) => post(address, 'play', words),
    stop: (address, id) => post(address, 'stop', { id }),
    close: async () => {},
  }
}
