import { standingOf, type Viewer } from './access.ts'
import { maskName, maskPhone } from './mask.ts'
import { diffStates, type Patch } from './patch.ts'
import type { Resident } from './person.ts'
import { type Directory, scopeOf } from './scope.ts'
import { scopedFields } from './scope-totals.ts'
import { CARE_CATEGORIES, type Sight, sightOf } from './sight.ts'
import type { Millis } from './status.ts'
import type { AlertView, CareView, GridView, ListName, OrderView, PersonView, WallState } from './wall.ts'

export type { Directory } from './scope.ts'
export type Watcher = Pick<Viewer, 'role' | 'helper' | 'scope' | 'staffId'>

/** Two viewers with the same key are shown the same. */
export const projectionKey = (watcher: Watcher) => {
  const key = `${standingOf(watcher)} ${watcher.scope}`
  return sightOf(watcher).ownOrders && watcher.staffId !== undefined ? `${key} ${watcher.staffId}` : key
}

/** Public state → what this viewer may see of it: persons masked by role, nothing from outside the scope (P5, S3). */
export const project = (state: WallState, watcher: Watcher, directory: Directory): WallState => createProjector(watcher, directory)(state)

/** The same for a patch: what it changes in this viewer's eyes. */
export const projectPatch = (before: WallState, patch: Patch, after: WallState, watcher: Watcher, directory: Directory): Patch => {
  const projector = createProjector(watcher, directory)
  return { ...patch, ops: diffStates(projector(before), projector(after)) }
}

export type Projector = (state: WallState) => WallState

/** A projection that remembers: what did not change in the public state keeps its identity in the projected one. */
export function createProjector(watcher: Watcher, directory: Directory): Projector {
  const scope = scopeOf(directory, watcher.scope)
  const sight = sightOf(watcher)
  const lists = createMemo()
  let day = Number.NaN
  const forget = (state: WallState) => {
    const today = Math.floor(localTime(state) / 86_400_000)
    if (today !== day) lists.clear()
    day = today
  }
  const matters = sight.matters ? scope.has : () => false
  const here = sight.matters && scope.whole ? () => true : matters

  return (state) => {
    forget(state)
    const show = viewsFor(watcher, sight, directory, localTime(state))
    const at = <T extends { id: string; placeId: string }>(list: ListName, items: T[], view: (item: T) => T = (item) => item) =>
      lists.map(list, items, (item) => (here(item.placeId) ? view(item) : undefined))
    const projected: WallState = {
      ...state,
      shift: state.shift && lists.one(state.shift, (shift) => ({ ...shift, officer: show.staff(shift.officerId) })),
      grids: lists.map('grids', state.grids, (grid) => (scope.grids.has(grid.id) ? show.grid(grid) : undefined)),
      clusters: lists.map('clusters', state.clusters, (cluster) => (scope.clusters.has(cluster.id) ? cluster : undefined)),
      alerts: at('alerts', state.alerts, show.alert),
      incidents: at('incidents', state.incidents),
      orders: at('orders', state.orders, show.order),
      care: at('care', state.care, show.care),
      devices: at('devices', state.devices),
    }
    return scope.whole && sight.matters ? projected : { ...projected, ...lists.fields(scopedFields(projected, scope)) }
  }
}

/** Reads as UTC what the community's clocks show: ages change with its midnight. */
const localTime = ({ at, community }: WallState): Millis => at + community.utcOffset * 60_000

function viewsFor(watcher: Watcher, sight: Sight, directory: Directory, at: Millis) {
  const staff = (id: string | undefined) => {
    const name = id === undefined ? undefined : directory.staff(id)?.name
    return name === undefined || sight.staff === 'full' ? name : maskName(name)
  }
  const person = (residentId: string | undefined, own: boolean): PersonView | undefined => {
    const resident = residentId === undefined ? undefined : directory.resident(residentId)
    return resident && viewPerson(resident, sight, own, at)
  }
  /** whoever may not know who lives there is not told the key of the register either */
  const named = sight.person === 'masked'
  const isOwn = (alert: AlertView) => sight.ownOrders && watcher.staffId !== undefined && alert.assignee === watcher.staffId
  return {
    staff,
    grid: (grid: GridView): GridView => ({ ...grid, worker: staff(grid.workerId ?? undefined) }),
    order: (order: OrderView): OrderView => ({ ...order, assigneeName: staff(order.assignee), contactName: staff(order.contactId) }),
    alert: (alert: AlertView): AlertView => ({
      ...alert,
      residentId: named ? alert.residentId : undefined,
      person: person(alert.residentId, isOwn(alert)),
      worker: staff(alert.assignee),
    }),
    care: (care: CareView): CareView => {
      const worker = staff(care.assignee)
      if (named) return { ...care, worker, person: person(care.residentId, false) }
      const away = care.away && { ...care.away, kind: 'other' as const }
      return { ...care, worker, away, residentId: '', place: directory.places.label(care.buildingId ?? care.placeId) }
    },
  }
}

function viewPerson(resident: Resident, sight: Sight, own: boolean, at: Millis): PersonView | undefined {
  const { name, phone, sex, categories } = resident
  if (sight.person === 'none') return undefined
  return {
    name: own ? name : maskName(name),
    age: ageAt(resident.birthDate, at),
    sex,
    phone: phone === undefined ? undefined : own ? phone : sight.phone === 'masked' ? maskPhone(phone) : undefined,
    categories: own || sight.categories === 'all' ? categories : categories.filter((category) => CARE_CATEGORIES.includes(category)),
  }
}

function ageAt(birthDate: string, at: Millis): number {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number)
  const now = new Date(at)
  const hadBirthday = now.getUTCMonth() + 1 > month || (now.getUTCMonth() + 1 === month && now.getUTCDate() >= day)
  return now.getUTCFullYear() - year - (hadBirthday ? 0 : 1)
}

/** Remembers the projection of each item and of the last list, so that identity tells what changed. */
function createMemo() {
  let items = new WeakMap<object, unknown>()
  const last = new Map<string, { from: unknown; to: unknown }>()
  const item = <T extends object>(from: T, view: (from: T) => T | undefined): T | undefined => {
    if (!items.has(from)) items.set(from, view(from))
    return items.get(from) as T | undefined
  }
  return {
    clear() {
      items = new WeakMap()
      last.clear()
    },
    one: <T extends object>(from: T, view: (from: T) => T) => item(from, view) as T,
    map<T extends object>(name: string, from: T[], view: (from: T) => T | undefined): T[] {
      const known = last.get(name)
      if (known?.from === from) return known.to as T[]
      const mapped = from.map((each) => item(each, view)).filter((each) => each !== undefined)
      const to = sameItems(known?.to as T[] | undefined, mapped) ? (known!.to as T[]) : mapped
      last.set(name, { from, to })
      return to
    },
    /** derived numbers: kept while they say the same */
    fields<T extends object>(fresh: T): T {
      const kept = Object.entries(fresh).map(([name, value]) => {
        const text = JSON.stringify(value)
        const known = last.get(`=${name}`)
        if (known?.from !== text) last.set(`=${name}`, { from: text, to: value })
        return [name, last.get(`=${name}`)!.to]
      })
      return Object.fromEntries(kept)
    },
  }
}

const sameItems = <T>(known: readonly T[] | undefined, fresh: readonly T[]) =>
  known !== undefined && known.length === fresh.length && known.every((item, i) => item === fresh[i])
