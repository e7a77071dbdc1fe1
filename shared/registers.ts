import type { ContactRelation } from './care.ts'
import type { Device } from './device.ts'
import type { MatterKind } from './matter-kind.ts'
import type { Household, Resident, Shift, Staff } from './person.ts'
import type { Place } from './place.ts'
import type { Team } from './team.ts'

/** A number that rules go by. `scope` is '*' for everybody, or the id of the resident, device or place it is set for. */
export interface Threshold {
  name: string
  scope: string
  value: number
  unit?: string
  note?: string
}

/** One row of care-plans.csv: one contact, in the order in which they are called. What is said of the whole plan stands in the person's first row. */
export interface CarePlanRow {
  residentId: string
  relation?: ContactRelation
  staffId?: string
  name?: string
  phone?: string
  /** local dates; `consentUntil` is the last day on which it holds */
  consentAt?: string
  /** 'self', or c1 for the first contact, c2 for the second … */
  consentBy?: string
  consentUntil?: string
  /** kinds of alert that are switched off */
  off?: string[]
  /** HH:MM-HH:MM */
  quiet?: string[]
}

/** A day that is not as its weekday says: a public holiday, or a Saturday that is worked instead (调休). Of all places, or of one. */
export interface Holiday {
  /** YYYY-MM-DD */
  day: string
  kind: 'off' | 'work'
  name?: string
}

/** Everything that one import brings. The estate plan is GeoJSON as it came. */
export interface Registers {
  places: Place[]
  households: Household[]
  residents: Resident[]
  devices: Device[]
  staff: Staff[]
  shifts: Shift[]
  teams?: Team[]
  holidays?: Holiday[]
  thresholds: Threshold[]
  /** absent or empty: the kinds stay as they are */
  matterKinds?: MatterKind[]
  /** absent or empty: the plans stay as they are */
  carePlans?: CarePlanRow[]
  estate?: unknown
}

/** Why a row was refused, so that the person with the spreadsheet can mend it. `row` counts from 1, the header being row 1. */
export interface RowError {
  file: string
  row: number
  column: string
  value: string
  problem: string
  fix: string
}
