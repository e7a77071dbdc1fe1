import type { Incident } from '../shared/incident.ts'
import type { Order } from '../shared/order.ts'
import type { Report } from '../shared/report.ts'
import type { IncidentChange, OrderChange, ReportChange, Shelf, Work } from './work.ts'

/**
 * A command answers with the new thing alone; what else it moved (a rejected order brings forth the next one, a merger moves orders) is
 * seen here: run it with `work`, then take the changes and hand them to the next stages.
 */
export function recording(inner: Work) {
  const orders = recorder(inner.orders)
  const incidents = recorder(inner.incidents)
  const reports = recorder(inner.reports)
  const work: Work = {
    ...inner,
    incidents: { ...inner.incidents, ...incidents.shelf },
    reports: { ...inner.reports, ...reports.shelf },
    orders: orders.shelf,
  }
  return {
    work,
    takeOrders: (): OrderChange[] => orders.take().map(([before, order]) => orderChange(before, order)),
    takeReports: (): ReportChange[] =>
      reports
        .take()
        // a merger moves reports and says nothing of them
        .filter(([before, report]) => before?.version !== report.version)
        .map(([before, report]) => reportChange(before, report)),
    takeIncidents: (): IncidentChange[] => incidents.take().map(([before, incident]) => incidentChange(before, incident)),
  }
}

export function reportChange(before: Report | undefined, report: Report): ReportChange {
  const step = report.steps.at(-1)
  return { before, report, act: step?.act ?? 'received', by: step?.by ?? 'system' }
}

export function orderChange(before: Order | undefined, order: Order): OrderChange {
  const step = order.steps.at(-1)
  return { before, order, act: step?.act ?? 'put', by: step?.by ?? 'system' }
}

export function incidentChange(before: Incident | undefined, incident: Incident): IncidentChange {
  return { before, incident, act: actOf(before, incident), by: incident.timeline.at(-1)?.by ?? 'system' }
}

function actOf(before: Incident | undefined, incident: Incident): IncidentChange['act'] {
  if (!before) return 'opened'
  if (before.state === incident.state) return 'joined'
  return incident.state === 'closed' || incident.state === 'merged' ? incident.state : 'moved'
}

type Put<T> = [before: T | undefined, after: T]

function recorder<T extends { id: string }>(inner: Shelf<T>) {
  const puts = new Map<string, Put<T>>()
  const shelf: Shelf<T> = {
    get: (id) => inner.get(id),
    open: () => inner.open(),
    put(thing) {
      puts.set(thing.id, [puts.has(thing.id) ? puts.get(thing.id)![0] : inner.get(thing.id), thing])
      inner.put(thing)
    },
  }
  const take = () => {
    const taken = [...puts.values()]
    puts.clear()
    return taken
  }
  return { shelf, take }
}
