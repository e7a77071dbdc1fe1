import type { Finding } from '../../shared/finding.ts'
import type { Millis } from '../../shared/status.ts'
import { type Context, NOTHING } from './detector.ts'
import { type Home, mayCall } from './homes.ts'
import type { InactivityState } from './inactivity-state.ts'
import { matter } from './lateness.ts'

const HOUR: Millis = 3_600_000

/** A2: somebody calls on a person whose home has been blind for hours, or who has not come back for long: an order, no emergency. */
export function checkWelfare(state: InactivityState, home: Home, context: Context): readonly Finding[] {
  const reason = reasonFor(state, home, context)
  if (reason === state.welfare) return NOTHING
  const before = state.welfare
  state.welfare = reason
  if (reason === null) return [{ act: 'clear', key: keyOf(home), at: context.now }]
  return before === null ? [raise(state, home, context, reason)] : NOTHING
}

function reasonFor(state: InactivityState, home: Home, { world, now }: Context): InactivityState['welfare'] {
  const { id } = home.resident
  if (state.blindSince !== null) {
    /** a person seen at a gate since then is known to be well */
    const unseen = Math.max(state.blindSince, state.passed ?? 0)
    return now - unseen >= world.threshold('blind.welfare-hours', id) * HOUR ? 'blind' : null
  }
  /** a long outing can wait for the morning; blindness cannot */
  const away = state.where.presence === 'out' && now - state.where.since >= world.threshold('inactivity.away-max-hours', id) * HOUR
  return away && (state.welfare !== null || mayCall(home, world, now)) ? 'away' : null
}

const keyOf = (home: Home) => matter('welfare-check', home.flat, 'actual')

function raise(state: InactivityState, home: Home, { now }: Context, reason: 'blind' | 'away'): Finding {
  const since = reason === 'blind' ? state.blindSince! : state.where.since
  return {
    act: 'raise',
    key: keyOf(home),
    kind: 'welfare-check',
    priority: 3,
    status: 'actual',
    placeId: home.flat,
    residentId: home.resident.id,
    at: now,
    evidence: { reason, since, minutes: Math.floor((now - since) / 60_000), lastSign: state.moved, lastDoor: state.door },
  }
}
