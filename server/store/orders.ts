import type { Database } from 'better-sqlite3'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import type { Report } from '../../shared/report.ts'

/** What phones ask for again and again: whose open orders these are. `matter` of an order is its pool or team. */
export const ORDER_INDEXES = `
CREATE INDEX IF NOT EXISTS orders_owner ON orders (assignee, state) WHERE open = 1;
CREATE INDEX IF NOT EXISTS incidents_repeated ON incidents (ended_at, kind, place, state, status) WHERE open = 0;
`

type Doc = { doc: string }
const parsed = <T>(rows: readonly Doc[]) => rows.map(({ doc }) => JSON.parse(doc) as T)

/** Open orders of a person, oldest first. */
export const ordersOfPerson = (read: Database, staffId: string, most: number): Order[] =>
  parsed(
    read.prepare<[string, number], Doc>('SELECT doc FROM orders WHERE assignee = ? AND open = 1 ORDER BY n LIMIT ?').all(staffId, most),
  )

/** Orders that wait in these pools to be claimed, or that nobody of these teams has accepted yet, oldest first. */
export function ordersWaitingIn(read: Database, teamIds: readonly string[], most: number): Order[] {
  if (teamIds.length === 0) return []
  const sql = `SELECT doc FROM orders WHERE matter IN (SELECT value FROM json_each(?)) AND open = 1 AND state = 'dispatched' ORDER BY n LIMIT ?`
  return parsed(read.prepare<[string, number], Doc>(sql).all(JSON.stringify(teamIds), most))
}

/** The reports of an incident, oldest first. */
export const reportsOf = (read: Database, ids: readonly string[]): Report[] =>
  parsed(
    read.prepare<[string], Doc>('SELECT doc FROM reports WHERE id IN (SELECT value FROM json_each(?)) ORDER BY n').all(JSON.stringify(ids)),
  )

/** How many open orders somebody has that are not done yet. */
export function orderLoads(read: Database): Map<string, number> {
  const sql = `SELECT assignee AS who, count(*) AS n FROM orders WHERE open = 1 AND state <> 'handled' GROUP BY assignee`
  return new Map(
    read
      .prepare<[], { who: string; n: number }>(sql)
      .all()
      .map(({ who, n }) => [who, n]),
  )
}

export interface Repeated {
  kind: string
  place: string
  times: number
  last: number
}

/** Closed actual matters since a time, counted by kind and place. */
export const closedSince = (read: Database, since: number): Repeated[] =>
  read
    .prepare<[number], Repeated>(
      `SELECT kind, place, count(*) AS times, max(ended_at) AS last FROM incidents INDEXED BY incidents_repeated
       WHERE open = 0 AND ended_at >= ? AND state = 'closed' AND status = 'actual' GROUP BY kind, place`,
    )
    .all(Math.trunc(since))

/** The closed incidents of these kinds at these places since a time, newest first. */
export function closedAt(read: Database, places: readonly string[], kinds: readonly string[], since: number, most: number): Incident[] {
  const sql = `SELECT doc FROM incidents WHERE place IN (SELECT value FROM json_each(?)) AND kind IN (SELECT value FROM json_each(?))
    AND open = 0 AND state = 'closed' AND status = 'actual' AND ended_at >= ? ORDER BY n DESC LIMIT ?`
  const values = [JSON.stringify(places), JSON.stringify(kinds), Math.trunc(since), most] as const
  return parsed(read.prepare<[string, string, number, number], Doc>(sql).all(...values))
}

/** Matters with a mediation ledger, newest first, below a number. */
export function mediated(read: Database, kinds: readonly string[], before: number, most: number): { n: number; incident: Incident }[] {
  const sql = `SELECT n, doc FROM incidents WHERE kind IN (SELECT value FROM json_each(?)) AND state <> 'merged' AND n < ? ORDER BY n DESC LIMIT ?`
  const rows = read.prepare<[string, number, number], Doc & { n: number }>(sql).all(JSON.stringify(kinds), before, most)
  return rows.map(({ n, doc }) => ({ n, incident: JSON.parse(doc) as Incident }))
}
