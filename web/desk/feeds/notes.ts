import { t } from '../../i18n/index.ts'
import { lengthWords } from '../../ui/sentences.ts'
import { calendar, daysBetween, shortTime } from '../../ui/time.ts'
import type { FeedRow } from './feed.ts'

/** 03:12, or 11月22日 03:12 when that was another day. */
export function moment(at: number, now: number, offset: number): string {
  const time = shortTime(at, offset)
  const days = daysBetween(at, now, offset)
  return days === 0 ? time : `${t('date', calendar(at, offset))} ${time}`
}

/** What went through a break is not sent again: the engineer has to know when that was. */
export function gapWords(feed: FeedRow, now: number, offset: number): string {
  const gap = feed.gap
  if (!gap) return ''
  if (gap.to === null) return t('desk.feeds.gapOpen', { from: moment(gap.from, now, offset) })
  return t('desk.feeds.gap', { from: moment(gap.from, now, offset), to: moment(gap.to, now, offset) })
}

export function driftWords(seconds: number | null | undefined): string {
  if (!seconds) return ''
  return t(seconds > 0 ? 'desk.feeds.ahead' : 'desk.feeds.behind', { time: lengthWords(Math.abs(seconds) * 1000) })
}
