/** Categories of residents, kept as a list on the resident; the words on screen are 独居老人 留守儿童 … */
export const CATEGORIES = [
  'living-alone',
  'left-behind-child',
  'elder',
  'party-member',
  'floating',
  'disabled',
  'low-income',
  'veteran',
  'volunteer',
  'chronic-illness',
] as const
export type Category = (typeof CATEGORIES)[number]

export interface Resident {
  id: string
  /** the flat */
  placeId: string
  name: string
  sex: 'm' | 'f'
  /** ISO date */
  birthDate: string
  phone?: string
  /** keyed hash and last four digits of the ID number, never the number (S2) */
  idHash?: string
  idTail?: string
  relation: 'head' | 'spouse' | 'child' | 'parent' | 'grandchild' | 'grandparent' | 'other'
  categories: Category[]
}

/** One household lives in one flat; the household's id is the flat's id. */
export interface Household {
  placeId: string
  clusterId: string
  /** owner, tenant … as the register says */
  tenure: 'own' | 'rent'
}

export const STAFF_ROLES = [
  'officer',
  'supervisor',
  'engineer',
  'admin',
  'grid-worker',
  'cluster-head',
  'building-head',
  'community-staff',
  'party-branch',
  'volunteer',
  'party-member',
  'enforcement',
  'property',
  'shop',
] as const
export type StaffRole = (typeof STAFF_ROLES)[number]

/** They help on orders, and stand on no ladder: of an area they need to know nothing. */
export const HELPER_ROLES: readonly StaffRole[] = ['party-member', 'volunteer', 'shop', 'property', 'enforcement']

export interface Staff {
  id: string
  name: string
  role: StaffRole
  phone: string
  /** the place that the duty covers: a community, grid, cluster or building */
  placeId: string
  /** when the person is also in the register of residents */
  residentId?: string
}

/** A weekly window of duty, local time of the community; `to` before `from` crosses midnight. */
export interface Shift {
  id: string
  staffId: string
  /** 早班 中班 夜班 */
  name: string
  /** 1 Monday … 7 Sunday: the day on which it begins */
  weekdays: number[]
  /** 'HH:MM' */
  from: string
  to: string
}
