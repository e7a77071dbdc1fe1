import { type Alert, VERDICTS, type VerdictCode } from '../../shared/alert.ts'
import { type AlertAct, possibleAlertActs } from '../../shared/alert-transitions.ts'
import { conflict, notFound } from '../../shared/problem.ts'
import { actorId, checkVersion, fieldWrong, onlyLeaders, optionalText, requiredFuture, requiredText } from '../command.ts'
import type { AlertChange, Command, Work } from '../work.ts'
import { callAbout } from './alert-call.ts'
import { alertChange, moveAlert } from './alert-changes.ts'

type Handler = (work: Work, command: Command) => AlertChange

/** Nobody puts an alarm aside for longer at one go, ms. */
export const LONGEST_SHELVING = 24 * 3_600_000

/** Each tells the change that it made. Problems: 404, 400/422 for a field, 409 with `current` and what is possible (D2). */
export const alertCommands: Record<`alert.${AlertAct | 'verdict' | 'call'}`, Handler> = {
  'alert.verdict': judge,
  /** before an incident makes it one of its own: see `incident.call` */
  'alert.call': (work, command) => {
    onlyLeaders(command.actor, 'note a call')
    const alert = find(work, command.target)
    checkVersion(alert, command, last(alert))
    return callAbout(work, command, alert)
  },
  'alert.acknowledge': (work, command) =>
    act(work, command, 'acknowledge', optionalText(command, 'reason'), {
      acknowledgedAt: work.now,
      acknowledgedBy: actorId(command.actor),
    }),
  'alert.shelve': (work, command) => {
    const reason = requiredText(command, 'reason')
    return act(work, command, 'shelve', reason, { shelvedUntil: requiredFuture(command, 'until', work.now, LONGEST_SHELVING) })
  },
  'alert.unshelve': (work, command) => act(work, command, 'unshelve', optionalText(command, 'reason'), { shelvedUntil: undefined }),
  'alert.suppress': (work, command) => act(work, command, 'suppress', requiredText(command, 'reason')),
  'alert.restore': (work, command) => act(work, command, 'restore', optionalText(command, 'reason')),
  'alert.take-out-of-service': (work, command) =>
    act(work, command, 'take-out-of-service', requiredText(command, 'reason'), { shelvedUntil: undefined }),
  'alert.return-to-service': (work, command) => act(work, command, 'return-to-service', optionalText(command, 'reason')),
}

/** What it was found to be, in any state, again if need be: it moves nothing, and what was said before stays among the steps. */
function judge(work: Work, command: Command): AlertChange {
  const before = find(work, command.target)
  checkVersion(before, command, last(before))
  const verdict = requiredText(command, 'verdict') as VerdictCode
  if (!VERDICTS.includes(verdict)) throw fieldWrong('verdict', `one of ${VERDICTS.join(', ')}`)
  const note = optionalText(command, 'note')
  const by = actorId(command.actor)
  const step = { at: work.now, act: 'verdict', by, to: verdict, ...(before.verdict && { from: before.verdict.verdict }), why: note }
  const alert: Alert = {
    ...before,
    verdict: { verdict, at: work.now, by, note },
    steps: [...before.steps, step],
    version: before.version + 1,
  }
  work.alerts.put(alert)
  work.audit({ by, act: command.name, subject: alert.id, why: note, detail: { from: before.verdict?.verdict, to: verdict } })
  return { before, alert, act: 'judged', by }
}

function act(work: Work, command: Command, name: AlertAct, why: string | undefined, patch: Partial<Alert> = {}): AlertChange {
  const alert = find(work, command.target)
  checkVersion(alert, command, last(alert))
  const by = actorId(command.actor)
  const after = moveAlert(alert, name, { at: work.now, by, why }, patch)
  if (!after) throw misfit(alert, name)
  work.alerts.put(after)
  work.audit({ by, act: `alert.${name}`, subject: alert.id, why, detail: { from: alert.state, to: after.state } })
  return alertChange(alert, after)
}

function find(work: Work, id: string | undefined): Alert {
  const alert = id === undefined ? undefined : work.alerts.get(id)
  if (!alert) throw notFound(`There is no alert ${id ?? 'without an id'}.`)
  return alert
}

const last = ({ steps }: Alert) => {
  const step = steps.at(-1)
  return step ? `${step.act} by ${step.by}` : 'raised'
}

function misfit(alert: Alert, name: AlertAct) {
  const possible = possibleAlertActs(alert)
  const detail = `${alert.id} is ${alert.state}: ${name} does not fit. Possible now: ${possible.join(', ') || 'nothing'}.`
  return conflict(detail, { current: alert, possible })
}
