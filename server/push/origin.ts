import type { IncomingHttpHeaders } from 'node:http'

/** A page of another site must not ride on this site's cookie; programs send no origin at all. */
export function sameOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host
}
