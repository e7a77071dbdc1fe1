import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { Report } from '../../shared/report.ts'
import type { Db } from './open.ts'

export interface ReportQuery {
  /** keys of the reporter, any of them */
  keys?: readonly string[] | undefined
  /** ids of residents or staff: whose reports they are */
  channel?: readonly string[] | undefined
  kind?: readonly string[] | undefined
  incidentId?: string | undefined
  no?: string | undefined
  places?: ReadonlySet<string> | undefined
  since?: number | undefined
  until?: number | undefined
  /** rows below this number */
  before?: number | undefined
  limit: number
}

/** Newest first. */
export function findReports(read: Db, query: ReportQuery): { items: Report[]; next: number | null } {
  const where: string[] = ['1']
  const values: (string | number)[] = []
  const among = (column: string, list: Iterable<string> | undefined) => {
    if (list === undefined) return
    where.push(`${column} IN (SELECT value FROM json_each(?))`)
    values.push(JSON.stringify([...list]))
  }
  const compare = (sql: string, value: string | number | undefined) => {
    if (value === undefined) return
    where.push(sql)
    values.push(value)
  }
  among('caller', query.keys)
  among('channel', query.channel)
  among('kind', query.kind)
  among('place', query.places)
  compare('incident = ?', query.incidentId)
  compare('no = ?', query.no)
  compare('at >= ?', query.since)
  compare('at <= ?', query.until)
  compare('n < ?', query.before)
  const sql = `SELECT n, doc FROM reports WHERE ${where.join(' AND ')} ORDER BY n DESC LIMIT ?`
  const rows = read.prepare<(string | number)[], { n: number; doc: string }>(sql).all(...values, query.limit + 1)
  const shown = rows.slice(0, query.limit)
  return { items: shown.map(({ doc }) => JSON.parse(doc) as Report), next: rows.length > query.limit ? shown.at(-1)!.n : null }
}

export const readReport = (read: Db, id: string): Report | undefined => readDoc<Report>(read, 'reports', id)

function readDoc<T>(read: Db, table: 'reports' | 'incidents' | 'orders', id: string): T | undefined {
  const doc = read.prepare<[string], string>(`SELECT doc FROM ${table} WHERE id = ?`).pluck().get(id)
  return doc === undefined ? undefined : (JSON.parse(doc) as T)
}

/** The incident of a report with its orders, for the report's progress. */
export function matterOfReport(read: Db, { incidentId }: Pick<Report, 'incidentId'>): { incident: Incident | undefined; orders: Order[] } {
  const incident = incidentId === undefined ? undefined : readDoc<Incident>(read, 'incidents', incidentId)
  return { incident, orders: (incident?.orders ?? []).flatMap((id) => readDoc<Order>(read, 'orders', id) ?? []) }
}
