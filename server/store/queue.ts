import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { Db } from './open.ts'
import { HITS, matchOf } from './search.ts'

export const QUEUE_SORTS = ['urgency', 'newest', 'due'] as const
export type QueueSort = (typeof QUEUE_SORTS)[number]

export interface QueueQuery {
  places?: ReadonlySet<string> | undefined
  /** states; closed and merged ones are listed newest first whatever the sort */
  state?: readonly string[] | undefined
  /** true: those alone that wait to be looked at */
  waiting?: boolean | undefined
  overdue?: boolean | undefined
  kind?: readonly string[] | undefined
  priority?: readonly number[] | undefined
  channel?: readonly string[] | undefined
  /** staff or team id of an open order */
  owner?: string | undefined
  q?: string | undefined
  sort: QueueSort
  /** what the page before ended with */
  after?: readonly number[] | undefined
  limit: number
}

export interface QueueRow {
  incident: Incident
  orders: Order[]
  due: number | null
  overdue: boolean
  waiting: boolean
  channels: string[]
}
export interface QueuePage {
  rows: QueueRow[]
  next: number[] | null
}

interface Found {
  n: number
  due: number | null
  overdue: 0 | 1
  waiting: 0 | 1
  priority: number
  channels: string
}

/** Among a million closed ones the planner would go by place. */
const OPEN = ' INDEXED BY incidents_queue'
const NEVER = 9_000_000_000_000_000
/** What each sort compares, smallest first; the same numbers are the cursor. */
const KEYS: Record<QueueSort, { sql: string; size: number; of(row: Found): number[] }> = {
  urgency: {
    sql: `1 - overdue, priority, ifnull(due, ${NEVER}), n`,
    size: 4,
    of: ({ n, due, overdue, priority }) => [1 - overdue, priority, due ?? NEVER, n],
  },
  newest: { sql: '-n', size: 1, of: ({ n }) => [-n] },
  due: { sql: `ifnull(due, ${NEVER}), n`, size: 2, of: ({ n, due }) => [due ?? NEVER, n] },
}

/** One page, in order; the index of open ones is enough to choose it. */
export function queuePage(read: Db, query: QueueQuery): QueuePage {
  const isPast = query.state?.some((state) => state === 'closed' || state === 'merged') ?? false
  const { sql: keys, size, of } = KEYS[isPast ? 'newest' : query.sort]
  const { where, values } = conditions(read, query, isPast)
  if (!where) return { rows: [], next: null }
  const { after } = query
  if (after && after.length !== size) return { rows: [], next: null }
  const past = after ? ` AND (${keys}) > (${after.map(() => '?').join(', ')})` : ''
  const sql = `SELECT n, due, overdue, waiting, priority, channels FROM incidents${isPast ? '' : OPEN} WHERE ${where}${past} ORDER BY ${isPast ? 'n DESC' : keys} LIMIT ?`
  const found = read.prepare<(string | number)[], Found>(sql).all(...values, ...(after ?? []), query.limit + 1)
  const shown = found.slice(0, query.limit)
  return { rows: rowsOf(read, shown), next: found.length > query.limit ? of(shown.at(-1)!) : null }
}

function conditions(read: Db, query: QueueQuery, isPast: boolean): { where: string | undefined; values: (string | number)[] } {
  const where = [isPast ? '1' : 'open = 1']
  const values: (string | number)[] = []
  const add = (sql: string, ...more: (string | number)[]) => {
    where.push(sql)
    values.push(...more)
  }
  const among = (column: string, list: Iterable<string | number> | undefined) => {
    if (list) add(`+${column} IN (SELECT value FROM json_each(?))`, JSON.stringify([...list]))
  }
  among('state', query.state)
  among('kind', query.kind)
  among('priority', query.priority)
  among('place', query.places)
  if (query.waiting !== undefined) add('waiting = ?', query.waiting ? 1 : 0)
  if (query.overdue !== undefined) add('overdue = ?', query.overdue ? 1 : 0)
  if (query.owner !== undefined) add('instr(owners, ?) > 0', ` ${query.owner} `)
  if (query.channel) add(`(${query.channel.map(() => 'instr(channels, ?) > 0').join(' OR ')})`, ...query.channel.map((one) => ` ${one} `))
  const number = /^\d{8}-\d{4,}$/.exec(query.q?.trim() ?? '')?.[0]
  if (number !== undefined) add('n IN (SELECT CAST(substr(incident, 10) AS INTEGER) FROM reports WHERE no = ?)', number)
  const match = query.q === undefined || number !== undefined ? undefined : matchOf(query.q)
  if (query.q?.trim() && number === undefined && match === undefined) return { where: undefined, values }
  if (match !== undefined) add(`n IN (${HITS})`, match, isPast ? 0 : oldestOpen(read))
  return { where: where.join(' AND '), values }
}

/** Words of what was closed before the oldest open one need not be looked at. */
const oldestOpen = (read: Db) => read.prepare<[], number | null>('SELECT min(n) FROM incidents WHERE open = 1').pluck().get() ?? 0

function rowsOf(read: Db, found: readonly Found[]): QueueRow[] {
  const ids = JSON.stringify(found.map(({ n }) => n))
  const among = '(SELECT value FROM json_each(?))'
  const docs = read.prepare<[string], { n: number; doc: string }>(`SELECT n, doc FROM incidents WHERE n IN ${among}`).all(ids)
  const incidents = new Map(docs.map(({ n, doc }) => [n, JSON.parse(doc) as Incident]))
  const named = JSON.stringify([...incidents.values()].flatMap(({ orders }) => orders))
  const orders = read.prepare<[string], string>(`SELECT doc FROM orders WHERE id IN ${among}`).pluck().all(named)
  const byId = new Map(orders.map((doc) => [(JSON.parse(doc) as Order).id, JSON.parse(doc) as Order]))
  return found.flatMap(({ n, due, overdue, waiting, channels }) => {
    const incident = incidents.get(n)
    if (!incident) return []
    const own = incident.orders.flatMap((id) => byId.get(id) ?? [])
    return [
      { incident, orders: own, due, overdue: overdue === 1, waiting: waiting === 1, channels: channels.trim().split(' ').filter(Boolean) },
    ]
  })
}

export interface QueueTotals {
  open: number
  /** nobody has looked at them or been sent */
  waiting: number
  overdue: number
  byState: Record<string, number>
  /** 1 to 4 */
  byPriority: Record<string, number>
}

/** Of all that is open in the viewer's area, whatever else the page is filtered by. */
export function queueTotals(read: Db, places: ReadonlySet<string> | undefined): QueueTotals {
  const inside = places ? ' AND place IN (SELECT value FROM json_each(?))' : ''
  const sql = `SELECT state, priority, waiting, overdue, count(*) AS count FROM incidents${OPEN} WHERE open = 1${inside} GROUP BY state, priority, waiting, overdue`
  type Group = { state: string; priority: number; waiting: 0 | 1; overdue: 0 | 1; count: number }
  const groups = read.prepare<string[], Group>(sql).all(...(places ? [JSON.stringify([...places])] : []))
  const sum = (fits: (group: Group) => boolean) => groups.filter(fits).reduce((total, { count }) => total + count, 0)
  const by = (key: 'state' | 'priority') =>
    Object.fromEntries([...new Set(groups.map((g) => g[key]))].map((v) => [v, sum((g) => g[key] === v)]))
  return {
    open: sum(() => true),
    waiting: sum(({ waiting }) => waiting === 1),
    overdue: sum(({ overdue }) => overdue === 1),
    byState: by('state'),
    byPriority: by('priority'),
  }
}
