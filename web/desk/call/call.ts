import type { Alert } from '../../../shared/alert.ts'
import { CALL_OUTCOMES, type Call, type CallOutcome, nextContact } from '../../../shared/care-call.ts'
import { type Incident, isOpenIncident } from '../../../shared/incident.ts'
import type { Contact } from '../care/care.ts'

/** One matter that is asked about by telephone: an incident, or an alert that has none yet. */
export interface Matter {
  path: string
  kind: string
  placeId: string
  residentId?: string
  version: number
  calls: Call[]
  contacts: Contact[]
  callBy?: number
  next: Next
}
export type Next = { step: 'call'; contact: Contact } | { step: 'visit' | 'verify' | 'none' | 'acknowledged' }

export function matterOfIncident(incident: Incident & { callBy?: number }, answer: { items: Contact[]; next: Next }): Matter {
  const { id, kind, placeId, residentId, version, calls = [], callBy } = incident
  const waits = isOpenIncident(incident) && callBy !== undefined
  return {
    ...{ path: `/api/incidents/${id}`, kind, placeId, version, calls, contacts: answer.items, next: answer.next },
    ...(residentId !== undefined && { residentId }),
    ...(waits && { callBy }),
  }
}

export function matterOfAlert(alert: Alert, { items }: { items: Contact[] }): Matter {
  const { id, kind, placeId, residentId, version, state, steps } = alert
  const calls = steps.flatMap(({ at, by, act, to = '' }): Call[] => {
    const outcome = act.slice(5) as CallOutcome
    return act.startsWith('call.') && CALL_OUTCOMES.includes(outcome) ? [{ at, by, contactId: to, outcome }] : []
  })
  const contact = nextContact(items, calls)
  const next: Next =
    state === 'normal'
      ? { step: 'none' }
      : calls.at(-1)?.outcome === 'ok'
        ? { step: 'acknowledged' }
        : contact
          ? { step: 'call', contact }
          : { step: 'visit' }
  return {
    path: `/api/alerts/${id}`,
    kind,
    placeId,
    version,
    calls,
    contacts: items,
    next,
    ...(residentId !== undefined && { residentId }),
  }
}
