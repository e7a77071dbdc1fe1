import type { CareView } from '../../shared/wall.ts'
import { t } from '../i18n/index.ts'
import { calendar } from './time.ts'

const MINUTE = 60_000

/** 3时40分, 25分, 2天5时: moves on once a minute. */
export function roughLength(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE))
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60]
  if (d) return `${d}${t('unit.day')}${h}${t('unit.hour')}`
  return h ? `${h}${t('unit.hour')}${String(m).padStart(2, '0')}${t('unit.minute')}` : `${m}${t('unit.minute')}`
}

/** before that the safe rules hold */
const DAYS_TO_LEARN = 28
export type Sureness = 'high' | 'medium' | 'low'
/** About 50 days of a usual home are high, 28 medium. */
export const sureness = ({ confidence = 0, days = 0 }: Pick<CareView, 'confidence' | 'days'>): Sureness =>
  confidence < 0.4 || days < DAYS_TO_LEARN ? 'low' : confidence < 0.7 ? 'medium' : 'high'
/** 把握高 */
export const sureWords = (care: CareView) => t(`care.sure.${sureness(care)}`)
/** 学了 41 天 */
export const learnedWords = ({ days = 0 }: CareView) => t('care.learned', { n: days })

/** How it stands: 在家, 静默, 看不见, 住院. */
export function conditionWords(care: CareView): string {
  if (care.state === 'usual') return t(`care.${care.silentSince !== null ? 'still' : care.presence}`)
  if (care.state === 'away') return t(`absence.${care.away?.kind ?? 'other'}`)
  return t(`care.${care.state}`)
}

/** Since when it is so; null: for what needs no telling. */
export function conditionSince(care: CareView): number | null {
  switch (care.state) {
    case 'usual':
      return care.presence === 'out' ? (care.presenceSince ?? null) : care.silentSince
    case 'silent':
      return care.silentSince
    case 'blind':
      return care.blind?.since ?? null
    case 'not-returned':
    case 'night-out':
      return care.presenceSince ?? null
    default:
      return null
  }
}

/** 至 11月25日 */
export function returnWords({ away }: CareView, offset: number): string {
  return away ? t('care.until', calendar(away.until, offset)) : ''
}
