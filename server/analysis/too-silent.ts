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
import { confidenceOf, tooLongAt } from './quiet/model.ts'
import { level, startOfDay, usualBy } from './rhythm.ts'

const MINUTE: Millis = 60_000
const HOUR: Millis = 60 * MINUTE
/** A silence that began before the day counts from its morning, or in full once it is so many times as long: a night's sleep is none. */
const NIGHT_FACTOR = 3

export function isTooSilent(state: InactivityState, home: Home, context: Context): boolean {
  const { world, now } = context
  const from = countedFrom(state, home, context)
  if (from === null || from > now || state.where.presence !== 'home') return false
  const due = tooLongAt(state.quiet.lines.home, from, world.utcOffset)
  const isLong = due === undefined ? isLongByRule(state, from, home, context) : now >= due
  return isLong && isProven(due === undefined ? (from + now) / 2 : due - FRESH, sensorsOf(home, state.sparse), context)
}

/** Silence counts from the last sign, and of somebody who was announced to be away from the day of return: it lies ahead while they are. */
function countedFrom(state: InactivityState, home: Home, { now, awayUntil }: Context): Millis | null {
  const from = silenceFrom(state)
  return from === null ? null : Math.max(from, awayUntil?.(home.resident.id, from, now) ?? from)
}

/** The safe rule while the home's own rhythm is not known: a plain timer over the hours of the day. */
function isLongByRule(state: InactivityState, from: Millis, home: Home, { world, now }: Context): boolean {
  const { id } = home.resident
  if (!mayCall(home, world, now)) return false
  if (state.sparse) return now - from >= world.threshold('inactivity.sparse-hours', id) * HOUR
  const hours = world.threshold('inactivity.hours', id)
  const morning = startOfDay(state.rhythm, world.utcOffset) + world.threshold('inactivity.from', id) * HOUR
  return now - Math.max(from, morning) >= hours * HOUR || now - from >= NIGHT_FACTOR * hours * HOUR
}

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
  const due = tooLongAt(quiet.lines.home, from, world.utcOffset)
  const strips = { day: strip(rhythm.today.map(level)), usual: strip(rhythm.usual.map(level)) }
  if (due === undefined) {
    const hours = world.threshold(state.sparse ? 'inactivity.sparse-hours' : 'inactivity.hours', home.resident.id)
    return { usualBy: usualBy(rhythm), hours, learned: false, ...strips }
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
