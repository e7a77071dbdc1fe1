import type { Shift, Staff } from '../../shared/person.ts'
import type { Place } from '../../shared/place.ts'
import type { Millis } from '../../shared/status.ts'
import type { PlaceTree } from '../../shared/world.ts'

const DAY = 24 * 60
const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** Local weekday (1 Monday … 7 Sunday) and minute of the day. */
export function localTime(at: Millis, utcOffset: number): { weekday: number; minute: number } {
  const minutes = Math.floor(at / 60_000) + utcOffset
  const day = Math.floor(minutes / DAY)
  // 1970-01-01 was a Thursday
  return { weekday: ((((day + 3) % 7) + 7) % 7) + 1, minute: minutes - day * DAY }
}

/** Whether a weekly window holds: from its beginning up to, and not including, its end. */
export function holds(shift: Shift, at: Millis, utcOffset: number): boolean {
  const { weekday, minute } = localTime(at, utcOffset)
  const [from, to] = [minutesOf(shift.from), minutesOf(shift.to)]
  if (from < to) return shift.weekdays.includes(weekday) && minute >= from && minute < to
  const yesterday = weekday === 1 ? 7 : weekday - 1
  return (shift.weekdays.includes(weekday) && minute >= from) || (shift.weekdays.includes(yesterday) && minute < to)
}

export interface Duty {
  onDuty(role: Staff['role'], placeId: string, at: Millis): Staff | undefined
  shiftOf(staffId: string, at: Millis): Shift | undefined
  isOnDuty(staffId: string, at: Millis): boolean
  onDutyAll(role: Staff['role'], placeId: string, at: Millis): Staff[]
  clusterHead(placeId: string): Staff | undefined
}

export function createDuty(places: PlaceTree, staff: readonly Staff[], shifts: readonly Shift[], utcOffset: number): Duty {
  const byPost = Map.groupBy(staff, ({ role, placeId }) => `${role} ${placeId}`)
  const shiftsOf = Map.groupBy(shifts, ({ staffId }) => staffId)
  const rostered = new Set(staff.filter(({ id }) => shiftsOf.has(id)).map(({ role }) => role))
  const byId = new Map(staff.map((one) => [one.id, one]))
  const shiftOf = (staffId: string, at: Millis) => shiftsOf.get(staffId)?.find((shift) => holds(shift, at, utcOffset))
  const serves = ({ id, role }: Staff, at: Millis) => !rostered.has(role) || shiftOf(id, at) !== undefined
  const clusterHead = (placeId: string) => {
    const cluster = places.nearest(placeId, 'cluster')
    return cluster && byPost.get(`cluster-head ${cluster.id}`)?.[0]
  }
  return {
    shiftOf,
    isOnDuty(staffId, at) {
      const one = byId.get(staffId)
      return one !== undefined && serves(one, at)
    },
    onDutyAll: (role, placeId, at) =>
      postsAbove(places, placeId).flatMap((id) => byPost.get(`${role} ${id}`)?.filter((one) => serves(one, at)) ?? []),
    clusterHead,
    onDuty(role, placeId, at) {
      for (const id of postsAbove(places, placeId)) {
        const found = byPost.get(`${role} ${id}`)?.find((one) => serves(one, at))
        if (found) return found
      }
      return undefined
    },
  }
}

/** The places whose duty covers this one, nearest first: a flat's cluster comes right after the flat. */
const postsAbove = (places: PlaceTree, placeId: string): string[] =>
  places.path(placeId).flatMap((place: Place) => (place.clusterId ? [place.id, place.clusterId] : [place.id]))
