import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'

/** What the queue sorts and filters by, beside what every thing has. It follows from the incident and its orders. */
export const QUEUE_COLUMNS = ['due', 'overdue', 'waiting', 'channels', 'owners'] as const
export const QUEUE_TYPES: Readonly<Record<(typeof QUEUE_COLUMNS)[number], string>> = {
  /** ms, the next deadline of anybody */
  due: 'INTEGER',
  overdue: 'INTEGER NOT NULL DEFAULT 0',
  /** nobody has looked at it or been sent */
  waiting: 'INTEGER NOT NULL DEFAULT 0',
  /** ' alert hotline ': how it came in */
  channels: `TEXT NOT NULL DEFAULT ''`,
  /** ' s011 s012 ': whose orders are open */
  owners: `TEXT NOT NULL DEFAULT ''`,
}

/** Everything that a page of the queue asks for before it reads the documents: sorting 10,000 open ones touches this index alone. */
export const QUEUE_INDEXES = `
CREATE INDEX IF NOT EXISTS incidents_queue ON incidents
  (priority, due, n, state, overdue, waiting, kind, place, channels, owners, status) WHERE open = 1;
`

const NOTHING = [null, 0, 0, '', ''] as const

export function queueColumns(incident: Incident, ordersOf: (ids: readonly string[]) => readonly Order[]) {
  const channels = spaced([...(incident.alerts.length > 0 ? ['alert'] : []), ...(incident.channels ?? [])])
  if (!isOpenIncident(incident)) return [...NOTHING.slice(0, 3), channels, '']
  const orders = ordersOf(incident.orders).filter(isOpenOrder)
  const dues = [incident.triageBy, incident.callBy, ...orders.map(({ dueAt }) => dueAt)].filter((due) => typeof due === 'number')
  const owners = orders.flatMap(({ assignee, teamId, pool }) => [assignee, ...(teamId ? [teamId] : []), ...(pool ? [pool] : [])])
  const late = incident.triageLate === true || orders.some(({ overdue }) => overdue)
  return [
    dues.length > 0 ? Math.trunc(Math.min(...dues)) : null,
    late ? 1 : 0,
    incident.triageBy === undefined ? 0 : 1,
    channels,
    spaced(owners),
  ]
}

const spaced = (words: readonly string[]) => (words.length > 0 ? ` ${[...new Set(words)].join(' ')} ` : '')
