import type { FeedView } from '../../../shared/wall.ts'
import { t } from '../../i18n/index.ts'
import { lengthWords } from '../../ui/sentences.ts'

/** Seconds: a device clock further off than this is said (I4). */
const DRIFT = 120

/** What is wrong with the feeds, the deaf ones first. */
export function feedTroubles(feeds: readonly FeedView[], now: number): string[] {
  const silent = feeds
    .filter((feed) => feed.state === 'silent')
    .map((feed) => t('feeds.silent', { name: feed.name, time: lengthWords(now - (feed.lastHeard ?? now)) }))
  const never = feeds.filter((feed) => feed.state === 'never').map((feed) => t('feeds.never', { name: feed.name }))
  const paused = feeds.filter((feed) => feed.state === 'paused').map((feed) => t('feeds.paused', { name: feed.name }))
  const drift = feeds
    .filter((feed) => Math.abs(feed.drift ?? 0) > DRIFT)
    .map((feed) => t('feeds.drift', { name: feed.name, time: lengthWords(Math.abs(feed.drift!) * 1000) }))
  const quarantined = feeds.reduce((all, feed) => all + feed.quarantined, 0)
  return [...silent, ...never, ...paused, ...drift, ...(quarantined ? [t('feeds.quarantined', { n: quarantined })] : [])]
}
