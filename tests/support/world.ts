import defaults from '../../server/registers/thresholds.json' with { type: 'json' }
import type { Device } from '../../shared/device.ts'
import type { Resident, Shift, Staff, StaffRole } from '../../shared/person.ts'
import type { Place } from '../../shared/place.ts'
import { createPlaceTree } from '../../shared/places.ts'
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
  /** 'name' or 'name@subject' */
  thresholds?: Record<string, number>
}

export function testWorld(given: TinyRegisters = {}): World {
  const all = { places: tinyPlaces(), staff: tinyStaff(), shifts: tinyShifts(), residents: [], devices: [], thresholds: {}, ...given }
  const { devices, residents }: Required<TinyRegisters> = all
  const places = createPlaceTree(all.places)
  const inForce = (id: string, at: number) => all.shifts.find((one) => one.staffId === id && holds(one, at))
  const onDuty = (one: Staff, at: number) => !all.shifts.some(({ staffId }) => staffId === one.id) || inForce(one.id, at) !== undefined
  const depth = (id: string) => places.path(id).length
  return {
    places,
    device: (id) => devices.find((device) => device.id === id),
    deviceByAddress: (feed, address) => devices.find((device) => device.feed === feed && device.address === address),
    devices: () => devices,
    devicesAt: (id) => devices.filter(({ placeId }) => placeId === id),
    resident: (id) => residents.find((resident) => resident.id === id),
    residents: () => residents,
    residentsAt: (id) => residents.filter(({ placeId }) => placeId === id),
    staff: (id) => all.staff.find((one) => one.id === id),
    allStaff: () => all.staff,
    onDuty: (role, placeId, at) =>
      all.staff
        .filter((one) => one.role === role && places.within(placeId, one.placeId) && onDuty(one, at))
        .sort((a, b) => depth(b.placeId) - depth(a.placeId))[0],
    shiftOf: inForce,
    clusterHead(placeId) {
      const cluster = places.nearest(placeId, 'cluster')
      return cluster && all.staff.find((one) => one.role === 'cluster-head' && one.placeId === cluster.id)
    },
    utcOffset: CHINA,
    threshold: (name, subject) => all.thresholds[`${name}@${subject}`] ?? all.thresholds[name] ?? DEFAULTS.get(name) ?? Number.NaN,
  }
}

const CHINA = 480
const DEFAULTS = new Map(defaults.map(({ name, value }) => [name, value]))

function holds({ from, to, weekdays }: Shift, at: number): boolean {
  const local = new Date(at + CHINA * 60_000)
  const now = local.toISOString().slice(11, 16)
  const today = local.getUTCDay() || 7
  if (from < to) return weekdays.includes(today) && now >= from && now < to
  return (weekdays.includes(today) && now >= from) || (weekdays.includes(today === 1 ? 7 : today - 1) && now < to)
}
