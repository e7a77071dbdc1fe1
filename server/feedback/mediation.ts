import type { Incident, Mediation } from '../../shared/incident.ts'
import { matterKindOf } from '../../shared/matter-kind.ts'
import { conflict, unprocessable } from '../../shared/problem.ts'
import { actorId, checkVersion, fieldWrong, findIncident, optionalText, requiredText } from '../command.ts'
import { withLine } from '../record.ts'
import type { Command, Work } from '../work.ts'

const OUTCOMES = ['settled', 'going-on', 'failed', 'referred'] as const
const MOST_PARTIES = 10

/** `incident.mediate {parties, text, outcome?}`: one talk more in the ledger of a dispute (矛盾纠纷). It moves no state. */
export const mediationCommands: Record<'incident.mediate', (work: Work, command: Command) => Incident> = { 'incident.mediate': mediate }

function mediate(work: Work, command: Command): Incident {
  const incident = findIncident(work, command.target)
  const kind = work.world.matterKind(matterKindOf(incident.kind) ?? incident.kind)
  if (!kind?.mediation) throw unprocessable(`${incident.id} (${kind?.name ?? incident.kind}) is no dispute: it keeps no mediation ledger.`)
  if (command.version !== undefined) checkVersion(incident, command, incident.timeline.at(-1)?.what ?? '')
  if (incident.state === 'merged') throw conflict(`${incident.id} is merged: write it into the other.`, { current: incident })
  const talk = talkOf(work, command)
  const line = { at: work.now, by: talk.by, what: 'mediation', to: talk.outcome, note: talk.text }
  const after = withLine({ ...incident, mediations: [...(incident.mediations ?? []), talk] }, line)
  work.incidents.put(after)
  work.audit({ by: talk.by, act: command.name, subject: incident.id, detail: { outcome: talk.outcome ?? null } })
  return after
}

function talkOf(work: Work, command: Command): Mediation {
  const { parties, outcome } = command.body
  if (
    !Array.isArray(parties) ||
    parties.length === 0 ||
    parties.length > MOST_PARTIES ||
    parties.some((one) => typeof one !== 'string' || !one.trim())
  )
    throw fieldWrong('parties', `1 to ${MOST_PARTIES} names`)
  if (outcome !== undefined && !OUTCOMES.includes(outcome as never)) throw fieldWrong('outcome', `one of ${OUTCOMES.join(', ')}`)
  const text = requiredText(command, 'text')
  const said = optionalText(command, 'outcome') as Mediation['outcome']
  return {
    at: work.now,
    by: actorId(command.actor),
    parties: parties.map((one: string) => one.trim()),
    text,
    ...(said && { outcome: said }),
  }
}
