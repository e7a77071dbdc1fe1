import { FEED_KINDS, type FeedKind } from '../../shared/feed.ts'
import { HTTP_KINDS } from './http-kinds.ts'

/** What a feed speaks whose messages this source reads. */
export function kindOfSource(source: string): FeedKind {
  if (FEED_KINDS.includes(source as FeedKind)) return source as FeedKind
  const kind = Object.keys(HTTP_KINDS).find((name) => HTTP_KINDS[name]!.source === source)
  return FEED_KINDS.find((known) => known === kind) ?? 'cloudevents'
}
