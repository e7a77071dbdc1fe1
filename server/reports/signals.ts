import type { Report } from '../../shared/report.ts'
import type { Signal, SignalOf } from '../../shared/signal.ts'
import { reportChange } from '../changes.ts'
import type { ReportChange, Work } from '../work.ts'
import { newReport } from './commands.ts'
import { kindInWords } from './kinds.ts'
import type { Said } from './read-report.ts'
import { placeInWords } from './where.ts'

type Told = SignalOf<'linwang.report'>

/** A work order of a hotline or a city platform; what it says later under the same number is a line of the same report. */
export function onReportSignal(work: Work, signal: Signal): ReportChange[] {
  if (signal.type !== 'linwang.report' || signal.replay) return []
  const known = work.reports.external(signal.feed, signal.data.number)
  const report = known ? updated(known, signal, work.now) : isOver(signal) ? undefined : received(work, signal)
  if (!report || report === known) return []
  work.reports.put(report)
  return [reportChange(known, report)]
}

const isOver = ({ data }: Told) => data.state === 'done' || data.state === 'cancelled'

function received(work: Work, signal: Told): Report {
  const { number, category, text = '', place: spot } = signal.data
  const kind = kindInWords(work.world, category, text)
  // not both at once: the building of the one and the unit of the other would be a third place
  const place = [spot ?? '', text].map((words) => placeInWords(work.world, words, signal.placeId)).find((found) => found !== undefined)
  const by = `/feeds/${signal.feed}`
  const said: Said = {
    channel: 'hotline',
    kind: kind.id,
    text: text || category,
    placeId: place?.id ?? signal.placeId,
    ...(spot && { spot }),
    reporter: { kind: 'caller' },
    photos: [],
    at: signal.at,
    externalId: number,
  }
  return { ...newReport(work, said, kind, by), status: signal.status, feed: signal.feed }
}

/** Nothing new is no line. */
function updated(report: Report, { feed, data }: Told, at: number): Report {
  const { state, text } = data
  const last = report.steps.findLast(({ to }) => to !== undefined)?.to
  const isNews =
    (state !== undefined && state !== 'waiting' && state !== last) ||
    (text !== undefined && text !== report.text && !report.steps.some(({ why }) => why === text))
  if (!isNews) return report
  const isBack = state === 'cancelled' && report.withdrawnAt === undefined
  const why = text === report.text ? undefined : text
  const step = { at, act: isBack ? 'withdrawn' : 'updated', by: `/feeds/${feed}`, to: state, why }
  return { ...report, ...(isBack && { withdrawnAt: at }), steps: [...report.steps, step], version: report.version + 1 }
}
