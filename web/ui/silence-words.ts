import type { AlertView } from '../../shared/wall.ts'
import { t } from '../i18n/index.ts'
import { daysBetween, shortTime } from './time.ts'

/** Parts of the day as people say them; each begins at its hour. */
const PARTS: [number, string][] = [
  [18, 'evening'],
  [13, 'afternoon'],
  [12, 'noon'],
  [9, 'forenoon'],
  [5, 'morning'],
  [0, 'night'],
]

/** 09:00 → 上午 9 点, 15:30 → 下午 3 点半, 08:10 → 早上 8:10 */
export function dayTimeWords(clock: string): string {
  const [hour = 0, minute = 0] = clock.split(':').map(Number)
  const part = t(`dayPart.${PARTS.find(([from]) => hour >= from)![1]}`)
  const h = hour > 12 ? hour - 12 : hour
  const form = minute === 0 ? 'full' : minute === 30 ? 'half' : 'other'
  return t(`dayTime.${form}`, { part, h, m: String(minute).padStart(2, '0'), clock })
}

const MINUTE = 60_000

/**
 * Why somebody at home is asked after: 平时上午 9 点前必有动静，今天已静 3 小时 40 分，门未开过. With `now` the length runs on; without it is that of
 * the alert.
 */
export function silenceWords(alert: AlertView, offset: number, now?: number): string {
  const { since, usualBy, silentMinutes, doorOpened, lastDoor } = alert.evidence
  const parts: string[] = []
  if (typeof usualBy === 'string' && missedUsual(alert, offset))
    parts.push(t('why.usualBy', { time: dayTimeWords(usualBy).replace(/\d$/, '$& ') }))
  const minutes = typeof since === 'number' && now !== undefined ? Math.max(0, Math.floor((now - since) / MINUTE)) : silentMinutes
  if (typeof minutes === 'number' && minutes > 0) {
    const isToday = typeof since === 'number' && daysBetween(since, now ?? alert.lastAt, offset) === 0
    parts.push(t(isToday ? 'why.silentToday' : 'why.silentFor', { hours: Math.floor(minutes / 60), minutes: minutes % 60 }))
  }
  if (doorOpened === false) parts.push(t('why.doorShut'))
  else if (typeof lastDoor === 'number') parts.push(t('why.lastDoor', { time: timeOf(lastDoor, alert.lastAt, offset) }))
  const { strain } = alert.evidence
  if (strain === 'heat' || strain === 'cold') parts.push(t(`why.${strain}`))
  return parts.length > 0 ? parts.join(t('why.comma')) : t('why.silentHome')
}

/** The hour by which somebody is usually up explains a silence only when it began before that hour. */
function missedUsual({ evidence, lastAt }: AlertView, offset: number) {
  const { since, usualBy } = evidence
  if (typeof since !== 'number' || typeof usualBy !== 'string') return true
  return daysBetween(since, lastAt, offset) > 0 || shortTime(since, offset) < usualBy
}

/** A time of day; of another day than the alert's it says so. */
export function timeOf(at: number, seenAt: number, offset: number): string {
  const time = shortTime(at, offset)
  const days = daysBetween(at, seenAt, offset)
  if (days <= 0) return time
  return days === 1 ? t('why.yesterday', { time }) : t('why.daysAgo', { n: days, time })
}
