import type { MatterKind } from '../../shared/matter-kind.ts'
import { tooMany } from '../../shared/problem.ts'
import type { Report } from '../../shared/report.ts'
import type { Work } from '../work.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** What the same person said of the same thing minutes ago: said again it is counted there, and is no new report. */
export function saidBefore(work: Work, key: string, kind: string, placeId: string): Report | undefined {
  const since = work.now - work.world.threshold('report.repeat-minutes', placeId) * MINUTE
  const same = work.reports.by(key, since).find((report) => report.kind === kind && report.placeId === placeId)
  return same?.withdrawnAt === undefined ? same : undefined
}

/** An emergency is never refused; of anything else a person has so many an hour, other words about the same thing counted. */
export function mustNotFlood(work: Work, key: string, kind: MatterKind, placeId: string): void {
  const most = work.world.threshold('report.per-hour', placeId)
  const recent = work.reports.by(key, work.now - HOUR)
  const said = recent.flatMap(({ receivedAt, steps }) => [
    receivedAt,
    ...steps.flatMap(({ act, at, why }) => (act === 'repeated' && why ? [at] : [])),
  ])
  const counted = said.filter((at) => at > work.now - HOUR).sort((a, b) => a - b)
  if (kind.priority === 1 || counted.length < most) return
  const wait = Math.max(1, Math.ceil((counted[0]! + HOUR - work.now) / 1000))
  throw tooMany(`You have reported ${counted.length} times within an hour. What you reported is on record; call if it cannot wait.`, {
    retryAfter: wait,
  })
}
