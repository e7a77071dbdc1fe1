import { Kysely, type Selectable, SqliteDialect, sql } from 'kysely'
import type { Db } from './open.ts'

/** Reading lists on the main thread, through a connection that cannot write. The tables are stated in `things.ts` and `audit.ts`. */
interface ThingTable {
  n: number
  id: string
  open: number
  state: string
  kind: string
  priority: number
  status: string
  place: string
  device: string | null
  resident: string | null
  incident: string | null
  assignee: string | null
  matter: string | null
  at: number
  doc: string
}
interface AuditTable {
  seq: number
  at: number
  by: string
  act: string
  subject: string
  why: string | null
  detail: string | null
  mac: string
}
interface Tables {
  alerts: ThingTable
  incidents: ThingTable
  orders: ThingTable
  audit: AuditTable
}
export type ThingName = 'alerts' | 'incidents' | 'orders'

export interface ThingQuery {
  id?: string[] | undefined
  open?: boolean | undefined
  state?: string[] | undefined
  kind?: string[] | undefined
  priority?: number[] | undefined
  status?: string[] | undefined
  /** ids of the places that may be seen; undefined: all */
  places?: ReadonlySet<string> | undefined
  device?: string | undefined
  resident?: string | undefined
  incident?: string | undefined
  assignee?: string | undefined
  /** pools or teams of orders */
  matter?: string[] | undefined
  since?: number | undefined
  until?: number | undefined
  /** rows below this number */
  before?: number | undefined
  limit: number
}
export interface AuditQuery {
  by?: string | undefined
  act?: string | undefined
  subject?: string | undefined
  since?: number | undefined
  until?: number | undefined
  before?: number | undefined
  limit: number
}
/** `next`: the `before` of the next page, null when that was all */
export interface Found<T> {
  items: T[]
  next: number | null
}

export type Lists = ReturnType<typeof createLists>
export function createLists(read: Db) {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: read }) })
  return {
    /** newest first, open and closed */
    async things<T>(name: ThingName, query: ThingQuery): Promise<Found<T>> {
      const rows = await selectThings(db, name, query).execute()
      return page(
        rows,
        query.limit,
        (row) => row.n,
        (row) => JSON.parse(row.doc) as T,
      )
    },
    async thing<T>(name: ThingName, id: string): Promise<T | undefined> {
      const row = await db.selectFrom(name).select('doc').where('id', '=', id).executeTakeFirst()
      return row && (JSON.parse(row.doc) as T)
    },
    /** newest first */
    async audit(query: AuditQuery): Promise<Found<AuditItem>> {
      const rows = await selectAudit(db, query).execute()
      return page(rows, query.limit, (row) => row.seq, toAuditItem)
    },
  }
}

const LOWEST = 'n' as const

function selectThings(db: Kysely<Tables>, name: ThingName, query: ThingQuery) {
  let rows = db
    .selectFrom(name)
    .select(['n', 'doc'])
    .orderBy(LOWEST, 'desc')
    .limit(query.limit + 1)
  if (query.id) rows = rows.where('id', 'in', query.id)
  if (query.open !== undefined) rows = rows.where('open', '=', query.open ? 1 : 0)
  if (query.state) rows = rows.where('state', 'in', query.state)
  if (query.kind) rows = rows.where('kind', 'in', query.kind)
  if (query.priority) rows = rows.where('priority', 'in', query.priority)
  if (query.status) rows = rows.where('status', 'in', query.status)
  if (query.matter) rows = rows.where('matter', 'in', query.matter)
  if (query.places) rows = rows.where('place', 'in', sql<string>`(SELECT value FROM json_each(${JSON.stringify([...query.places])}))`)
  for (const column of ['device', 'resident', 'incident', 'assignee'] as const) {
    const value = query[column]
    if (value !== undefined) rows = rows.where(column, '=', value)
  }
  if (query.since !== undefined) rows = rows.where('at', '>=', query.since)
  if (query.until !== undefined) rows = rows.where('at', '<=', query.until)
  return query.before === undefined ? rows : rows.where('n', '<', query.before)
}

function selectAudit(db: Kysely<Tables>, query: AuditQuery) {
  let rows = db
    .selectFrom('audit')
    .selectAll()
    .orderBy('seq', 'desc')
    .limit(query.limit + 1)
  for (const column of ['by', 'act', 'subject'] as const) {
    const value = query[column]
    if (value !== undefined) rows = rows.where(column, '=', value)
  }
  if (query.since !== undefined) rows = rows.where('at', '>=', query.since)
  if (query.until !== undefined) rows = rows.where('at', '<=', query.until)
  return query.before === undefined ? rows : rows.where('seq', '<', query.before)
}

function page<R, T>(rows: R[], limit: number, numberOf: (row: R) => number, toItem: (row: R) => T): Found<T> {
  const shown = rows.slice(0, limit)
  return { items: shown.map(toItem), next: rows.length > limit ? numberOf(shown.at(-1)!) : null }
}

export interface AuditItem {
  id: string
  /** domain time, ms */
  at: number
  by: string
  act: string
  subject: string
  why?: string
  detail?: unknown
}
function toAuditItem(row: Selectable<AuditTable>): AuditItem {
  return {
    id: String(row.seq),
    at: row.at,
    by: row.by,
    act: row.act,
    subject: row.subject,
    ...(row.why === null ? {} : { why: row.why }),
    ...(row.detail === null ? {} : { detail: JSON.parse(row.detail) as unknown }),
  }
}
