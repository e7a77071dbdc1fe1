import type { Database } from 'better-sqlite3'
import { type Alert, isOpenAlert } from '../../shared/alert.ts'
import { type Incident, isOpenIncident } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import type { Report } from '../../shared/report.ts'
import type { IncidentShelf } from '../work.ts'
import { withAbout } from './about.ts'
import { addColumns } from './columns.ts'
import { type StoredAlerts, withMatters } from './matters.ts'
import { QUEUE_COLUMNS, QUEUE_INDEXES, QUEUE_TYPES, queueColumns } from './queue-columns.ts'
import { createReportShelf, REPORT_INDEXES, REPORT_TYPES, type StoredReports } from './reports.ts'
import { type Columns, createShelf, type StoredShelf } from './shelf.ts'

/** Alerts, incidents and orders: the document itself and, beside it, what lists ask for. `n` is the number in the id, `at` domain ms. */
const table = (name: string) => `
CREATE TABLE IF NOT EXISTS ${name} (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  open INTEGER NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  priority INTEGER NOT NULL,
  status TEXT NOT NULL,
  place TEXT NOT NULL,
  grid TEXT,
  device TEXT,
  resident TEXT,
  incident TEXT,
  assignee TEXT,
  matter TEXT,
  at INTEGER NOT NULL,
  ended_at INTEGER,
  doc TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS ${name}_open ON ${name} (n) WHERE open = 1;
CREATE INDEX IF NOT EXISTS ${name}_at ON ${name} (at);
CREATE INDEX IF NOT EXISTS ${name}_ended ON ${name} (ended_at) WHERE open = 0;
CREATE INDEX IF NOT EXISTS ${name}_place ON ${name} (place, n);
CREATE INDEX IF NOT EXISTS ${name}_matter ON ${name} (matter, n) WHERE matter IS NOT NULL;
CREATE INDEX IF NOT EXISTS ${name}_incident ON ${name} (incident) WHERE incident IS NOT NULL;
CREATE INDEX IF NOT EXISTS ${name}_resident ON ${name} (resident, n) WHERE resident IS NOT NULL;
`
export const THINGS_TABLES = [table('alerts'), table('incidents'), table('orders'), table('reports')].join('\n')

/** Columns that one of them alone has. Their indexes come after them. */
export function migrateThings(db: Database): void {
  addColumns(db, 'incidents', QUEUE_TYPES)
  addColumns(db, 'reports', REPORT_TYPES)
  db.exec(QUEUE_INDEXES + REPORT_INDEXES)
}

export interface Shelves {
  alerts: StoredAlerts
  incidents: StoredShelf<Incident> & IncidentShelf
  orders: StoredShelf<Order>
  reports: StoredReports
}

/** Loads the open things. `gridOf` says the grid of a place for the list column; undefined when there is none. */
export function createShelves(db: Database, gridOf: GridOf, keysOf?: (incident: Incident) => readonly string[]): Shelves {
  const orders = createShelf<Order>(db, 'orders', gridOf, (order) => ({
    ...common(order),
    open: isOpenOrder(order),
    incident: order.incidentId,
    assignee: order.assignee,
    matter: order.pool ?? order.teamId,
    at: order.dispatchedAt,
  }))
  const ordersOf = (ids: readonly string[]) => ids.flatMap((id) => orders.get(id) ?? [])
  const incidents = createShelf<Incident>(
    db,
    'incidents',
    gridOf,
    (incident) => ({
      ...common(incident),
      open: isOpenIncident(incident),
      resident: incident.residentId,
      at: incident.openedAt,
      endedAt: incident.closedAt,
      own: () => queueColumns(incident, ordersOf),
    }),
    QUEUE_COLUMNS,
  )
  return {
    alerts: withMatters(db, createShelf<Alert>(db, 'alerts', gridOf, alertColumns)),
    incidents: keysOf ? withAbout(incidents, keysOf) : incidents,
    // after the incidents: their rows say what the orders in memory are
    orders,
    reports: createReportShelf(db, gridOf),
  }
}

type GridOf = (placeId: string) => string | undefined

/** What began or ended since, open or closed. */
export const incidentsSince = (db: Database, at: number) => since<Incident>(db, 'incidents', at)
export const ordersSince = (db: Database, at: number) => since<Order>(db, 'orders', at)

/** Reports are never open; a rating or a withdrawal moves their end. */
export const reportsSince = (db: Database, at: number) => since<Report>(db, 'reports', at)

function since<T>(db: Database, name: 'incidents' | 'orders' | 'reports', at: number): T[] {
  const sql = `SELECT doc FROM ${name} WHERE n IN
    (SELECT n FROM ${name} WHERE at >= ? UNION SELECT n FROM ${name} WHERE open = 0 AND ended_at >= ?) ORDER BY n`
  const rows = db.prepare<[number, number], { doc: string }>(sql).all(Math.trunc(at), Math.trunc(at))
  return rows.map(({ doc }) => JSON.parse(doc) as T)
}

const alertColumns = (alert: Alert): Columns => ({
  ...common(alert),
  open: isOpenAlert(alert),
  device: alert.deviceId,
  resident: alert.residentId,
  incident: alert.incidentId,
  matter: alert.key,
  at: alert.raisedAt,
})

const common = (thing: Alert | Incident | Order) => ({
  state: thing.state,
  kind: thing.kind,
  priority: thing.priority,
  status: thing.status,
  place: thing.placeId,
})
