import type { AlertState } from '../../../shared/alert.ts'
import type { Incident, IncidentState, TimelineEntry } from '../../../shared/incident.ts'
import type { Order } from '../../../shared/order.ts'
import type { Report } from '../../../shared/report.ts'
import type { Priority } from '../../../shared/status.ts'
import { t, word } from '../../i18n/index.ts'
import { kindWord } from '../../ui/sentences.ts'

export interface ReportItem extends Report {
  kindName: string
  place: string
}
export interface AlertBrief {
  id: string
  kind: string
  state: AlertState
  priority: Priority
  raisedAt: number
  lastAt: number
  count: number
  deviceId?: string
  version: number
  place: string
}
export interface Related {
  id: string
  kind: string
  kindName: string | null
  priority: Priority
  state: IncidentState
  openedAt: number
  place: string
  text: string | null
  version: number
  mergedInto?: string
}
/** GET /api/incidents/:id/record */
export interface Record_ {
  incident: Incident
  place: string
  kindName: string | null
  mediation: boolean
  person: { id: string; name: string; age: number; categories: string[]; phone?: string } | null
  orders: Order[]
  reports: ReportItem[]
  alerts: AlertBrief[]
  related: Record<string, Related>
  names: Record<string, string>
  places: Record<string, string>
  teams: Record<string, { id: string; name: string; form: 'pool' | 'team' | 'outside'; phone?: string }>
}

/** A colleague, or what a reporter is; an id that nobody knows shows as itself. */
export const nameOf = ({ names }: Pick<Record_, 'names'>, id: string) => names[id] ?? word('desk.loop.by', id)

const LEFT_TO_RIGHT = /^\d$/
/** What a line says beside its word: to whom, which step, from which priority to which. */
export function detailOf(record: Record_, line: TimelineEntry): string {
  const { what, from, to } = line
  const people = (ids: string) =>
    ids
      .split(' ')
      .map((id) => nameOf(record, id))
      .join('、')
  const said = [from, to].filter((each) => each !== undefined)
  if (what === 'incident.priority' || what === 'order.priority' || what === 'incident.people-at-risk')
    return said.every((each) => LEFT_TO_RIGHT.test(each)) && said.length === 2 ? `P${from} → P${to}` : ''
  if (what === 'incident.triaged') return triaged(record, line)
  if (what === 'deadline.missed' || what === 'order.escalated' || what === 'deadline.escalated')
    return [from ? t('desk.loop.detail.step', { step: stepWord(from) }) : '', to ? t('desk.loop.detail.told', { who: people(to) }) : '']
      .filter(Boolean)
      .join('，')
  if (what === 'report.received' || what === 'report.joined') return from ? word('desk.loop.channel', from) : ''
  if (what === 'mediation') return to ? word('desk.loop.outcome', to) : ''
  if (what === 'order.rung') return to ? word('desk.loop.verifyOutcome', to) : ''
  if (what === 'order.transferred')
    return [from, to]
      .filter((id) => id !== undefined)
      .map((id) => nameOf(record, id))
      .join(' → ')
  if (what === 'order.dispatched' || what === 'order.passed' || what === 'order.told') return to ? `→ ${people(to)}` : ''
  if (what.startsWith('alert.') && line.kind) return kindWord(line.kind)
  if (what.startsWith('call.') && line.ref) return word('relation', line.ref)
  if (/^incident\.(merged|took-over|gave-back|unmerged|apart)$/.test(what) && line.ref) return relatedWords(record, line.ref)
  return ''
}

const stepWord = (step: string) => word('step', step)

function triaged(record: Record_, { from = '', to = '', kind }: TimelineEntry): string {
  const [[p0, place0], [p1, place1]] = [from.split(' '), to.split(' ')]
  const place = place0 !== place1 && place1 ? (record.places[place1] ?? place1) : ''
  return [kind && record.kindName ? record.kindName : '', p0 === p1 ? (p1 ?? '') : `${p0} → ${p1}`, place].filter(Boolean).join('，')
}

export const relatedWords = ({ related }: Record_, id: string) => {
  const one = related[id]
  return one ? `${one.kindName ?? kindWord(one.kind)} ${one.place}` : id
}

/** A code of a step or a note that is a list of categories, in words. */
export function noteOf({ what, note }: TimelineEntry): string {
  if (note === undefined) return ''
  if (what === 'incident.people-at-risk')
    return note
      .split(' ')
      .map((category) => word('desk.loop.category', category))
      .join('、')
  if (what === 'order.verified') return word('desk.loop.how', note)
  return note
}
