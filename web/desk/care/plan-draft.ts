import type { Consent, ContactRelation, QuietHours } from '../../../shared/care.ts'
import type { Contact, PlanView } from './care.ts'

/** A contact in the editor: one that the server knows by its id, or a new one. */
export interface DraftContact {
  /** of the row in the editor alone */
  key: string
  id?: string
  relation: ContactRelation
  staffId?: string
  name: string
  phone: string
  /** what was typed anew; the rest stays as the server has it */
  typed?: boolean
  gone?: boolean
}
export interface Draft {
  contacts: DraftContact[]
  detectors: Record<string, boolean>
  quiet: QuietHours[]
  consent: Consent | null
}

export const draftOf = ({ contacts, detectors, quiet, consent }: PlanView): Draft => ({
  contacts: contacts.map(draftContact),
  detectors: { ...detectors },
  quiet: quiet.map((hours) => ({ ...hours })),
  consent: consent && { ...consent },
})

const draftContact = ({ id, relation, staffId, name, phone = '', gone }: Contact): DraftContact => ({
  ...{ key: id, id, relation: relation as ContactRelation, name, phone },
  ...(staffId !== undefined && { staffId }),
  ...(gone && { gone }),
})

/** As it is sent: of a contact that is there only what is known of it, for its name and number came masked. */
export function bodyOf({ contacts, detectors, quiet, consent }: Draft, version: number) {
  return {
    version,
    contacts: contacts.map(({ id, relation, staffId, name, phone, typed }) => ({
      ...(id !== undefined && { id }),
      relation,
      ...(staffId !== undefined ? { staffId } : typed ? { name: name.trim(), phone: phone.trim() } : {}),
    })),
    detectors: Object.fromEntries(Object.entries(detectors).filter(([, on]) => !on)),
    quiet,
    consent,
  }
}

export const PARTS = ['contacts', 'detectors', 'quiet', 'consent'] as const
export type Part = (typeof PARTS)[number]

const said = (draft: Draft): Record<Part, string> => {
  const { contacts, detectors, quiet, consent } = bodyOf(draft, 0)
  const off = Object.keys(detectors).sort()
  return {
    contacts: JSON.stringify(contacts),
    detectors: JSON.stringify(off),
    quiet: JSON.stringify(quiet),
    consent: JSON.stringify(consent),
  }
}

/** Which parts of two plans differ. */
export function changedParts(before: Draft, after: Draft): Part[] {
  const [one, other] = [said(before), said(after)]
  return PARTS.filter((part) => one[part] !== other[part])
}

export function moved<T>(list: readonly T[], from: number, by: number): T[] {
  const next = [...list]
  const [one] = next.splice(from, 1)
  next.splice(from + by, 0, one!)
  return next
}

const PHONE = /^\+?[0-9 -]{5,20}$/
/** The first thing that is wrong with the draft: which contact and field, as a word of the page. */
export function problemOf({ contacts }: Draft): { at: number; field: 'name' | 'phone' } | undefined {
  for (const [at, { staffId, typed, name, phone }] of contacts.entries()) {
    if (staffId !== undefined || !typed) continue
    if (name.trim() === '' || name.includes('*')) return { at, field: 'name' }
    if (!PHONE.test(phone.trim())) return { at, field: 'phone' }
  }
  return undefined
}
