import type { Finding } from '../../shared/finding.ts'
import type { Millis } from '../../shared/status.ts'
import { type Context, NOTHING } from './detector.ts'
import type { Home } from './homes.ts'
import type { InactivityState } from './inactivity-state.ts'
import { matter } from './lateness.ts'

const HOUR: Millis = 3_600_000

/** A2: somebody calls on a person whose home has been blind for hours: an order, no emergency. */
export function checkWelfare(state: InactivityState, home: Home, context: Context): readonly Finding[] {
  const isDue = isBlindForLong(state, home, context)
  if (isDue === (state.welfare !== null)) return NOTHING
  state.welfare = isDue ? 'blind' : null
  return isDue ? [raise(state, home, context)] : [{ act: 'clear', key: keyOf(home), at: context.now }]
}

/** a person seen at a gate since then is known to be well */
function isBlindForLong({ blindSince, passed }: InactivityState, { resident }: Home, { world, now }: Context): boolean {
  if (blindSince === null) return false
  return now - Math.max(blindSince, passed ?? 0) >= world.threshold('blind.welfare-hours', resident.id) * HOUR
}

const keyOf = (home: Home) => matter('welfare-check', home.flat, 'actual')

function raise(state: InactivityState, home: Home, { now }: Context): Finding {
  const since = state.blindSince!
  return {
    act: 'raise',
    key: keyOf(home),
    kind: 'welfare-check',
    priority: 3,
    status: 'actual',
    placeId: home.flat,
    residentId: home.resident.id,
    at: now,
    evidence: { reason: 'blind', since, minutes: Math.floor((now - since) / 60_000), lastSign: state.moved, lastDoor: state.door },
  }
}
