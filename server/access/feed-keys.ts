import type { AccessReader } from '../store/access.ts'
import { hashToken } from './tokens.ts'

/** The keys of the feeds in memory, by hash: asked for every message that comes over HTTP. */
export function createFeedKeys(general: string, store: Pick<AccessReader, 'feedKeys'>) {
  const generalHash = hashToken(general)
  let feeds = load()
  function load() {
    return new Map(store.feedKeys().map(({ hash, feed }) => [hash, feed]))
  }
  return {
    /** `Authorization: Bearer <key>` → the feed it may post as; {} for the general key */
    authorize(authorization: string | undefined): { feed?: string } | undefined {
      const key = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
      if (!key) return undefined
      const hash = hashToken(key)
      if (hash === generalHash) return {}
      const feed = feeds.get(hash)
      return feed === undefined ? undefined : { feed }
    },
    refresh(): void {
      feeds = load()
    },
  }
}
