import type { Finding } from '../../shared/finding.ts'
import type { Millis } from '../../shared/status.ts'
import { noteAlarm } from './alarms.ts'
import { type Context, NOTHING } from './detector.ts'
import { type Home, mayCall, sensorsOf } from './homes.ts'
import type { InactivityState } from './inactivity-state.ts'
import { matter } from './lateness.ts'
import { clockOf, minuteOfDay } from './local-time.ts'
import { FRESH, isProven } from './proof.ts'
import { backBy, confidenceOf } from './quiet/model.ts'

const HOUR: Millis = 3_600_000

/**
 * Somebody who went out and has not come back by the usual time. Softer than a silence at home: most are late, but a fall right behind
 * the closed door looks the same.
 */
export function checkReturn(state: InactivityState, home: Home, context: Context): readonly Finding[] {
  const isMissed = isLate(state, home, context)
  if (isMissed === state.missed) return NOTHING
  state.missed = isMissed
  if (isMissed) noteAlarm(state, 'not-returned', context.now)
  return isMissed ? [raise(state, home, context)] : [{ act: 'clear', key: keyOf(home), at: context.now }]
}

function isLate(state: InactivityState, home: Home, context: Context): boolean {
  const { world, now } = context
  const { id } = home.resident
  const since = outSince(state, home, context)
  if (state.where.presence !== 'out' || since > now) return false
  // who cannot be heard cannot be seen to come back
  if (state.missed || state.blindSince !== null) return state.missed
  const due = dueBack(state, since, context)
  // before the returns are known: a long outing, and it can wait for the morning
  if (due === undefined) return now - since >= world.threshold('inactivity.away-max-hours', id) * HOUR && mayCall(home, world, now)
  return now >= due && isProven(due - FRESH, sensorsOf(home, state.sparse), context)
}

/** An announced absence is over on its day of return: from then on it is an outing like any other. */
const outSince = ({ where }: InactivityState, { resident }: Home, { now, awayUntil }: Context): Millis =>
  Math.max(where.since, awayUntil?.(resident.id, where.since, now) ?? where.since)
const dueBack = (state: InactivityState, since: Millis, { world }: Context) => backBy(state.quiet.lines.door, since, world.utcOffset)
const keyOf = (home: Home) => matter('not-returned', home.flat, 'actual')

function raise(state: InactivityState, home: Home, context: Context): Finding {
  const { world, now } = context
  const since = outSince(state, home, context)
  const due = dueBack(state, since, context)
  return {
    act: 'raise',
    key: keyOf(home),
    kind: 'not-returned',
    priority: 3,
    status: 'actual',
    placeId: home.flat,
    residentId: home.resident.id,
    at: now,
    evidence: {
      outSince: since,
      minutes: Math.floor((now - since) / 60_000),
      lastDoor: state.door,
      lastSign: state.moved,
      learned: due !== undefined,
      ...(due !== undefined && { backBy: clockOf(minuteOfDay(due, world.utcOffset)), confidence: confidenceOf(state.quiet) }),
    },
  }
}
