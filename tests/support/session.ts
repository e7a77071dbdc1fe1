import { connectAsync, type MqttClient } from 'mqtt'
import type { Role } from '../../shared/access.ts'
import type { RunningServer } from './server.ts'

export interface Answer<T> {
  status: number
  body: T
}

/** Speaks the REST API of a running server as one signed-in person of the demo. */
export interface Session {
  get<T = Record<string, unknown>>(path: string): Promise<T>
  /** the answer whatever its status */
  ask<T = Record<string, unknown>>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>
  /** the Cookie header, for what is no REST */
  cookie?: string | undefined
  /** every page of a list */
  all<T>(path: string): Promise<T[]>
}

export async function signIn(server: Pick<RunningServer, 'url'>, role: Role, wish: Record<string, string> = {}): Promise<Session> {
  const response = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role, ...wish }),
  })
  if (!response.ok) throw new Error(`sign-in as ${role}: ${response.status} ${await response.text()}`)
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  return openSession(server.url, { cookie })
}

export function openSession(url: string, credentials: Record<string, string> = {}): Session {
  const ask: Session['ask'] = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { ...credentials, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T }
  }
  const get = async <T>(path: string): Promise<T> => {
    const { status, body } = await ask<T>('GET', path)
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  const all = async <T>(path: string): Promise<T[]> => {
    const items: T[] = []
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next ? `&cursor=${next}` : ''
      const page: { items: T[]; next: string | null } = await get(`${path}${path.includes('?') ? '&' : '?'}limit=1000${cursor}`)
      items.push(...page.items)
      next = page.next
    }
    return items
  }
  return { get, ask, all, cookie: credentials.cookie }
}

export const openMqtt = (port: number, options: { clientId?: string } = {}): Promise<MqttClient> =>
  connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, ...options })

/** Asks until it holds; gives what was found. */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  patience = 5_000,
  what = String(look),
) {
  const end = performance.now() + patience
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() > end) throw new Error(`Not within ${patience} ms: ${what}`)
    await new Promise((wake) => setTimeout(wake, 20))
  }
}
