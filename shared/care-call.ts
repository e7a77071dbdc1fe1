import { type Static, Type } from 'typebox'
import { type CareContact, SELF } from './care.ts'
import type { Resident } from './person.ts'
import type { Millis } from './status.ts'
import type { World } from './world.ts'

/** 接通安好, 接通需帮助, 无人接 */
export const CALL_OUTCOMES = ['ok', 'help', 'no-answer'] as const
export const CallOutcome = Type.Enum([...CALL_OUTCOMES])
export type CallOutcome = Static<typeof CallOutcome>

/** One telephone call about an incident: which contact, by id alone. */
export const Call = Type.Object({ at: Type.Number(), by: Type.String(), contactId: Type.String(), outcome: CallOutcome })
export type Call = Static<typeof Call>

/** A contact with the name and number to call. */
export interface Reachable extends Omit<CareContact, 'relation'> {
  relation: CareContact['relation'] | typeof SELF
  name: string
  phone: string
}

/**
 * Whom to call about a person or a place, in order: the person, then the plan's contacts, or the staff for the place when the plan names
 * nobody. About a left-behind child its guardians come first: the family that the plan names, else the grown-ups of the flat.
 */
export function contactsFor(world: World, residentId: string | undefined, placeId: string, at: Millis): Reachable[] {
  const resident = residentId === undefined ? undefined : world.resident(residentId)
  const named = (residentId === undefined ? [] : (world.care.plan(residentId)?.contacts ?? [])).flatMap((contact) => reach(world, contact))
  const others = named.length > 0 ? named : staffFor(world, placeId, at)
  if (!resident?.categories.includes('left-behind-child')) return [...selfOf(resident), ...others]
  const family = named.filter(({ relation }) => relation === 'family')
  const guardians = family.length > 0 ? family : grownUpsWith(world, resident, at)
  return [...guardians, ...selfOf(resident), ...others.filter((one) => !guardians.includes(one))]
}

const GROWN_UP: Millis = 18 * 365.25 * 86_400_000

function grownUpsWith(world: World, child: Resident, at: Millis): Reachable[] {
  const family = world.residentsAt(child.placeId).filter(({ id, birthDate }) => id !== child.id && at - Date.parse(birthDate) >= GROWN_UP)
  return family.flatMap(({ id, name, phone }) => (phone === undefined ? [] : [{ id, relation: 'family' as const, name, phone }]))
}

const selfOf = (resident: Resident | undefined): Reachable[] =>
  resident?.phone === undefined ? [] : [{ id: SELF, relation: SELF, name: resident.name, phone: resident.phone }]

/** Nobody, when the staff record or the number has gone. */
function reach(world: World, contact: CareContact): Reachable[] {
  const staff = contact.staffId === undefined ? undefined : world.staff(contact.staffId)
  const phone = staff?.phone ?? contact.phone
  return phone === undefined ? [] : [{ ...contact, name: staff?.name ?? contact.name ?? '', phone }]
}

function staffFor(world: World, placeId: string, at: Millis): Reachable[] {
  const found = [
    ['cluster-head', world.clusterHead(placeId)],
    ['grid-worker', world.onDuty('grid-worker', placeId, at)],
    ['community', world.onDuty('community-staff', placeId, at)],
  ] as const
  return found.flatMap(([relation, staff]) =>
    staff ? [{ id: relation, relation, staffId: staff.id, name: staff.name, phone: staff.phone }] : [],
  )
}

/** The first who was not called in vain since somebody last answered; undefined: all were. */
export function nextContact<T extends { id: string }>(contacts: readonly T[], calls: readonly Call[] = []): T | undefined {
  const answered = calls.findLastIndex(({ outcome }) => outcome !== 'no-answer')
  const tried = new Set(calls.slice(answered + 1).map(({ contactId }) => contactId))
  return contacts.find(({ id }) => !tried.has(id))
}
