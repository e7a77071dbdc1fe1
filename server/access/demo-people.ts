import type { Role } from '../../shared/access.ts'
import type { Staff, StaffRole } from '../../shared/person.ts'
import { notFound } from '../../shared/problem.ts'
import type { World } from '../../shared/world.ts'
import type { Holder } from '../store/access.ts'

export interface DemoWish {
  role: Role
  scope?: string | undefined
  staffId?: string | undefined
  /** whoever of these is on duty: a field session may be a party member's */
  staffRole?: StaffRole | undefined
  residentId?: string | undefined
}

const STAFF_OF: Partial<Record<Role, StaffRole>> = {
  field: 'grid-worker',
  officer: 'officer',
  supervisor: 'supervisor',
  engineer: 'engineer',
  admin: 'admin',
}
const SCREEN_NAMES: Partial<Record<Role, string>> = { wall: '大屏', visitor: '来访', engineer: '运维', admin: '管理员' }

/** In demo a role is enough: the person is taken from the registers, the one on duty first. */
export function demoPerson(world: World, wish: DemoWish, now: number): Holder {
  if (wish.scope !== undefined && !world.places.get(wish.scope)) throw notFound(`There is no place ${wish.scope}`)
  if (wish.role === 'resident') return demoResident(world, wish)
  const staffRole = wish.role === 'field' ? (wish.staffRole ?? STAFF_OF.field) : STAFF_OF[wish.role]
  const staff = staffRole && demoStaff(world, staffRole, wish, now)
  if (!staff)
    return { id: wish.role, name: SCREEN_NAMES[wish.role] ?? wish.role, role: wish.role, scope: wish.scope ?? null, staffId: null }
  const scope = wish.scope && world.places.within(wish.scope, staff.placeId) ? wish.scope : staff.placeId
  return { id: staff.id, name: staff.name, role: wish.role, scope, staffId: staff.id }
}

function demoStaff(world: World, role: StaffRole, wish: DemoWish, now: number): Staff | undefined {
  if (wish.staffId) {
    const staff = world.staff(wish.staffId)
    if (!staff) throw notFound(`There is no staff member ${wish.staffId}`)
    return staff
  }
  const all = world.allStaff().filter((staff) => staff.role === role)
  if (wish.scope) return staffNear(world, all, wish.scope, now)
  return all.find((staff) => world.onDuty(role, staff.placeId, now)?.id === staff.id) ?? all[0]
}

/** Whose duty covers the place, on duty first; else somebody whose duty lies inside it. */
function staffNear(world: World, all: readonly Staff[], scope: string, now: number): Staff | undefined {
  const covering = all.filter((staff) => world.places.within(scope, staff.placeId))
  const onDuty = covering[0] && world.onDuty(covering[0].role, scope, now)
  return onDuty ?? covering[0] ?? all.find((staff) => world.places.within(staff.placeId, scope)) ?? all[0]
}

function demoResident(world: World, wish: DemoWish): Holder {
  const wanted = wish.residentId ? world.resident(wish.residentId) : undefined
  const resident = wanted ?? (wish.scope ? world.residentsAt(wish.scope)[0] : world.residents()[0])
  if (!resident) return { id: 'resident', name: '居民', role: 'resident', scope: wish.scope ?? null, staffId: null }
  return { id: resident.id, name: resident.name, role: 'resident', scope: resident.placeId, staffId: null }
}
