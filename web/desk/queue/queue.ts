import type { IncidentState, Proposal } from '../../../shared/incident.ts'
import type { OrderState, OrderStep, Rung } from '../../../shared/order.ts'
import type { Priority, Status } from '../../../shared/status.ts'
import { kindWord } from '../../ui/sentences.ts'

/** A row of GET /api/queue. */
export interface QueueItem {
  id: string
  kind: string
  kindName: string | null
  priority: Priority
  status: Status
  state: IncidentState
  placeId: string
  place: string
  openedAt: number
  closedAt?: number
  version: number
  triageBy?: number
  triagedAt?: number
  text: string | null
  /** the next deadline, ms */
  due: number | null
  overdue: boolean
  waiting: boolean
  channels: string[]
  mergedInto?: string
  alerts: number
  reports: number
  proposals: Proposal[]
  orders: QueueOrder[]
}
export interface QueueOrder {
  id: string
  state: OrderState
  assignee: string
  assigneeName: string | null
  teamId?: string
  teamName: string | null
  pool?: string
  lead?: boolean
  heldBy?: string
  next: OrderStep | null
  since: number
  dueAt: number | null
  overdue: boolean
  rung?: Rung
}
export interface QueueTotals {
  open: number
  waiting: number
  overdue: number
  byState: Partial<Record<IncidentState, number>>
  byPriority: Partial<Record<Priority, number>>
}
export interface QueuePageOf {
  items: QueueItem[]
  next: string | null
  totals: QueueTotals
}

/** The register's name of what people report, the page's own word for what devices raise. */
export const matterName = ({ kind, kindName }: { kind: string; kindName: string | null }) => kindName ?? kindWord(kind)

export const VIEWS = ['open', 'waiting', 'overdue', 'handling', 'verify', 'mine', 'closed'] as const
export type View = (typeof VIEWS)[number]

/** What each chip asks the server for. */
const VIEW_QUERY: Record<View, Record<string, string>> = {
  open: {},
  waiting: { waiting: 'true' },
  overdue: { overdue: 'true' },
  handling: { state: 'handling' },
  verify: { state: 'awaiting-verification' },
  mine: { assignee: 'me' },
  closed: { state: 'closed,merged' },
}

export interface QueueChoice {
  view: View
  priority: string | null
  channel: string | null
  grid: string | null
  kind: string | null
  sort: string
  q: string
}

export function queuePath(choice: QueueChoice, cursor?: string): string {
  const { view, priority, channel, grid, kind, sort, q } = choice
  const wanted = { ...VIEW_QUERY[view], sort, limit: '50' } as Record<string, string>
  const given = { priority, channel, kind, placeId: grid, q: q.trim() || null, cursor: cursor ?? null }
  for (const [name, value] of Object.entries(given)) if (value) wanted[name] = value
  return `/api/queue?${new URLSearchParams(wanted)}`
}

/** The order whose step is awaited next, the one with the nearest deadline first. */
export const nextOrder = ({ orders }: Pick<QueueItem, 'orders'>): QueueOrder | undefined =>
  [...orders].sort((a, b) => (a.dueAt ?? Number.POSITIVE_INFINITY) - (b.dueAt ?? Number.POSITIVE_INFINITY))[0]

/** How much of a deadline is left: 1 at its beginning, 0 when it is over. */
export const leftOf = (from: number, due: number, now: number) => (due <= from ? 0 : Math.max(0, Math.min(1, (due - now) / (due - from))))
