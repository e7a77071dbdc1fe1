import type { AccessReader } from '../store/access.ts'
import { hashToken } from './tokens.ts'

/** The keys of the feeds in memory, by hash: asked for every message that comes over HTTP. */
export function createFeedKeys(general: string, store: Pick<AccessReader, 'feedKeys'>, wall: () => number = Date.now) {
  const generalHash = hashToken(general)
  let feeds = load()
  function load() {
    return new Map(store.feedKeys().map(({ hash, feed, expiresAt }) => [hash, { feed, expiresAt }]))
  }
  return {
    /** `Authorization: Bearer <key>` → the feed it may post as; {} for the general key */
    authorize(authorization: string | undefined): { feed?: string } | undefined {
      const key = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
      if (!key) return undefined
      const hash = hashToken(key)
      if (hash === generalHash) return {}
      const own = feeds.get(hash)
      return own && (own.expiresAt === null || own.expiresAt > wall()) ? { feed: own.feed } : undefined
    },
    refresh(): void {
      feeds = load()
    },
  }
}
