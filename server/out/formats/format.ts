import type { Endpoint } from '../../../shared/message.ts'
import type { World } from '../../../shared/world.ts'
import type { StoredMessage } from '../../store/outbox.ts'
import type { Outcome } from '../outcome.ts'
import type { Request } from '../post.ts'

export interface Target {
  endpoint: Pick<Endpoint, 'id' | 'format' | 'detail'>
  url: string
  secret: string | undefined
  world: World
  /** real time, ms */
  now: number
}

/** How one sort of receiver is spoken to. */
export interface Format {
  /** messages a minute that the platform takes; undefined: no limit is known */
  perMinute?: number
  /** what is sent at once to one endpoint */
  concurrency: number
  request(message: StoredMessage, target: Target): Request
  /** robots say in the body of a 200 that it was no good */
  judge?(body: string): Outcome
}

export const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Linwang' }

/** A platform's limit is a matter of bytes: cut between characters, so that nothing is half a letter. */
export function cutBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text
  let cut = text.slice(0, most)
  while (Buffer.byteLength(cut) > most - 3) cut = [...cut].slice(0, -1).join('')
  return `${cut}…`
}

/** Robots answer 200 with a code of their own: 0 is good, one of `busy` asks for patience. */
export function judgeCode(field: string, words: string, busy: readonly number[]): (body: string) => Outcome {
  return (body) => {
    const answer = parsed(body)
    const code = answer[field]
    if (code === 0) return { outcome: 'sent' }
    const error = `${field} ${String(code ?? 'missing')} ${String(answer[words] ?? '').slice(0, 200)}`.trim()
    return busy.includes(Number(code)) ? { outcome: 'retry', error, wait: BUSY_WAIT, reason: 'throttled' } : { outcome: 'retry', error }
  }
}
/** Real ms: limits of robots are those of a minute. */
const BUSY_WAIT = 60_000

export function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
