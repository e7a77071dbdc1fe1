import type { LoopBy, LoopGroup, OutsideTarget, StepFigures } from '../../../shared/loop.ts'
import { t } from '../../i18n/index.ts'
import { kindWord } from '../../ui/sentences.ts'
import { roughParts } from '../../ui/time.ts'

/** Days that can be looked at; the server answers with whole months from 45 on. */
export const PERIODS = [1, 7, 30, 92, 365] as const

/** Rounded to one unit, days from two on: what a figure is read as. */
export function took(seconds: number | null): string {
  if (seconds === null) return '–'
  if (seconds >= 2 * 86_400) return `${trimmed(seconds / 86_400)}${t('unit.day')}`
  const { n, unit } = roughParts(seconds)
  return `${trimmed(Number(n))}${t(`unit.${unit}`)}`
}
/** On the scale: whole in the largest unit that it is whole in. */
export function tick(seconds: number): string {
  const unit = (
    [
      ['day', 86_400],
      ['hour', 3600],
      ['minute', 60],
    ] as const
  ).find(([, size]) => seconds >= size && seconds % size === 0)
  return unit ? `${seconds / unit[1]}${t(`unit.${unit[0]}`)}` : `${seconds}${t('unit.second')}`
}
const trimmed = (n: number) => String(Math.round(n * 10) / 10)

export function nameOf(by: LoopBy, { key, name }: Pick<LoopGroup, 'key' | 'name'>): string {
  if (by === 'priority') return t(`desk.figures.priority.${key}`)
  if (by === 'team' && key === '') return t('desk.figures.nobodysTeam')
  if (by === 'kind') return name || kindWord(key)
  return name || key
}

export const isLate = ({ median, target }: Pick<StepFigures, 'median' | 'target'>) => median !== null && target !== null && median > target
export const overduePercent = ({ incidents, overdue }: Pick<LoopGroup, 'incidents' | 'overdue'>) =>
  incidents === 0 ? null : Math.round((100 * overdue) / incidents)

/** 90 % within 15 s */
export function outsideWords({ seconds, share }: Pick<OutsideTarget, 'seconds' | 'share'>): string {
  if (seconds === null) return t('desk.figures.noTime')
  return share === null ? took(seconds) : t('desk.figures.share', { n: share, time: took(seconds) })
}
