import { t } from '../i18n/index.ts'
import { kioskToken } from '../live/kiosk.ts'

/** What the server answers instead of what was asked for (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number
  /** on a conflict: the thing as it now is */
  readonly current: unknown
  /** which field is wrong and how to mend it */
  readonly errors: readonly FieldError[]
  constructor(status: number, message: string, current?: unknown, errors: readonly FieldError[] = []) {
    super(message)
    this.status = status
    this.current = current
    this.errors = errors
  }
}
export interface FieldError {
  field: string
  detail: string
  fix: string
}

export interface Page<T> {
  items: T[]
  next: string | null
}

/** Every page of a list, one after the other. */
export async function all<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = []
  let next: string | null = null
  do {
    const page: Page<T> = await get<Page<T>>(next ? `${path}&cursor=${encodeURIComponent(next)}` : path, signal)
    items.push(...page.items)
    next = page.next
  } while (next)
  return items
}

export const get = <T>(path: string, signal?: AbortSignal) => ask<T>(path, { signal })
/** A command may be sent again with the same key and is done once. */
export const post = <T>(path: string, body: unknown, key: string = newKey(), signal?: AbortSignal) =>
  send<T>('POST', path, body, key, signal)
export const patch = <T>(path: string, body: unknown, key: string = newKey()) => send<T>('PATCH', path, body, key)
export const put = <T>(path: string, body: unknown, key: string = newKey()) => send<T>('PUT', path, body, key)
export const remove = (path: string) => ask<void>(path, { method: 'DELETE' })

const send = <T>(method: string, path: string, body: unknown, key: string, signal?: AbortSignal) =>
  ask<T>(path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'idempotency-key': key }, signal })

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const token = kioskToken()
  const headers = token ? { ...init.headers, authorization: `Bearer ${token}` } : init.headers
  const answer = await fetch(path, { credentials: 'same-origin', ...init, headers }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiProblem(0, t('problem.network'))
  })
  const body = await answer.json().catch(() => undefined)
  if (answer.ok) return body as T
  throw new ApiProblem(answer.status, sentence(answer.status, body), body?.current, body?.errors)
}

function sentence(status: number, body: { detail?: string; title?: string } | undefined) {
  if (status === 401) return t('problem.session')
  return body?.detail ?? body?.title ?? t('problem.unknown', { status })
}

/** For one act, however often it is sent. crypto.randomUUID needs a secure origin, which a wall on an intranet address is not */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
