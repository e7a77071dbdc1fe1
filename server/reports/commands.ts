import type { MatterKind } from '../../shared/matter-kind.ts'
import { conflict, forbidden, notFound } from '../../shared/problem.ts'
import type { Report } from '../../shared/report.ts'
import { dateAt } from '../../shared/time.ts'
import { actorId, fieldWrong, isLeader, optionalText, requiredText } from '../command.ts'
import type { Command, Work } from '../work.ts'
import { mustNotFlood, saidBefore } from './flood.ts'
import { readReport, type Said } from './read-report.ts'

/** Each answers with the report; what becomes of it is for the incidents. */
export const reportCommands: Record<string, (work: Work, command: Command) => unknown> = {
  'report.add': add,
  'report.withdraw': withdraw,
  'report.rate': rate,
  'report.unmask': unmask,
}

function add(work: Work, command: Command): Report {
  const { said, kind } = readReport(work, command)
  const by = actorId(command.actor)
  const { key } = said.reporter
  const before = key === undefined ? undefined : saidBefore(work, key, said.kind, said.placeId)
  const isNews = !before || (said.text !== '' && said.text !== before.text)
  if (key !== undefined && isNews && !isLeader(command.actor)) mustNotFlood(work, key, kind, said.placeId)
  const report = before ? again(work, before, said, by) : newReport(work, said, kind, by)
  work.photos.attach(said.photos, { id: report.id, placeId: report.placeId, incidentId: report.incidentId }, by)
  work.reports.put(report)
  work.audit({ by, act: command.name, subject: report.id, detail: { no: report.no, kind: report.kind, placeId: report.placeId } })
  return report
}

export function newReport(work: Work, said: Said, { codes: [code] }: MatterKind, by: string): Report {
  return {
    id: work.newId('report'),
    no: work.newNo(dayOf(work)),
    status: 'actual',
    ...said,
    ...(code && { code }),
    receivedAt: work.now,
    steps: [{ at: work.now, act: 'received', by }],
    version: 1,
  }
}

/** YYYYMMDD at the community */
const dayOf = ({ now, world }: Work): string => dateAt(now, world.utcOffset).replaceAll('-', '')

/** The same again: a number. Other words or pictures: kept beside. */
function again(work: Work, report: Report, said: Said, by: string): Report {
  const why = said.text !== '' && said.text !== report.text ? said.text : undefined
  const earlier = why === undefined ? report.steps.filter(({ act, why: words }) => act !== 'repeated' || words !== undefined) : report.steps
  return {
    ...report,
    repeats: (report.repeats ?? 0) + 1,
    photos: [...new Set([...report.photos, ...said.photos])],
    steps: [...earlier, { at: work.now, act: 'repeated', by, why }],
    version: report.version + 1,
  }
}

function withdraw(work: Work, command: Command): Report {
  const report = own(work, command)
  if (report.withdrawnAt !== undefined) throw conflict(`${report.no} was taken back already.`, { current: report })
  const incident = incidentOf(work, report)
  if (incident?.state === 'closed')
    throw conflict(`${report.no} is closed: there is nothing to take back. Rate it instead.`, { current: report })
  return step(work, command, { ...report, withdrawnAt: work.now }, 'withdrawn', { why: optionalText(command, 'reason') })
}

function rate(work: Work, command: Command): Report {
  const report = own(work, command)
  const { stars } = command.body
  if (typeof stars !== 'number' || !Number.isInteger(stars) || stars < 1 || stars > 5)
    throw fieldWrong('stars', 'a whole number from 1 to 5')
  const text = optionalText(command, 'text')
  const incident = incidentOf(work, report)
  if (report.rating) throw conflict(`${report.no} has its rating already.`, { current: report })
  if (incident && incident.state !== 'closed')
    throw conflict(`${report.no} is not closed yet: it can be rated when it is.`, { current: report })
  const rating = { stars, at: work.now, ...(text !== undefined && { text }) }
  return step(work, command, { ...report, rating }, 'rated', { to: String(stars), why: text })
}

/** Whole name and number of a reporter: the reason stands in the audit before the answer leaves (S2). */
function unmask(work: Work, command: Command): { id: string } {
  const report = find(work, command.target)
  const why = requiredText(command, 'reason')
  if (why.length < 2) throw fieldWrong('reason', 'at least two characters')
  work.audit({ by: actorId(command.actor), act: command.name, subject: report.id, why })
  return { id: report.id }
}

function step(work: Work, command: Command, report: Report, act: string, more: { to?: string; why?: string | undefined }): Report {
  const by = actorId(command.actor)
  const after = { ...report, steps: [...report.steps, { at: work.now, act, by, ...more }], version: report.version + 1 }
  work.reports.put(after)
  work.audit({ by, act: command.name, subject: report.id, why: more.why, detail: { no: report.no, ...(more.to && { to: more.to }) } })
  return after
}

/** One's own report, or, for who telephones with a caller, anybody's. */
function own(work: Work, command: Command): Report {
  const report = find(work, command.target)
  const { actor } = command
  if (report.reporter.id === actorId(actor) || report.reporter.id === actor.id || isLeader(actor)) return report
  throw forbidden(`${report.no} is not your report.`)
}

const incidentOf = (work: Work, { incidentId }: Report) => (incidentId === undefined ? undefined : work.incidents.get(incidentId))

function find(work: Work, id: string | undefined): Report {
  const report = id === undefined ? undefined : work.reports.get(id)
  if (!report) throw notFound(`There is no report ${id ?? 'without an id'}.`)
  return report
}
