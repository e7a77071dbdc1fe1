import type { HttpKind } from './http-kind.ts'

/** What is spoken over HTTP at `/feeds/<kind>/<feed>`, by the kind of the feed. */
export const HTTP_KINDS: Readonly<Record<string, HttpKind>> = {
  hikvision: { source: 'hikvision' },
}
