import type { Finding } from '../../shared/finding.ts'
import type { Millis } from '../../shared/status.ts'
import type { Context } from './detector.ts'
import { type Home, mayCall, sensorsOf } from './homes.ts'
import { type InactivityState, silenceFrom } from './inactivity-state.ts'
import { matter } from './lateness.ts'
import { clockOf, minuteOfDay } from './local-time.ts'
import { FRESH, isProven } from './proof.ts'
import { STEP } from './quiet/grid.ts'
import { usualLength } from './quiet/line.ts'
import { confidenceOf, tooLongAt, tooLongUnder } from './quiet/model.ts'
import { level, startOfDay, usualBy } from './rhythm.ts'
import { strainOn, TIGHTEST, tightening } from './strain.ts'

const MINUTE: Millis = 60_000
const HOUR: Millis = 60 * MINUTE
/** A silence that began before the day counts from its morning, or in full once it is so many times as long: a night's sleep is none. */
export const NIGHT_FACTOR = 3

export function isTooSilent(state: InactivityState, home: Home, context: Context): boolean {
  const { now } = context
  const from = countedFrom(state, home, context)
  if (from === null || from > now || state.where.presence !== 'home') return false
  const due = dueFor(state, from, home, context)
  const isLong = due === undefined ? isLongByRule(state, from, home, context) : now >= due
  return isLong && isProven(due === undefined ? (from + now) / 2 : due - FRESH, sensorsOf(home, state.sparse), context)
}

/** When a silence that began then is too long, by the home's own line; undefined: not known. Heat and cold are asked after only where they could matter. */
function dueFor({ quiet }: InactivityState, from: Millis, { resident }: Home, context: Context): Millis | undefined {
  const { world, now } = context
  const usual = tooLongAt(quiet.lines.home, from, world.utcOffset)
  if (usual === undefined || now < from + TIGHTEST * (usual - from)) return usual
  return tooLongUnder(tightening(strainOn(resident, context)), quiet, from, world.utcOffset)
}

/** Silence counts from the last sign, and of somebody who was announced to be away from the day of return: it lies ahead while they are. */
function countedFrom(state: InactivityState, home: Home, { now, awayUntil }: Context): Millis | null {
  const from = silenceFrom(state)
  return from === null ? null : Math.max(from, awayUntil?.(home.resident.id, from, now) ?? from)
}

/** The safe rule while the home's own rhythm is not known: a plain timer over the hours of the day. */
function isLongByRule(state: InactivityState, from: Millis, home: Home, context: Context): boolean {
  const { world, now } = context
  const { id } = home.resident
  if (!mayCall(home, world, now)) return false
  const tighter = () => tightening(strainOn(home.resident, context))
  if (state.sparse) return isOver(now - from, world.threshold('inactivity.sparse-hours', id) * HOUR, tighter)
  const hours = world.threshold('inactivity.hours', id)
  const morning = startOfDay(state.rhythm, world.utcOffset) + world.threshold('inactivity.from', id) * HOUR
  return isOver(now - Math.max(from, morning), hours * HOUR, tighter) || now - from >= NIGHT_FACTOR * hours * HOUR
}

const isOver = (silent: Millis, limit: Millis, tighter: () => number) => silent >= TIGHTEST * limit && silent >= tighter() * limit

export const keyOfSilence = (home: Home) => matter('inactivity', home.flat, 'actual')

export function raiseSilence(state: InactivityState, home: Home, context: Context): Finding {
  const since = state.moved!
  const { door } = state
  return {
    act: 'raise',
    key: keyOfSilence(home),
    kind: 'inactivity',
    priority: 1,
    status: 'actual',
    placeId: home.flat,
    residentId: home.resident.id,
    at: context.now,
    evidence: {
      silentMinutes: Math.floor((context.now - since) / MINUTE),
      since,
      lastDoor: door,
      // the door itself is a sign of life: since the last one nobody opened it
      ...(home.doors.length > 0 && { doorOpened: door !== null && door >= since }),
      ...explain(state, home, context),
    },
  }
}

/** The line that was crossed, and the day so far in front of the usual one: 48 figures each, - not yet, x blind. */
function explain(state: InactivityState, home: Home, context: Context) {
  const { world } = context
  const { quiet, rhythm } = state
  const from = countedFrom(state, home, context)!
  const due = dueFor(state, from, home, context)
  const strained = strainOn(home.resident, context)
  const strips = { day: strip(rhythm.today.map(level)), usual: strip(rhythm.usual.map(level)), ...(strained && { strain: strained.kind }) }
  if (due === undefined) {
    const hours = world.threshold(state.sparse ? 'inactivity.sparse-hours' : 'inactivity.hours', home.resident.id)
    return { usualBy: usualBy(rhythm, from, world.utcOffset), hours, learned: false, ...strips }
  }
  const usual = usualLength(quiet.home, Math.floor(minuteOfDay(from, world.utcOffset) / STEP))
  return {
    usualBy: clockOf(minuteOfDay(from + usual * MINUTE, world.utcOffset)),
    lineMinutes: Math.round((due - from) / MINUTE),
    learned: true,
    confidence: confidenceOf(quiet),
    ...strips,
  }
}
const strip = (levels: readonly number[]) => levels.map((one) => (one === -1 ? '-' : one < 0 ? 'x' : one)).join('')
