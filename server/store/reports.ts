import type { Database } from 'better-sqlite3'
import type { Report } from '../../shared/report.ts'
import type { ReportShelf } from '../work.ts'
import { type Columns, createShelf, type StoredShelf } from './shelf.ts'

export const REPORT_COLUMNS = ['no', 'caller', 'channel', 'external'] as const
export const REPORT_TYPES: Readonly<Record<(typeof REPORT_COLUMNS)[number], string>> = {
  no: 'TEXT',
  /** the reporter's key, never a number */
  caller: 'TEXT',
  channel: 'TEXT',
  external: 'TEXT',
}
export const REPORT_INDEXES = `
CREATE INDEX IF NOT EXISTS reports_no ON reports (no);
CREATE INDEX IF NOT EXISTS reports_caller ON reports (caller, at) WHERE caller IS NOT NULL;
CREATE INDEX IF NOT EXISTS reports_external ON reports (external) WHERE external IS NOT NULL;
`

export type StoredReports = StoredShelf<Report> & ReportShelf

const externalOf = (feed: string, id: string) => `${feed}\n${id}`

/** Nothing of a report is wanted in memory once it is committed, so none counts as open: what is current is its incident. */
export function createReportShelf(db: Database, gridOf: (placeId: string) => string | undefined): StoredReports {
  const shelf = createShelf<Report>(db, 'reports', gridOf, columnsOf, REPORT_COLUMNS)
  const byCaller = db.prepare<[string, number], string>('SELECT id FROM reports WHERE caller = ? AND at >= ? ORDER BY n DESC').pluck()
  const byExternal = db.prepare<[string], string>('SELECT id FROM reports WHERE external = ? ORDER BY n DESC LIMIT 1').pluck()
  const present = (ids: Iterable<string>) => [...new Set(ids)].flatMap((id) => shelf.get(id) ?? [])
  return {
    ...shelf,
    by(key, since) {
      const fresh = [...shelf.unwritten()].filter(({ reporter, receivedAt }) => reporter.key === key && receivedAt >= since)
      return present([...fresh.reverse().map(({ id }) => id), ...byCaller.all(key, Math.trunc(since))])
    },
    external(feed, externalId) {
      const fresh = [...shelf.unwritten()].findLast((report) => report.feed === feed && report.externalId === externalId)
      const id = fresh ? undefined : byExternal.get(externalOf(feed, externalId))
      return fresh ?? (id === undefined ? undefined : shelf.get(id))
    },
  }
}

const columnsOf = (report: Report): Columns => ({
  open: false,
  state: report.withdrawnAt === undefined ? 'received' : 'withdrawn',
  kind: report.kind,
  priority: 0,
  status: report.status,
  place: report.placeId,
  incident: report.incidentId,
  at: report.receivedAt,
  own: () => [
    report.no,
    report.reporter.key ?? null,
    report.channel,
    report.externalId === undefined ? null : externalOf(report.feed ?? '', report.externalId),
  ],
})
