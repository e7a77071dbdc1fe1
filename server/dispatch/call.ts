import { CALL_OUTCOMES, type CallOutcome, contactsFor, nextContact } from '../../shared/care-call.ts'
import { type Incident, isOpenIncident, type TimelineEntry } from '../../shared/incident.ts'
import { isOpenOrder, type Order } from '../../shared/order.ts'
import { conflict } from '../../shared/problem.ts'
import { possibleIncidentActs } from '../../shared/transitions.ts'
import { actorId, checkVersion, fieldWrong, findIncident, onlyLeaders, optionalText, requiredText } from '../command.ts'
import { ordersOf } from '../loop.ts'
import { decided, moved } from '../record.ts'
import type { Command, Work } from '../work.ts'
import { findOwner } from './ladder.ts'
import { acted, isUnderway, newOrder, withStep } from './orders.ts'

/** The first act on a person's alert. Answers with the incident; problems: 404, 403, 400/422 for a field, 409 with `current` (D2). */
export const callCommands: Record<'incident.call', (work: Work, command: Command) => Incident> = { 'incident.call': call }

/** How one call went, and what comes next of it: verification, help, the next contact, or somebody who goes there. */
function call(work: Work, command: Command): Incident {
  const incident = ready(work, command)
  const outcome = outcomeOf(command)
  const by = actorId(command.actor)
  const contactId = contactOf(work, incident, command)
  const note = optionalText(command, 'note')
  const line: TimelineEntry = { at: work.now, by, what: `call.${outcome}`, ref: contactId, note }
  const calls = [...(incident.calls ?? []), { at: work.now, by, contactId, outcome }]
  const told = decided(incident, { calls }, line)
  NEXT[outcome](work, told, { by, note })
  const after = work.incidents.get(incident.id)!
  work.audit({ by, act: command.name, subject: incident.id, why: note, detail: { contactId, outcome, state: after.state } })
  return after
}

function ready(work: Work, command: Command): Incident {
  const incident = findIncident(work, command.target)
  onlyLeaders(command.actor, 'note a call')
  checkVersion(incident, command, incident.timeline.at(-1)?.what ?? 'no entry')
  if (isOpenIncident(incident)) return incident
  const possible = possibleIncidentActs(incident.state)
  throw conflict(`${incident.id} is ${incident.state}: a call does not fit. Reopen it, or add a note.`, { current: incident, possible })
}

function outcomeOf(command: Command): CallOutcome {
  const outcome = requiredText(command, 'outcome')
  if (CALL_OUTCOMES.includes(outcome as CallOutcome)) return outcome as CallOutcome
  throw fieldWrong('outcome', `one of ${CALL_OUTCOMES.join(', ')}`)
}

function contactOf(work: Work, { residentId, placeId }: Incident, command: Command): string {
  const id = requiredText(command, 'contactId')
  const ids = contactsFor(work.world, residentId, placeId, work.now).map((contact) => contact.id)
  if (ids.includes(id)) return id
  throw fieldWrong('contactId', ids.length > 0 ? `one of ${ids.join(', ')}` : 'a contact: add one to the plan first')
}

interface Teller {
  by: string
  note: string | undefined
}
const NEXT: Record<CallOutcome, (work: Work, incident: Incident, teller: Teller) => void> = {
  ok: isWell,
  help: needsHelp,
  'no-answer': nobodyAnswers,
}

/** What the record says to whoever was on the way. */
const IS_WELL = '电话接通安好'
const IN_NEED = '电话接通需帮助'
const UNANSWERED = '电话均无人接'

/** Who has not arrived need not go; who has, finishes. Somebody else than the caller then verifies (D3). */
function isWell(work: Work, incident: Incident, { by, note }: Teller): void {
  for (const order of ordersOf(work, incident)) {
    const called = order.state === 'dispatched' || order.state === 'accepted' || order.state === 'paused'
    const off = called ? acted(work.world, order, 'cancel', { at: work.now, by, why: note ?? IS_WELL }) : undefined
    if (off) work.orders.put(off)
  }
  const answered = { ...incident, answered: { at: work.now, by }, callBy: undefined }
  const isDone = !ordersOf(work, incident).some(isOpenOrder)
  const waiting = isDone ? moved(answered, 'await', { at: work.now, by, what: 'incident.awaiting-verification' }) : undefined
  work.incidents.put(waiting ?? answered)
}

/** As urgent as there is: the orders that are out are hurried by it, and without one somebody is sent. */
function needsHelp(work: Work, incident: Incident, { by }: Teller): void {
  const worse = { at: work.now, by, what: 'incident.priority', from: String(incident.priority), to: '1' }
  const calling = { ...incident, answered: undefined, callBy: undefined }
  const urgent = incident.priority === 1 ? calling : decided(calling, { priority: 1 }, worse)
  work.incidents.put(urgent)
  if (!underway(work, urgent)) send(work, urgent, by, IN_NEED)
}

/** The next contact is the caller's matter; after the last one somebody goes there at once. */
function nobodyAnswers(work: Work, incident: Incident, { by }: Teller): void {
  const { residentId, placeId, calls } = incident
  const next = nextContact(contactsFor(work.world, residentId, placeId, work.now), calls)
  work.incidents.put(next ? incident : { ...incident, callBy: undefined })
  if (next) return
  const order = underway(work, incident)
  if (order) work.orders.put(withStep(order, { at: work.now, act: 'call.unanswered', by: 'system', to: order.assignee, why: UNANSWERED }))
  else send(work, incident, by, UNANSWERED)
}

const underway = (work: Work, incident: Incident): Order | undefined => ordersOf(work, incident).find(isUnderway)

function send(work: Work, incident: Incident, by: string, why: string): void {
  work.orders.put(newOrder(work, incident, findOwner(work.world, incident.kind, incident.placeId, work.now), by, why))
}
