import { Compile } from 'typebox/compile'
import { type CareContact, CONTACT_RELATIONS, type Consent, type ContactRelation, QuietHours, SELF } from '../../shared/care.ts'
import type { World } from '../../shared/world.ts'
import { fieldMissing, fieldWrong } from '../command.ts'

/** The fields of a plan as a page sends them. Each problem names the field, down to the contact and its column. */
const MOST_CONTACTS = 10
const PHONE = /^\+?[0-9 -]{5,20}$/
const ID = /^[a-z][a-z0-9-]{0,31}$/
const KIND = /^[a-z][a-z0-9.-]{0,63}$/

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A contact that is there already keeps what is not sent: pages get names and numbers masked and need not know them. */
export function readContacts(given: unknown, before: readonly CareContact[], world: World): CareContact[] {
  if (given === undefined) throw fieldMissing('contacts', 'the contacts in order, or an empty list')
  if (!Array.isArray(given) || given.length > MOST_CONTACTS) throw fieldWrong('contacts', `a list of at most ${MOST_CONTACTS}`)
  const ids = new Set([...before.map(({ id }) => id), ...given.map((one: unknown) => (isFields(one) ? one.id : undefined))])
  const contacts = given.map((one: unknown, n) => {
    const field = `contacts.${n}`
    if (!isFields(one)) throw fieldWrong(field, 'a contact')
    const id = one.id === undefined ? freeId(ids) : readId(one.id, `${field}.id`)
    ids.add(id)
    return readContact(
      one,
      id,
      before.find((known) => known.id === id),
      field,
      world,
    )
  })
  const twice = contacts.findIndex(({ id }, n) => contacts.findIndex((other) => other.id === id) < n)
  if (twice >= 0) throw fieldWrong(`contacts.${twice}.id`, 'an id that no other contact has')
  return contacts
}

function freeId(taken: ReadonlySet<unknown>): string {
  for (let n = 1; ; n++) if (!taken.has(`c${n}`)) return `c${n}`
}

function readId(id: unknown, field: string): string {
  if (typeof id === 'string' && ID.test(id) && id !== SELF) return id
  throw fieldWrong(field, `1 to 32 small letters, digits or -, and not ${SELF}; leave it out for a new contact`)
}

function readContact(one: Fields, id: string, before: CareContact | undefined, field: string, world: World): CareContact {
  const relation = one.relation ?? before?.relation
  if (!CONTACT_RELATIONS.includes(relation as ContactRelation))
    throw fieldWrong(`${field}.relation`, `one of ${CONTACT_RELATIONS.join(', ')}`)
  const shared = { id, relation: relation as ContactRelation }
  const staffId = one.staffId ?? (one.phone === undefined ? before?.staffId : undefined)
  if (staffId !== undefined) {
    if (typeof staffId !== 'string' || !world.staff(staffId)) throw fieldWrong(`${field}.staffId`, 'the id of somebody on the staff')
    return { ...shared, staffId }
  }
  const phone = one.phone ?? before?.phone
  if (phone === undefined) throw fieldMissing(`${field}.phone`, 'a number, or staffId for somebody on the staff')
  if (typeof phone !== 'string' || !PHONE.test(phone))
    throw fieldWrong(`${field}.phone`, '5 to 20 digits; leave it out to keep the number that is there')
  return { ...shared, name: readName(one.name ?? before?.name, `${field}.name`), phone }
}

function readName(name: unknown, field: string): string {
  if (typeof name === 'string' && name.trim() !== '' && name.length <= 100 && !name.includes('*')) return name.trim()
  throw fieldWrong(field, '1 to 100 characters without *; leave it out to keep the name that is there')
}

export function readDetectors(given: unknown): Record<string, boolean> {
  if (given === undefined) return {}
  if (!isFields(given) || Object.keys(given).length > 50) throw fieldWrong('detectors', 'kind of alert → true or false')
  const wrong = Object.entries(given).find(([kind, on]) => !KIND.test(kind) || typeof on !== 'boolean')
  if (wrong) throw fieldWrong(`detectors.${wrong[0]}`, 'true or false')
  return given as Record<string, boolean>
}

const quiet = Compile(QuietHours)

export function readQuiet(given: unknown): QuietHours[] {
  if (given === undefined) return []
  if (!Array.isArray(given) || given.length > 7) throw fieldWrong('quiet', 'a list of at most 7')
  return given.map((one: unknown, n) => {
    if (quiet.Check(one)) return { from: one.from, to: one.to }
    throw fieldWrong(`quiet.${n}`, 'from and to as local times HH:MM')
  })
}

/** Absent or null: nobody has written it down. */
export function readConsent(given: unknown, contacts: readonly CareContact[]): Consent | null {
  if (given === undefined || given === null) return null
  if (!isFields(given)) throw fieldWrong('consent', 'at, by and until')
  const { at, by, until = null } = given
  if (typeof at !== 'number' || !Number.isFinite(at)) throw fieldWrong('consent.at', 'when it was given, milliseconds since 1970')
  if (by !== SELF && !contacts.some(({ id }) => id === by)) throw fieldWrong('consent.by', `${SELF} or the id of a contact of this plan`)
  if (until !== null && (typeof until !== 'number' || !(until >= at)))
    throw fieldWrong('consent.until', 'its end, not before it was given, or null')
  return { at, by: by as string, until }
}
