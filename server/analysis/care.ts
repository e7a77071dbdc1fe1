import type { Alert } from '../../shared/alert.ts'
import { isAboutThePerson } from '../../shared/care.ts'
import type { Millis } from '../../shared/status.ts'
import type { CareView } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import type { Home, Homes } from './homes.ts'
import { type InactivityState, newInactivity, silenceFrom } from './inactivity-state.ts'
import { HALF_HOURS, localDay } from './local-time.ts'
import { backBy, confidenceOf, learnedDays, newQuiet, tooLongAt } from './quiet/model.ts'
import { DAYS_TO_KNOW, level, NOT_YET, startOfDay } from './rhythm.ts'

const HOUR: Millis = 3_600_000

export interface CareInput {
  homes: Homes
  world: World
  /** open ones */
  alerts: Iterable<Alert>
  now: Millis
  /** of the inactivity detector, by resident */
  states: ReadonlyMap<string, { state: InactivityState }> | undefined
  isHeard(deviceId: string, now: Millis): boolean
}

/** One row for each person living alone: the usual day and today's, where the person is, since when silent. */
export function viewCare({ homes, world, alerts, now, states, isHeard }: CareInput): CareView[] {
  const open = alertsByFlat(alerts)
  return [...homes.byResident.values()].map((home) => {
    const state = states?.get(home.resident.id)?.state ?? UNKNOWN
    const heard = [...home.motions, ...home.doors].some((id) => isHeard(id, now))
    return row(home, state, { world, now, alertId: open.get(home.flat), heard })
  })
}
const UNKNOWN = newInactivity()

function alertsByFlat(alerts: Iterable<Alert>): Map<string, string> {
  const open = new Map<string, Alert>()
  for (const alert of alerts) {
    if (alert.status !== 'actual' || !isAboutThePerson(alert.kind)) continue
    const other = open.get(alert.placeId)
    if (!other || alert.priority < other.priority) open.set(alert.placeId, alert)
  }
  return new Map([...open].map(([flat, { id }]) => [flat, id]))
}

interface Around {
  world: World
  now: Millis
  alertId: string | undefined
  heard: boolean
}

function row(home: Home, state: InactivityState, { world, now, alertId, heard }: Around): CareView {
  const { places } = world
  const quiet = state.quiet ?? NOTHING_LEARNED
  const blind = !heard || state.blindSince !== null
  return {
    id: home.resident.id,
    residentId: home.resident.id,
    placeId: home.flat,
    gridId: places.nearest(home.flat, 'grid')?.id,
    clusterId: places.nearest(home.flat, 'cluster')?.id,
    buildingId: places.nearest(home.flat, 'building')?.id,
    place: places.label(home.flat),
    presence: blind ? 'unsure' : state.where.presence,
    state: blind ? 'blind' : isTooSilent(state, home, world, now) ? 'silent' : 'usual',
    silentSince: silentSince(state, blind),
    lineAt: blind ? null : (lineAt(state, home, world) ?? null),
    days: learnedDays(quiet),
    confidence: confidenceOf(quiet),
    alertId,
    usual: state.rhythm.days < DAYS_TO_KNOW ? FLAT : state.rhythm.usual.map(level),
    today: todayOf(state, world, now),
  }
}
const NOTHING_LEARNED = newQuiet()
const FLAT: number[] = new Array<number>(HALF_HOURS).fill(0)

/** Whoever is out, or cannot be heard, is not silent. */
const silentSince = (state: InactivityState, blind: boolean): Millis | null =>
  blind ? state.blindSince : state.where.presence === 'out' ? null : state.moved

/** As the detector draws it, but for announced absences, which the plan knows; undefined: it does not. */
function lineAt(state: InactivityState, { resident }: Home, world: World): Millis | undefined {
  const { quiet = NOTHING_LEARNED, where, rhythm } = state
  if (where.presence === 'out') return backBy(quiet.lines.door, where.since, world.utcOffset)
  const from = silenceFrom(state)
  if (from === null || where.presence === 'unsure') return undefined
  const learned = tooLongAt(quiet.lines.home, from, world.utcOffset)
  if (learned !== undefined) return learned
  const hours = world.threshold(state.sparse ? 'inactivity.sparse-hours' : 'inactivity.hours', resident.id)
  const morning = startOfDay(rhythm, world.utcOffset) + world.threshold('inactivity.from', resident.id) * HOUR
  return state.sparse ? from + hours * HOUR : Math.min(Math.max(from, morning), from + 2 * hours * HOUR) + hours * HOUR
}

function isTooSilent(state: InactivityState, { resident }: Home, world: World, now: Millis): boolean {
  if (state.silent) return true
  const from = silenceFrom(state)
  return from !== null && state.where.presence === 'home' && now - from >= 3 * world.threshold('inactivity.hours', resident.id) * HOUR
}

function todayOf({ rhythm }: InactivityState, world: World, now: Millis): number[] {
  if (rhythm.day !== localDay(now, world.utcOffset)) return new Array<number>(HALF_HOURS).fill(NOT_YET)
  return rhythm.today.map(level)
}
