import type { IncomingHttpHeaders } from 'node:http'

/**
 * A page of another site must not ride on this site's cookie; programs send no origin at all. A proxy may put its own name into `host`
 * and the asked one into `x-forwarded-host`, which no page of another site can set.
 */
export function sameOrigin({ origin, host, 'x-forwarded-host': asked }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && [host, asked].includes(new URL(origin).host)
}
