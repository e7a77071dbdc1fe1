import { isDate, type Say } from './checks.ts'
import type { Read } from './rows.ts'

/** What a person's rows say of the whole plan. */
const OF_PLAN = ['consentAt', 'consentBy', 'consentUntil', 'off', 'quiet'] as const
const OF_CONTACT = ['staffId', 'name', 'phone'] as const
const MOST_CONTACTS = 10

/** What no row of care-plans.csv can know of itself. */
export function checkCarePlans(
  rows: readonly Read[],
  known: { residents: ReadonlyMap<string, unknown>; staff: ReadonlyMap<string, unknown> },
  say: Say,
): void {
  for (const read of rows) {
    if (!known.residents.has(read.cells.residentId!))
      say(read, 'residentId', 'names no resident', 'add the resident to residents.csv, or mend the id')
    checkContact(read, known.staff, say)
  }
  for (const own of Map.groupBy(rows, ({ cells }) => cells.residentId!).values()) checkPlan(own, say)
}

export const hasContact = ({ cells }: Pick<Read, 'cells'>) => OF_CONTACT.some((column) => cells[column]) || Boolean(cells.relation)

function checkContact(read: Read, staff: ReadonlyMap<string, unknown>, say: Say) {
  const { relation, staffId, name, phone } = read.cells
  if (!hasContact(read)) return
  if (!relation) say(read, 'relation', 'is empty', 'say what the contact is to the person, e.g. family')
  if (staffId) {
    if (!staff.has(staffId)) say(read, 'staffId', 'names nobody', 'add the person to staff.csv, or mend the id')
    for (const column of ['name', 'phone'])
      if (read.cells[column]) say(read, column, 'is said beside a staffId', 'leave it empty: the staff register knows it')
    return
  }
  if (!name) say(read, 'name', 'is empty', 'give a name, or the staffId of somebody of staff.csv')
  if (!phone) say(read, 'phone', 'is empty', 'give a number, or the staffId of somebody of staff.csv')
}

function checkPlan(rows: readonly Read[], say: Say) {
  const [first, ...others] = rows as [Read, ...Read[]]
  for (const read of others)
    for (const column of OF_PLAN)
      if (read.cells[column])
        say(
          read,
          column,
          `is of the whole plan, which begins in row ${first.row}`,
          "put it into the person's first row, and leave it empty here",
        )
  const contacts = rows.filter(hasContact)
  if (contacts.length > MOST_CONTACTS)
    say(
      contacts[MOST_CONTACTS]!,
      'residentId',
      `is the contact number ${MOST_CONTACTS + 1} of that person`,
      `name at most ${MOST_CONTACTS}`,
    )
  const seen = new Map<string, number>()
  for (const read of contacts) {
    const whom = read.cells.staffId || read.cells.phone!
    if (seen.has(whom)) say(read, read.cells.staffId ? 'staffId' : 'phone', `is in row ${seen.get(whom)} already`, 'name each contact once')
    else seen.set(whom, read.row)
  }
  checkConsent(first, contacts.length, say)
}

function checkConsent(read: Read, contacts: number, say: Say) {
  const { consentAt, consentBy, consentUntil } = read.cells
  for (const column of ['consentAt', 'consentUntil'])
    if (read.cells[column] && !isDate(read.cells[column])) say(read, column, 'is no day', 'give a date YYYY-MM-DD')
  if (!consentAt && (consentBy || consentUntil)) say(read, 'consentAt', 'is empty', 'say when the consent was given')
  if (consentAt && !consentBy) say(read, 'consentBy', 'is empty', 'say who gave it: self, or c1 for the first contact')
  if (consentBy?.startsWith('c') && Number(consentBy.slice(1)) > contacts)
    say(read, 'consentBy', `names none of the ${contacts} contacts`, 'self, or c1 for the first contact, c2 for the second')
  if (consentAt && consentUntil && consentUntil < consentAt)
    say(read, 'consentUntil', 'is before it was given', 'give a later day, or leave it empty')
}
