import type { Viewer } from '../../shared/access.ts'
import { maskName, maskPhone } from '../../shared/mask.ts'
import type { Report, Reporter, ReportProgress } from '../../shared/report.ts'
import { sightOf } from '../../shared/sight.ts'
import type { World } from '../../shared/world.ts'
import { progressOf } from '../reports/progress.ts'
import type { Db } from '../store/open.ts'
import { matterOfReport } from '../store/report-lists.ts'

export interface ReportItem extends Report {
  kindName: string
  place: string
}

/** A report as somebody of the staff sees it: who said it stays masked, their key never leaves. */
export const reportFor = (world: World, report: Report, viewer: Pick<Viewer, 'role' | 'helper'>): ReportItem => ({
  ...report,
  reporter: maskedReporter(report.reporter, viewer),
  ...words(world, report),
})

/** Their own words and name are the reporter's to read; the steps of colleagues are not. */
export const reportForOwner = (world: World, { steps: _, ...report }: Report) => ({
  ...report,
  reporter: { ...report.reporter, key: undefined },
  ...words(world, report as Report),
})

const words = (world: World, { kind, placeId }: Report) => ({
  kindName: world.matterKind(kind)?.name ?? kind,
  place: world.places.label(placeId),
})

function maskedReporter({ kind, id, name, phone, callback }: Reporter, viewer: Pick<Viewer, 'role' | 'helper'>): Reporter {
  const sight = sightOf(viewer)
  return {
    kind,
    ...(callback && { callback }),
    ...(id !== undefined && sight.person !== 'none' && { id }),
    ...(name !== undefined && { name: kind === 'staff' && sight.staff === 'full' ? name : maskName(name) }),
    ...(phone !== undefined && sight.phone === 'masked' && { phone: maskPhone(phone) }),
  }
}

export function progressFor(read: Db, world: World, report: Report): ReportProgress {
  return progressOf({ report, ...matterOfReport(read, report), ...words(world, report) })
}

/** By whom a report was made, when it was this viewer. */
export const isOwn = ({ reporter }: Report, viewer: Viewer): boolean =>
  reporter.id !== undefined && (reporter.id === viewer.id || reporter.id === viewer.staffId)

export const ownKeys = (viewer: Viewer): string[] => [`resident ${viewer.id}`, `staff ${viewer.staffId ?? viewer.id}`]
