import type { AuthorizeFeed } from './receiver.ts'

/** By a key that programs send, or by one of the ways that are open to a device's firmware. */
export type Means = 'bearer' | 'device'

export interface Caller {
  /** absent: the general key, which speaks for every feed */
  feed?: string
  means: Means
}

interface Given {
  authorization: string | undefined
  /** `?key=` */
  query: string | undefined
  /** the last segment of the path */
  path: string | undefined
}

/** Firmware knows Basic at most, or nothing but the address it was given: the secret goes in as password, as `?key=` or as end of the path. */
export function callerOf({ authorization, query, path }: Given, authorizeFeed: AuthorizeFeed): Caller | undefined {
  const bearer = authorizeFeed(authorization)
  if (bearer) return { ...bearer, means: 'bearer' }
  for (const secret of [path, query, basicPassword(authorization)]) {
    const key = secret === undefined ? undefined : authorizeFeed(`Bearer ${secret}`)
    if (key) return { ...key, means: 'device' }
  }
  return undefined
}

function basicPassword(authorization: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : text.slice(colon + 1)
}
