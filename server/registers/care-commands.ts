import { ABSENCE_KINDS, type Absence, type AbsenceKind, type CarePlan, saidAnew } from '../../shared/care.ts'
import type { Resident } from '../../shared/person.ts'
import { conflict, notFound } from '../../shared/problem.ts'
import { actorId, fieldMissing, fieldWrong, optionalText, requiredFuture, requiredText } from '../command.ts'
import type { CareStore } from '../store/care.ts'
import type { Command, Work } from '../work.ts'
import { readConsent, readContacts, readDetectors, readQuiet } from './care-fields.ts'

/** What leaves the engine: kept answers and the audit hold no name and no number (S2). */
export interface PlanStamp {
  residentId: string
  version: number
  changedAt: number
  changedBy: string
}

/** Nobody is announced away for longer at one go, ms: a year. */
const LONGEST_ABSENCE = 366 * 86_400_000
/** Past absences that are kept, so that the record of the past weeks can be read. */
const KEPT_ABSENCES = 20

/** The plan of one person. Problems: 404, 400/422 for a field, 409 with `current` (D2); a person without a plan has version 0. */
export const careCommands = (store: CareStore) => ({
  'care.save'(work: Work, command: Command): PlanStamp {
    const resident = known(work, command)
    const before = planOf(store, resident)
    checkVersion(before, command)
    const { body } = command
    const contacts = readContacts(body.contacts, before.contacts, work.world)
    const plan = {
      ...before,
      contacts,
      detectors: readDetectors(body.detectors),
      quiet: readQuiet(body.quiet),
      consent: readConsent(body.consent, contacts),
    }
    return put(store, work, command, plan, { changed: saidAnew(before, plan), contacts: contacts.length })
  },

  /** Overwrites nothing, so it needs no version. */
  'care.absence'(work: Work, command: Command): PlanStamp & { absence: Absence } {
    const before = planOf(store, known(work, command))
    const absence = readAbsence(work, command, before)
    const past = before.absences.slice(-KEPT_ABSENCES)
    const { kind, from, until } = absence
    return { ...put(store, work, command, { ...before, absences: [...past, absence] }, { id: absence.id, kind, from, until }), absence }
  },

  /** Back earlier, or not gone at all: what began is kept with its true end. */
  'care.absence.end'(work: Work, command: Command): PlanStamp {
    const before = planOf(store, known(work, command))
    const id = requiredText(command, 'id')
    const absence = before.absences.find((one) => one.id === id && one.until > work.now)
    if (!absence) throw notFound(`There is no absence ${id} of ${before.residentId} that is not over`)
    const began = absence.from < work.now
    const absences = before.absences.flatMap((one) => (one !== absence ? one : began ? { ...one, until: work.now } : []))
    return put(store, work, command, { ...before, absences }, { id, began })
  },

  /** The one way to the names and numbers of contacts: the reason stands in the audit before the answer leaves. */
  'care.unmask'(work: Work, command: Command): { residentId: string } {
    const { id } = known(work, command)
    const why = requiredText(command, 'reason')
    const contactId = optionalText(command, 'contactId')
    work.audit({
      by: actorId(command.actor),
      act: command.name,
      subject: id,
      why,
      ...(contactId !== undefined && { detail: { contactId } }),
    })
    return { residentId: id }
  },
})

function known({ world }: Work, { target = '' }: Command): Resident {
  const resident = world.resident(target)
  if (!resident) throw notFound(`There is no resident ${target}`)
  return resident
}

const planOf = (store: CareStore, { id }: Resident): CarePlan =>
  store.plan(id) ?? {
    ...{ residentId: id, version: 0, contacts: [], detectors: {}, quiet: [], consent: null, absences: [] },
    ...{ changedAt: 0, changedBy: '' },
  }

const stampOf = ({ residentId, version, changedAt, changedBy }: CarePlan): PlanStamp => ({ residentId, version, changedAt, changedBy })

function checkVersion(plan: CarePlan, { version }: Command) {
  if (version === undefined) throw fieldMissing('version', `the version of the plan that you saw, now ${plan.version}`)
  if (version === plan.version) return
  throw conflict(`The plan has changed since you saw it: version ${version} is now ${plan.version}. Look at it again.`, {
    current: stampOf(plan),
  })
}

function put(store: CareStore, work: Work, command: Command, changed: CarePlan, detail: Record<string, unknown>): PlanStamp {
  const by = actorId(command.actor)
  const plan = { ...changed, version: changed.version + 1, changedAt: work.now, changedBy: by }
  work.audit({ by, act: command.name, subject: plan.residentId, detail: { ...detail, version: plan.version } })
  store.put(plan)
  return stampOf(plan)
}

function readAbsence(work: Work, command: Command, { absences }: CarePlan): Absence {
  const kind = requiredText(command, 'kind')
  if (!ABSENCE_KINDS.includes(kind as AbsenceKind)) throw fieldWrong('kind', `one of ${ABSENCE_KINDS.join(', ')}`)
  const from = command.body.from ?? work.now
  if (typeof from !== 'number' || !Number.isFinite(from) || Math.abs(from - work.now) > LONGEST_ABSENCE)
    throw fieldWrong('from', 'milliseconds since 1970, within a year of now')
  const until = requiredFuture(command, 'until', work.now, LONGEST_ABSENCE)
  if (until <= from) throw fieldWrong('until', 'the day of return, after from')
  const number = Math.max(0, ...absences.map(({ id }) => Number(id.slice(1)))) + 1
  return { id: `a${number}`, kind: kind as AbsenceKind, from, until, note: optionalText(command, 'note'), by: actorId(command.actor) }
}
