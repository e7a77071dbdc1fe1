import { type Static, Type } from 'typebox'
import type { Millis } from './status.ts'

/** Who is telephoned, in the order of the list. */
export const CONTACT_RELATIONS = ['family', 'cluster-head', 'grid-worker', 'community', 'doctor', 'other'] as const
export const ContactRelation = Type.Enum([...CONTACT_RELATIONS])
export type ContactRelation = Static<typeof ContactRelation>
/** The person looked after, who is called first; no contact of a plan has this id. */
export const SELF = 'self'

/** Somebody of the staff by `staffId`, whose name and number the register knows, or anybody else by name and number. */
export interface CareContact {
  id: string
  relation: ContactRelation
  staffId?: string | undefined
  name?: string | undefined
  phone?: string | undefined
}

/** Local times HH:MM; `to` before `from` crosses midnight. */
export const QuietHours = Type.Object({
  from: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
  to: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
})
export type QuietHours = Static<typeof QuietHours>

/** `by`: 'self' or the id of a contact. `until` null: until taken back. */
export interface Consent {
  at: Millis
  by: string
  until: Millis | null
}

export const ABSENCE_KINDS = ['hospital', 'travel', 'family', 'other'] as const
export const AbsenceKind = Type.Enum([...ABSENCE_KINDS])
export type AbsenceKind = Static<typeof AbsenceKind>

/** Announced: from `from` up to the day of return, `until`. */
export interface Absence {
  id: string
  kind: AbsenceKind
  from: Millis
  until: Millis
  note?: string | undefined
  /** who wrote it down: user or staff id */
  by: string
}

export interface CarePlan {
  residentId: string
  version: number
  contacts: CareContact[]
  /** kinds of alert that are switched off (false) for this person; what is not named is on */
  detectors: Record<string, boolean>
  quiet: QuietHours[]
  /** null: nobody has written it down yet */
  consent: Consent | null
  absences: Absence[]
  changedAt: Millis
  changedBy: string
}

/** What a page or a file says of a plan; absences are announced one by one. */
const SAID = ['contacts', 'detectors', 'quiet', 'consent'] as const
export type PlanSaid = Pick<CarePlan, (typeof SAID)[number]>
export const saidAnew = (before: PlanSaid, after: PlanSaid) =>
  SAID.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))

/** What became of watching a person for one kind of alert. */
export type Watching = 'on' | 'off' | 'away' | 'consent-ended'
export const CARE_STATES = ['watched', 'away', 'consent-ended', 'consent-missing', 'no-plan'] as const
export type CareState = (typeof CARE_STATES)[number]

/** The plans as rules see them: read-only, as of now. */
export interface CareBook {
  plan(residentId: string): CarePlan | undefined
  /** the last day of return of the announced absences (hospital, journey) that touch the span; undefined: none does */
  awayUntil(residentId: string, from: Millis, to: Millis): Millis | undefined
  /** whether findings of that kind about this person count: see `watchingOf` */
  watching(residentId: string, kind: string, at: Millis): Watching
}

export function createCareBook(plan: (residentId: string) => CarePlan | undefined): CareBook {
  return {
    plan,
    awayUntil: (residentId, from, to) => lastReturn(plan(residentId), from, to),
    watching: (residentId, kind, at) => watchingOf(plan(residentId), kind, at),
  }
}
export const NO_PLANS: CareBook = createCareBook(() => undefined)

const touching = (plan: CarePlan | undefined, start: Millis, end: Millis): readonly Absence[] =>
  plan?.absences.filter(({ from, until }) => from <= end && start < until) ?? []

export const absenceAt = (plan: CarePlan | undefined, at: Millis): Absence | undefined => touching(plan, at, at)[0]

function lastReturn(plan: CarePlan | undefined, start: Millis, end: Millis): Millis | undefined {
  const absences = touching(plan, start, end)
  return absences.length > 0 ? Math.max(...absences.map(({ until }) => until)) : undefined
}

export const isConsentOver = (plan: CarePlan | undefined, at: Millis): boolean => {
  const until = plan?.consent?.until
  return until !== undefined && until !== null && until <= at
}

/**
 * What is concluded from how somebody lives, by kind of alert: a matter of consent and of quiet hours. A press, smoke or a fall before a
 * camera is none: it is heard whatever the plan says.
 */
export const HABITS = [
  'inactivity',
  'not-returned',
  'night-out',
  'room-stay',
  'child-alone',
  'child-not-home',
  'low-water',
  'no-door',
  'welfare-check',
] as const
export const isAboutHabits = (kind: string): boolean => (HABITS as readonly string[]).includes(kind)

/** A conclusion is asked about by telephone before anybody goes; into a home that has been blind for long somebody looks. */
export const isCallFirst = (kind: string): boolean => isAboutHabits(kind) && kind !== 'welfare-check'

/** Where it happens at a home, it is about the person who lives there. */
export const isAboutThePerson = (kind: string): boolean =>
  isAboutHabits(kind) || ['help', 'hazard.fall', 'hazard.panic', 'hazard.duress', 'camera.fall'].includes(kind)

/** Without a plan, or before consent is written down, everything is on: a form half filled in leaves nobody alone. */
export function watchingOf(plan: CarePlan | undefined, kind: string, at: Millis): Watching {
  if (!plan || !isAboutHabits(kind)) return 'on'
  if (isConsentOver(plan, at)) return 'consent-ended'
  if (plan.detectors[kind] === false) return 'off'
  return absenceAt(plan, at) ? 'away' : 'on'
}

export function careStateOf(plan: CarePlan | undefined, at: Millis): CareState {
  if (!plan) return 'no-plan'
  if (isConsentOver(plan, at)) return 'consent-ended'
  if (absenceAt(plan, at)) return 'away'
  return plan.consent ? 'watched' : 'consent-missing'
}

/** The end of the quiet hours that hold now, with what follows them without a break; undefined: none hold. A day at most. */
export function quietUntil(plan: CarePlan | undefined, at: Millis, utcOffset: number): Millis | undefined {
  let end = at
  for (let hours = quietHoursAt(plan, clockAt(at, utcOffset)); hours && end - at < DAY; hours = quietHoursAt(plan, hours.to))
    end = next(hours.to, end, utcOffset)
  return end === at ? undefined : Math.min(end, at + DAY)
}
const MINUTE: Millis = 60_000
const DAY: Millis = 1440 * MINUTE

const quietHoursAt = (plan: CarePlan | undefined, clock: string): QuietHours | undefined =>
  plan?.quiet.find(({ from, to }) => (from <= to ? from <= clock && clock < to : clock >= from || clock < to))

/** HH:MM by the community's own clock */
export const clockAt = (at: Millis, utcOffset: number): string => new Date(at + utcOffset * MINUTE).toISOString().slice(11, 16)

/** When the clock shows that time for the first time after `at`. */
function next(clock: string, at: Millis, utcOffset: number): Millis {
  const wanted = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
  const local = at + utcOffset * MINUTE
  const today = local - (local % DAY) + wanted * MINUTE
  return (today > local ? today : today + DAY) - utcOffset * MINUTE
}
