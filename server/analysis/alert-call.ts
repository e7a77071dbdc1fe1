import type { Alert } from '../../shared/alert.ts'
import { CALL_OUTCOMES, type Call, type CallOutcome, contactsFor, nextContact } from '../../shared/care-call.ts'
import { isOpenIncident } from '../../shared/incident.ts'
import { conflict } from '../../shared/problem.ts'
import { actorId, fieldWrong, optionalText, requiredText } from '../command.ts'
import type { AlertChange, Command, Work } from '../work.ts'
import { alertChange, moveAlert } from './alert-changes.ts'

/** The calls about an alert that has no incident, as its steps tell them. */
export const callsOf = ({ steps }: Pick<Alert, 'steps'>): Call[] =>
  steps.flatMap(({ at, by, act, to = '' }) => {
    const outcome = act.startsWith('call.') ? (act.slice(5) as CallOutcome) : undefined
    return outcome && CALL_OUTCOMES.includes(outcome) ? [{ at, by, contactId: to, outcome }] : []
  })

/**
 * A call about an alert that asks for nobody yet: who is well is enough for it to be acknowledged; help, or nobody who answers, makes it
 * so urgent that an incident and an order follow by the rules that all alerts go by.
 */
export function callAbout(work: Work, command: Command, alert: Alert): AlertChange {
  mustHaveNoIncident(work, alert)
  const outcome = requiredText(command, 'outcome') as CallOutcome
  if (!CALL_OUTCOMES.includes(outcome)) throw fieldWrong('outcome', `one of ${CALL_OUTCOMES.join(', ')}`)
  const contacts = contactsFor(work.world, alert.residentId, alert.placeId, work.now)
  const contactId = requiredText(command, 'contactId')
  const ids = contacts.map(({ id }) => id)
  if (!ids.includes(contactId))
    throw fieldWrong('contactId', ids.length > 0 ? `one of ${ids.join(', ')}` : 'a contact: add one to the plan')
  const by = actorId(command.actor)
  const why = optionalText(command, 'note')
  const step = { at: work.now, act: `call.${outcome}`, by, to: contactId, why }
  const told: Alert = { ...alert, steps: [...alert.steps, step], version: alert.version + 1 }
  const isLast = outcome === 'no-answer' && nextContact(contacts, callsOf(told)) === undefined
  const after = moved(work, told, isLast ? 'unanswered' : outcome, by)
  work.alerts.put(after ?? told)
  work.audit({ by, act: command.name, subject: alert.id, why, detail: { contactId, outcome, state: (after ?? told).state } })
  return after ? alertChange(alert, after) : { before: alert, alert: told, act: 'noted', by }
}

function mustHaveNoIncident({ incidents }: Work, alert: Alert) {
  const incident = alert.incidentId === undefined ? undefined : incidents.get(alert.incidentId)
  if (incident && isOpenIncident(incident))
    throw conflict(`${alert.id} belongs to ${incident.id}: note the call there.`, { current: alert, incidentId: incident.id })
}

function moved(work: Work, alert: Alert, outcome: CallOutcome | 'unanswered', by: string): Alert | undefined {
  const happening = { at: work.now, by }
  if (outcome === 'ok') return moveAlert(alert, 'acknowledge', happening, { acknowledgedAt: work.now, acknowledgedBy: by })
  const renewed = { acknowledgedAt: undefined, acknowledgedBy: undefined, returnedAt: undefined }
  // said by a person: no sensor takes it back
  if (outcome === 'help') return moveAlert(alert, 'worsen', happening, { ...renewed, priority: 1, active: true, latched: true })
  if (outcome === 'no-answer' || !alert.active) return undefined
  return moveAlert(alert, 'worsen', happening, { ...renewed, priority: alert.priority === 1 ? 1 : 2 })
}
