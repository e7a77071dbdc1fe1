import type { CareBook } from './care.ts'
import type { Device } from './device.ts'
import type { MatterKind } from './matter-kind.ts'
import type { Resident, Shift, Staff } from './person.ts'
import type { Place } from './place.ts'
import type { Millis } from './status.ts'
import type { Team } from './team.ts'
import type { WorkingTime } from './working-time.ts'

/** The registers as the rules see them: read-only, in memory, rebuilt after an import. */
export interface World {
  readonly places: PlaceTree
  device(id: string): Device | undefined
  deviceByAddress(feed: string, address: string): Device | undefined
  devices(): readonly Device[]
  devicesAt(placeId: string): readonly Device[]
  resident(id: string): Resident | undefined
  residents(): readonly Resident[]
  residentsAt(placeId: string): readonly Resident[]
  staff(id: string): Staff | undefined
  allStaff(): readonly Staff[]
  /** the staff of a role whose duty covers the place and whose shift holds at that time (nearest place first); a role without shifts is always on duty */
  onDuty(role: Staff['role'], placeId: string, at: Millis): Staff | undefined
  /** the shift in force for a staff member */
  shiftOf(staffId: string, at: Millis): Shift | undefined
  /** all of them, nearest place first */
  onDutyAll(role: Staff['role'], placeId: string, at: Millis): Staff[]
  /** in a shift; a role without shifts is always on duty */
  isOnDuty(staffId: string, at: Millis): boolean
  clusterHead(placeId: string): Staff | undefined
  /** by its id, without the `report.` of an incident's kind */
  matterKind(id: string): MatterKind | undefined
  matterKinds(): readonly MatterKind[]
  team(id: string): Team | undefined
  teams(): readonly Team[]
  /** the teams that somebody belongs to */
  teamsOf(staffId: string): readonly Team[]
  /** when people work at a place: deadlines of kinds that can wait run in this time alone */
  workingTime(placeId: string): WorkingTime
  /** minutes east of UTC, China: 480 */
  readonly utcOffset: number
  threshold(name: string, subjectId?: string): number
  /** care plans: not of the registers but changed one at a time, and always as of now */
  readonly care: CareBook
}

export interface PlaceTree {
  get(id: string): Place | undefined
  all(): readonly Place[]
  children(id: string): readonly Place[]
  /** itself first, root last */
  path(id: string): readonly Place[]
  /** the nearest of that kind at or above the place; `cluster` goes by the flat's clusterId */
  nearest(id: string, kind: Place['kind']): Place | undefined
  /** whether the place lies at or under the scope; a cluster as scope holds its flats */
  within(id: string, scopeId: string): boolean
  /** 12栋 1单元 302 */
  label(id: string): string
}
