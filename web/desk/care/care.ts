import type { Alert, Verdict } from '../../../shared/alert.ts'
import type { Absence, CareState, Consent, ContactRelation, QuietHours, SELF } from '../../../shared/care.ts'
import type { Call } from '../../../shared/care-call.ts'
import type { Category } from '../../../shared/person.ts'
import type { AlertView, CareView } from '../../../shared/wall.ts'
import { bySeverity, isCalling } from '../../ui/alerts.ts'

/** What the server tells of a person looked after, masked by the viewer's role. */
export interface CareItem {
  residentId: string
  placeId: string
  person: { name: string; age: number; sex: 'm' | 'f'; phone?: string; categories: Category[]; place: string; gridId?: string }
  state: CareState
  version: number
  contacts: number
  consentUntil: number | null
  absence: Absence | null
}

export interface Contact {
  id: string
  relation: ContactRelation | typeof SELF
  staffId?: string
  name: string
  phone?: string
  /** nobody of that id is on the staff any more */
  gone?: boolean
}
export interface StaffChoice extends Contact {
  staffId: string
  role: string
  place: string
}

export interface PlanView extends Omit<CareItem, 'contacts'> {
  contacts: Contact[]
  callOrder: Contact[]
  detectors: Record<string, boolean>
  quiet: QuietHours[]
  consent: Consent | null
  absences: Absence[]
  changedAt: number | null
  changedBy: string | null
  changedByName: string | null
}

export type HistoryLine = Pick<
  Alert,
  'id' | 'kind' | 'priority' | 'status' | 'state' | 'raisedAt' | 'returnedAt' | 'lastAt' | 'count' | 'late' | 'evidence' | 'version'
> & {
  incidentId?: string
  verdict: Verdict | null
  ended: { act: string; at: number; by: string; why?: string } | null
  incident: {
    id: string
    state: string
    openedAt: number
    closedAt: number | null
    calls: Call[]
    closedBy?: string
    reason?: string
  } | null
}
export interface History {
  items: HistoryLine[]
  names: Record<string, string>
  next: string | null
}

/** A person with today's row and the worst alert that calls for somebody. */
export interface CareEntry {
  item: CareItem
  row?: CareView
  alert?: AlertView
}

export function entriesOf(items: readonly CareItem[], rows: readonly CareView[], alerts: readonly AlertView[]): CareEntry[] {
  const rowOf = new Map(rows.map((row) => [row.residentId, row]))
  const worst = [...alerts].filter(isCalling).sort(bySeverity)
  return items
    .map((item): CareEntry => {
      const row = rowOf.get(item.residentId)
      return { item, row, alert: worst.find((alert) => alert.residentId === item.residentId || alert.id === row?.alertId) }
    })
    .sort(
      (a, b) =>
        urgency(a) - urgency(b) ||
        Number(isChild(a.item)) - Number(isChild(b.item)) ||
        (a.item.person.place < b.item.person.place ? -1 : 1),
    )
}

/** Those who need somebody come first: an open alert, silence, sensors that are not heard, a plan that is not in order. */
export function urgency({ item, row, alert }: CareEntry): number {
  if (alert) return alert.priority
  if (item.state !== 'away' && row?.state === 'silent') return 5
  if (item.state !== 'away' && row?.state === 'blind') return 6
  return ['consent-ended', 'no-plan', 'consent-missing', 'away', 'watched'].indexOf(item.state) + 7
}
/** Whether somebody has to look now. */
export const needsSomebody = (entry: CareEntry) => urgency(entry) <= 6

export interface CareFilter {
  state: CareState | 'need' | 'all'
  who: 'all' | 'alone' | 'child'
  grid: string | null
  text: string
}

export const isChild = ({ person }: CareItem) => person.categories.includes('left-behind-child')

export function fits(entry: CareEntry, { state, who, grid, text }: CareFilter): boolean {
  const { item } = entry
  if (state === 'need' ? !needsSomebody(entry) : state !== 'all' && item.state !== state) return false
  if (who !== 'all' && isChild(item) !== (who === 'child')) return false
  return (grid === null || item.person.gridId === grid) && answersTo(item, text)
}

/** Part of the place (302, 12栋 302), or a name against the masked one: what is hidden fits anything. */
export function answersTo({ person }: Pick<CareItem, 'person'>, text: string): boolean {
  const words = text.trim().split(/\s+/).filter(Boolean)
  const place = person.place.replaceAll(' ', '')
  // 1栋 is not 11栋
  const lies = (word: string) => (/^\d+栋/.test(word) ? place.startsWith(word) : place.includes(word))
  return words.every((word) => lies(word) || fitsMask(person.name, word))
}

function fitsMask(masked: string, word: string): boolean {
  const letters = [...word]
  return (
    letters.length <= masked.length &&
    letters.every((letter, n) => masked[n] === letter || (masked[n] === '*' && /\p{Script=Han}/u.test(letter)))
  )
}
