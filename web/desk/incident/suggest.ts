import type { Suggestion, Why } from '../../../shared/suggestion.ts'
import { t, word } from '../../i18n/index.ts'

/** A reason in words: 片区在12栋 → 管这栋楼；手上 2 件. */
export function whyWords({ code, count, metres, skill, shift, until }: Why): string {
  const key = `desk.loop.why.${code}`
  if (code === 'skill' && skill) return t('desk.loop.why.skillOf', { skill: word('desk.loop.skill', skill) })
  if (code === 'near' && metres !== undefined) return t('desk.loop.why.nearBy', { n: Math.round(metres) })
  if (code === 'on-duty' && until) return t('desk.loop.why.onDutyUntil', { shift: shift ?? '', until })
  if (count !== undefined) return t(`${key}Of`, { n: count })
  return t(key)
}

/** The one of the three that the server wants. */
export const targetOf = ({ assignee, teamId, pool }: Partial<Suggestion>): Record<string, string> =>
  pool ? { pool } : teamId ? { teamId } : assignee ? { assignee } : {}

export const keyOf = ({ assignee, teamId, pool }: Partial<Suggestion>) => pool ?? teamId ?? assignee ?? ''

export interface TeamItem {
  id: string
  name: string
  form: 'pool' | 'team' | 'outside'
  kind: string
  phone?: string
  onDuty: number
  people: { id: string; name: string; role: string; phone: string; onDuty: boolean }[]
}
