import type { Alert } from '../../shared/alert.ts'
import { absenceAt, isAboutThePerson, isConsentOver } from '../../shared/care.ts'
import type { Millis } from '../../shared/status.ts'
import type { CareCondition, CareView } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import { blindnessOf, type Hearer } from './care-blind.ts'
import { returnDue, silenceDue, usualEnd } from './care-line.ts'
import type { Home, Homes } from './homes.ts'
import { complete, type InactivityState, newInactivity, silenceFrom } from './inactivity-state.ts'
import { HALF_HOURS, halfHour, localDay } from './local-time.ts'
import { confidenceOf, learnedDays } from './quiet/model.ts'
import { DAYS_TO_KNOW, level, NOT_YET } from './rhythm.ts'

const MINUTE: Millis = 60_000
/** A silence is told of from here on: a row that moved with every step of eighty people would be a stream of its own. */
const TOLD_FROM: Millis = 30 * MINUTE
/** Alerts that say how it stands with the person; the others are only named. */
const CONDITIONS: Readonly<Record<string, CareCondition>> = {
  inactivity: 'silent',
  'not-returned': 'not-returned',
  'night-out': 'night-out',
  'room-stay': 'room-stay',
}

export interface CareInput {
  homes: Homes
  world: World
  /** open ones */
  alerts: Iterable<Alert>
  now: Millis
  /** of the inactivity detector, by resident */
  states: ReadonlyMap<string, { state: InactivityState }> | undefined
  hearer: Hearer
  /** by which heat and cold shorten a line */
  factor: number
}

/** One row for each person living alone: the usual day and today's, where the person is, since when silent and until when that is usual. */
export function viewCare({ homes, world, alerts, now, states, hearer, factor }: CareInput): CareView[] {
  const open = alertsByFlat(alerts)
  return [...homes.byResident.values()].map((home) => {
    const state = complete(states?.get(home.resident.id)?.state ?? newInactivity())
    return row(home, state, { world, now, factor, alert: open.get(home.flat), blind: blindnessOf(home, state, hearer, now) })
  })
}

function alertsByFlat(alerts: Iterable<Alert>): Map<string, Alert> {
  const open = new Map<string, Alert>()
  for (const alert of alerts) {
    if (alert.status !== 'actual' || !isAboutThePerson(alert.kind)) continue
    const other = open.get(alert.placeId)
    if (!other || alert.priority < other.priority) open.set(alert.placeId, alert)
  }
  return open
}

interface Around {
  world: World
  now: Millis
  factor: number
  alert: Alert | undefined
  blind: CareView['blind']
}

function row(home: Home, state: InactivityState, { world, now, factor, alert, blind }: Around): CareView {
  const { id } = home.resident
  const { quiet } = state
  const plan = world.care.plan(id)
  const absence = absenceAt(plan, now)
  const common = { id, residentId: id, ...whereabouts(home, world), ...(alert && matterOf(alert)) }
  // what nobody consents to any longer is shown to nobody
  if (isConsentOver(plan, now)) return { ...common, presence: 'unsure', state: 'unwatched', silentSince: null, usual: EMPTY, today: EMPTY }
  const condition = conditionOf(alert, state, blind !== undefined, absence !== undefined)
  return {
    ...common,
    presence: blind ? 'unsure' : state.where.presence,
    presenceSince: blind || state.where.since === 0 ? null : state.where.since,
    state: condition,
    ...(blind && { blind }),
    ...(absence && { away: { kind: absence.kind, until: absence.until } }),
    ...running(state, home, { world, now, factor, blind, isAway: absence !== undefined }),
    confidence: Math.round(confidenceOf(quiet) * 20) / 20,
    days: learnedDays(quiet),
    usual: state.rhythm.days < DAYS_TO_KNOW ? EMPTY : state.rhythm.usual.map(level),
    today: todayOf(state, world, now),
  }
}
const EMPTY: number[] = new Array<number>(HALF_HOURS).fill(0)

const whereabouts = ({ flat }: Home, { places }: World) => ({
  placeId: flat,
  gridId: places.nearest(flat, 'grid')?.id,
  clusterId: places.nearest(flat, 'cluster')?.id,
  buildingId: places.nearest(flat, 'building')?.id,
  place: places.label(flat),
})
const matterOf = ({ id, kind, priority }: Alert) => ({ alertId: id, alertKind: kind, priority })

function conditionOf(alert: Alert | undefined, state: InactivityState, isBlind: boolean, isAway: boolean): CareCondition {
  const told = alert && CONDITIONS[alert.kind]
  if (told) return told
  if (isAway) return 'away'
  if (isBlind) return 'blind'
  return state.silent ? 'silent' : 'usual'
}

interface Running {
  world: World
  now: Millis
  factor: number
  blind: CareView['blind']
  isAway: boolean
}

/** The silence or the outing that runs, and its line. */
function running(state: InactivityState, home: Home, { world, now, factor, blind, isAway }: Running) {
  const nothing = { silentSince: blind?.since ?? null, lineAt: null, usualBy: null }
  if (blind || isAway) return nothing
  const { presence, since } = state.where
  if (presence === 'out')
    return { ...nothing, lineAt: returnDue(state, since, home, world), usualBy: usualEnd(state, since, 'door', world) }
  const from = silenceFrom(state)
  if (from === null || (!state.silent && now - from < TOLD_FROM)) return nothing
  const lineAt = presence === 'home' ? silenceDue(state, from, home, { world, factor }) : null
  return { silentSince: state.moved, lineAt, usualBy: usualEnd(state, from, 'home', world) }
}

/** The present half hour is told roughly until it is over: patches stay few. */
function todayOf({ rhythm }: InactivityState, world: World, now: Millis): number[] {
  if (rhythm.day !== localDay(now, world.utcOffset)) return new Array<number>(HALF_HOURS).fill(NOT_YET)
  const present = halfHour(now, world.utcOffset)
  return rhythm.today.map((count, slot) => Math.min(level(count), slot === present ? STIRRED : 9))
}
/** the height of a single sign of life */
const STIRRED = level(1)
