import { EQUIPMENT_KINDS } from '../../shared/equipment.ts'
import { DESK } from '../../shared/incident.ts'
import type { Staff, StaffRole } from '../../shared/person.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'

/** One rung: who stands on it, most fitting first. `name` is what the community calls it. */
export interface Rung {
  readonly id: string
  readonly name: string
  readonly roles: readonly StaffRole[]
}

/** D1, the pilot's ladder; another community brings its own. */
export const DEFAULT_LADDER: readonly Rung[] = [
  { id: 'cluster', name: '联户长', roles: ['cluster-head'] },
  { id: 'grid', name: '网格员与楼栋长', roles: ['grid-worker', 'building-head'] },
  { id: 'community', name: '社区工作人员', roles: ['community-staff', 'officer'] },
  { id: 'party', name: '社区党支部', roles: ['party-branch'] },
  { id: 'street', name: '街道党工委', roles: ['supervisor'] },
  { id: 'district', name: '区', roles: ['admin'] },
]
const LADDERS: Record<string, readonly Rung[]> = { caihong: DEFAULT_LADDER }

/** Where the search for an owner begins: the cluster head is a neighbour, the first to call but not the one who is on duty. */
const FIRST_OWNER_RUNG = 1

export const ladderOf = (world: World, placeId: string): readonly Rung[] =>
  LADDERS[world.places.nearest(placeId, 'community')?.id ?? ''] ?? DEFAULT_LADDER

/** A person who stands on the ladder for a place at a time. */
export interface Owner {
  staffId: string
  rung: string
  /** rungs on which nobody was on duty */
  empty?: readonly string[]
}

/** Somebody, always: the grid worker on duty, else up the ladder, else down it, else anybody on the staff, else the desk. */
export function findOwner(world: World, kind: string, placeId: string, at: Millis, not: readonly string[] = []): Owner {
  const ladder = ladderOf(world, placeId)
  // faults of devices and feeds are the engineer's, not the grid worker's (A2)
  const engineer = EQUIPMENT_KINDS.has(kind) ? onDuty(world, ['engineer'], placeId, at, not) : undefined
  if (engineer) return { staffId: engineer.id, rung: 'engineer' }
  const empty: string[] = []
  for (const rung of [...ladder.slice(FIRST_OWNER_RUNG), ...ladder.slice(0, FIRST_OWNER_RUNG)]) {
    const staff = onDuty(world, rung.roles, placeId, at, not)
    if (staff) return { staffId: staff.id, rung: rung.name, empty }
    if (!rung.roles.some((role) => world.onDuty(role, placeId, at))) empty.push(rung.name)
  }
  const anybody = world.allStaff().find(({ id, placeId: duty }) => !not.includes(id) && world.places.within(placeId, duty))
  return { staffId: anybody?.id ?? not.at(-1) ?? DESK, rung: '', empty }
}

/** Whoever had it before, while still on duty; else whoever would get it anew. */
export function sameOwner(world: World, order: { assignee: string; kind: string; placeId: string }, at: Millis): Owner {
  const role = world.staff(order.assignee)?.role
  const here = world.shiftOf(order.assignee, at) ?? (role && world.onDuty(role, order.placeId, at)?.id === order.assignee)
  return here ? { staffId: order.assignee, rung: '' } : findOwner(world, order.kind, order.placeId, at)
}

/** Everybody to be told of a priority 1 matter: one person for each rung that has one. */
export const everyRung = (world: World, placeId: string, at: Millis): Owner[] =>
  ladderOf(world, placeId).flatMap((rung) => {
    const staff = onDuty(world, rung.roles, placeId, at, [])
    return staff ? [{ staffId: staff.id, rung: rung.name }] : []
  })

/** Somebody to be told, on the `level`th rung of so many, counted from 1. */
export interface Told extends Owner {
  level: number
  of: number
}

/** Who is told when this owner misses a deadline: the next rung above that has somebody. `from`: the rung that has been told already. */
export function rungAbove(
  world: World,
  placeId: string,
  owner: string,
  at: Millis,
  from = levelOf(world, placeId, owner),
): Told | undefined {
  const ladder = ladderOf(world, placeId)
  for (const [n, rung] of ladder.entries()) {
    const staff = n < from ? undefined : onDuty(world, rung.roles, placeId, at, [owner])
    if (staff) return { staffId: staff.id, rung: rung.name, level: n + 1, of: ladder.length }
  }
  return undefined
}

/** The rung on which somebody stands, counted from 1; who stands on none counts as the first owner. */
export function levelOf(world: World, placeId: string, staffId: string): number {
  const role = world.staff(staffId)?.role
  const n = ladderOf(world, placeId).findIndex(({ roles }) => role !== undefined && roles.includes(role))
  return n < 0 ? FIRST_OWNER_RUNG + 1 : n + 1
}

function onDuty(world: World, roles: readonly StaffRole[], placeId: string, at: Millis, not: readonly string[]): Staff | undefined {
  for (const role of roles) {
    const staff = world.onDuty(role, placeId, at)
    if (staff && !not.includes(staff.id)) return staff
  }
  return undefined
}
