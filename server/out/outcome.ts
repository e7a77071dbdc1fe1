import { retryAfter } from './backoff.ts'
import type { Reply } from './post.ts'

/** How an attempt ended; the sender works out when it is tried again. */
export type Outcome =
  | { outcome: 'sent'; reply?: unknown }
  /** `wait`: ms that the other side asked for */
  | { outcome: 'retry'; error: string; wait?: number; reason?: 'throttled' }
  /** of no use to try again; `gone`: nor anything else there */
  | { outcome: 'failed'; error: string; reason: 'refused' | 'gone' }
  | { outcome: 'dropped'; reason: string }

/** The same bytes will be refused again: RFC 9110 says so of these. Whatever may be mended meanwhile (401, 404) is tried again. */
const REFUSED = new Set([400, 405, 411, 413, 414, 415, 422])

export function outcomeOf({ status, headers, body }: Reply, now: number): Outcome {
  if (status >= 200 && status < 300) return { outcome: 'sent', reply: body }
  const error = `HTTP ${status}${excerpt(body)}`
  if (status === 410) return { outcome: 'failed', error, reason: 'gone' }
  if (REFUSED.has(status)) return { outcome: 'failed', error, reason: 'refused' }
  if (status >= 300 && status < 400) return { outcome: 'retry', error: `HTTP ${status}: redirects are not followed` }
  const wait = status === 429 || status === 503 ? retryAfter(first(headers['retry-after']), now) : undefined
  return { outcome: 'retry', error, ...(wait !== undefined && { wait }), ...(status === 429 && { reason: 'throttled' }) }
}

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/** Of what the other side said, a line for whoever has to mend it. */
export function excerpt(body: string): string {
  const line = body.replace(/\p{Cc}+/gu, ' ').trim()
  return line ? ` ${line.slice(0, 200)}` : ''
}

export const errorText = (error: unknown): string => {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return [typeof code === 'string' ? code : '', typeof message === 'string' ? message : ''].filter(Boolean).join(' ').slice(0, 300)
}
