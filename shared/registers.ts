import type { Device } from './device.ts'
import type { Household, Resident, Shift, Staff } from './person.ts'
import type { Place } from './place.ts'

/** A number that rules go by. `scope` is '*' for everybody, or the id of the resident, device or place it is set for. */
export interface Threshold {
  name: string
  scope: string
  value: number
  unit?: string
  note?: string
}

/** Everything that one import brings. The estate plan is GeoJSON as it came. */
export interface Registers {
  places: Place[]
  households: Household[]
  residents: Resident[]
  devices: Device[]
  staff: Staff[]
  shifts: Shift[]
  thresholds: Threshold[]
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
