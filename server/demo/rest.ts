/** A person at a desk or a phone, seen by the REST API: signs in by role (demo) and keeps the cookie. */
export interface Caller {
  get<T>(path: string): Promise<T | undefined>
  /** the status and the answer; a conflict is no error here: somebody was faster */
  post<T = unknown>(path: string, body: Record<string, unknown>, key: string): Promise<{ status: number; body: T }>
  /** a file as it is */
  upload<T>(path: string, bytes: Uint8Array, type: string): Promise<T | undefined>
}

export interface Who {
  role: 'officer' | 'supervisor' | 'field' | 'engineer' | 'resident'
  staffId?: string | undefined
  residentId?: string | undefined
}

export function createSwitchboard(baseUrl: string): (who: Who) => Caller {
  const callers = new Map<string, Caller>()
  return (who) => {
    const name = `${who.role} ${who.staffId ?? who.residentId ?? ''}`
    const known = callers.get(name)
    if (known) return known
    const made = createCaller(baseUrl, who)
    callers.set(name, made)
    return made
  }
}

function createCaller(baseUrl: string, who: Who): Caller {
  let cookie: string | undefined
  const signIn = async () => {
    const response = await fetch(`${baseUrl}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(who),
    })
    await response.arrayBuffer()
    cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
  }
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    if (cookie === undefined) await signIn()
    const send = () => fetch(`${baseUrl}${path}`, { ...init, headers: { ...init.headers, cookie: cookie ?? '' } })
    const response = await send()
    if (response.status !== 401) return response
    await response.arrayBuffer()
    await signIn()
    return send()
  }
  return {
    async get<T>(path: string) {
      const response = await call(path, {})
      const body = (await response.json()) as T
      return response.ok ? body : undefined
    },
    async post<T>(path: string, body: Record<string, unknown>, key: string) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key }
      const response = await call(path, { method: 'POST', headers, body: JSON.stringify(body) })
      return { status: response.status, body: (await response.json().catch(() => undefined)) as T }
    },
    async upload<T>(path: string, bytes: Uint8Array, type: string) {
      const response = await call(path, { method: 'POST', headers: { 'content-type': type }, body: Buffer.from(bytes) })
      const body = (await response.json().catch(() => undefined)) as T
      return response.ok ? body : undefined
    },
  }
}
