import type { CareView } from '../../../shared/wall.ts'
import { t } from '../../i18n/index.ts'
import { lengthWords, workerWords } from '../../ui/sentences.ts'
import { calendar, shortTime } from '../../ui/time.ts'
import type { CareEntry, CareItem } from './care.ts'
import { dayOf } from './days.ts'

/** What the rows and the page of a person say. */
export const DAYS_TO_LEARN = 28

export const dateWords = (at: number, offset: number) => t('date', calendar(at, offset))
/** 今天 14:05, else 11月26日 14:05 */
export const momentWords = (at: number, now: number, offset: number) =>
  dayOf(at, offset) === dayOf(now, offset) ? shortTime(at, offset) : `${dateWords(at, offset)} ${shortTime(at, offset)}`

export const categoryWord = ({ person }: CareItem) =>
  t(person.categories.includes('left-behind-child') ? 'desk.care.child' : 'desk.care.alone')

/** 在家 / 外出 / 听不到 */
export const presenceWord = (row: CareView) => (row.state === 'usual' ? t(`care.${row.presence}`) : t(`desk.care.row.${row.state}`))

/** since when nothing was heard of the person, or of the sensors */
export function sinceWords({ state, presence, silentSince }: CareView, now: number): string {
  if (silentSince === null || now < silentSince) return ''
  const time = lengthWords(now - silentSince)
  if (state === 'blind') return t('desk.care.deafFor', { time })
  return presence === 'out' ? '' : t('desk.care.stillFor', { time })
}

export function sureWords({ days = 0, confidence = 0 }: CareView): string {
  return days < DAYS_TO_LEARN
    ? t('desk.care.learning', { n: days, of: DAYS_TO_LEARN })
    : t('desk.care.sure', { n: Math.round(confidence * 100) })
}

export function planWords({ state, absence, consentUntil }: CareItem, offset: number): string {
  if (state === 'away' && absence)
    return t('desk.care.awayUntil', { kind: t(`desk.care.absence.${absence.kind}`), date: dateWords(absence.until, offset) })
  if (state === 'watched' && consentUntil !== null) return t('desk.care.watchedUntil', { date: dateWords(consentUntil - 1, offset) })
  return t(`desk.care.state.${state}`)
}

/** Who is on the way, or that somebody is to be called first. */
export function comingWords({ alert }: CareEntry, now: number): string {
  if (!alert) return ''
  const { callBy } = alert
  if (!alert.orderState && callBy !== undefined)
    return callBy > now ? t('desk.call.callWithin', { time: lengthWords(callBy - now) }) : t('desk.call.late')
  return workerWords(alert)
}
