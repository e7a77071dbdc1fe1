import { createWorld, UTC_OFFSET } from '../../server/registers/world.ts'
import type { CareBook } from '../../shared/care.ts'
import type { Device } from '../../shared/device.ts'
import type { Resident, Shift, Staff, StaffRole } from '../../shared/person.ts'
import type { Place } from '../../shared/place.ts'
import type { Holiday } from '../../shared/registers.ts'
import type { Team } from '../../shared/team.ts'
import type { World } from '../../shared/world.ts'

/** An invented estate: two grids, three clusters, three buildings of two units with flats 101, 102 and 201 each, two spots. */
export const tinyPlaces = (): Place[] => [
  { id: 'xinan', kind: 'street', parentId: null, name: '新安街道' },
  { id: 'caihong', kind: 'community', parentId: 'xinan', name: '彩虹社区' },
  { id: 'caihong-g1', kind: 'grid', parentId: 'caihong', name: '第1网格' },
  { id: 'caihong-g2', kind: 'grid', parentId: 'caihong', name: '第2网格' },
  { id: 'caihong-c001', kind: 'cluster', parentId: 'caihong-g1', name: '第1联户' },
  { id: 'caihong-c002', kind: 'cluster', parentId: 'caihong-g1', name: '第2联户' },
  { id: 'caihong-c003', kind: 'cluster', parentId: 'caihong-g2', name: '第3联户' },
  { id: 'caihong-gate-east', kind: 'spot', parentId: 'caihong-g1', name: '东门' },
  { id: 'caihong-square', kind: 'spot', parentId: 'caihong-g2', name: '广场' },
  ...building('caihong-b01', 'caihong-g1', 'caihong-c001'),
  ...building('caihong-b02', 'caihong-g1', 'caihong-c002'),
  ...building('caihong-b03', 'caihong-g2', 'caihong-c003'),
]

function building(id: string, grid: string, clusterId: string): Place[] {
  const number = Number(id.slice(-2))
  const units = [1, 2].flatMap((n) => unit(`${id}-u${n}`, id, n, clusterId))
  return [{ id, kind: 'building', parentId: grid, name: `${number}栋` }, ...units]
}

const unit = (id: string, parentId: string, n: number, clusterId: string): Place[] => [
  { id, kind: 'unit', parentId, name: `${n}单元` },
  ...[1, 2].map((floor): Place => ({ id: `${id}-f${floor}`, kind: 'floor', parentId: id, name: `${floor}层` })),
  ...['101', '102', '201'].map((name): Place => ({ id: `${id}-${name}`, kind: 'flat', parentId: `${id}-f${name[0]}`, name, clusterId })),
]

const staff = (id: string, role: StaffRole, placeId: string): Staff => ({ id, name: `试${id}`, role, phone: '13800000000', placeId })

export const tinyStaff = (): Staff[] => [
  staff('g1-day', 'grid-worker', 'caihong-g1'),
  staff('g1-other', 'grid-worker', 'caihong-g1'),
  staff('g2-day', 'grid-worker', 'caihong-g2'),
  staff('head-c001', 'cluster-head', 'caihong-c001'),
  staff('head-c002', 'cluster-head', 'caihong-c002'),
  staff('head-c003', 'cluster-head', 'caihong-c003'),
  staff('b01-head', 'building-head', 'caihong-b01'),
  staff('community', 'community-staff', 'caihong'),
  staff('party', 'party-branch', 'caihong'),
  staff('officer-a', 'officer', 'caihong'),
  staff('officer-b', 'officer', 'caihong'),
  staff('supervisor', 'supervisor', 'xinan'),
  staff('engineer', 'engineer', 'caihong'),
  staff('admin', 'admin', 'xinan'),
]

/** People of the teams below, who stand on no ladder. */
export const tinyTeamStaff = (): Staff[] => [
  staff('member-a', 'party-member', 'caihong-g1'),
  staff('member-b', 'party-member', 'caihong-g1'),
  staff('member-far', 'party-member', 'caihong-g2'),
  staff('plumber', 'property', 'caihong'),
  staff('mate', 'property', 'caihong'),
]

/** A pool, a team and somebody outside. */
export const tinyTeams = (): Team[] => [
  team('party', 'pool', 'party', { members: ['member-a', 'member-b', 'member-far'], matters: ['*'] }),
  team('property', 'team', 'property', { leadId: 'plumber', members: ['plumber', 'mate'], matters: ['burst-pipe'], skills: ['plumbing'] }),
  team('police', 'outside', 'police', { matters: ['fight'], phone: '110' }),
]
const team = (id: string, form: Team['form'], kind: Team['kind'], more: Partial<Team>): Team => ({
  ...{ id, name: `试${id}`, form, kind, placeId: 'caihong', members: [], matters: [], skills: [] },
  ...more,
})

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
const shift = (staffId: string, from: string, to: string): Shift => ({
  id: `shift-${staffId}`,
  staffId,
  name: '早班',
  weekdays: EVERY_DAY,
  from,
  to,
})

/** By night no grid worker is on duty; the officers share day and night. */
export const tinyShifts = (): Shift[] => [
  shift('g1-day', '08:00', '20:00'),
  shift('g1-other', '20:00', '20:01'),
  shift('g2-day', '08:00', '20:00'),
  shift('community', '08:00', '18:00'),
  shift('officer-a', '08:00', '20:00'),
  shift('officer-b', '20:00', '08:00'),
]

export interface TinyRegisters {
  places?: Place[]
  staff?: Staff[]
  shifts?: Shift[]
  residents?: Resident[]
  devices?: Device[]
  care?: CareBook
  teams?: Team[]
  holidays?: Holiday[]
  /** by 'name' or 'name@scope'; the rest as shipped */
  thresholds?: Record<string, number>
}

/** The world that the server makes of registers. */
export const testWorld = ({ thresholds = {}, care, ...given }: TinyRegisters = {}): World =>
  createWorld(
    {
      places: tinyPlaces(),
      households: [],
      residents: [],
      devices: [],
      staff: tinyStaff(),
      shifts: tinyShifts(),
      ...given,
      thresholds: Object.entries(thresholds).map(([key, value]) => {
        const [name, scope = '*'] = key.split('@') as [string, string?]
        return { name, scope, value }
      }),
    },
    UTC_OFFSET,
    care,
  )
