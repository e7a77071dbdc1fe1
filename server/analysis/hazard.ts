import type { Finding } from '../../shared/finding.ts'
import type { Signal, SignalOf } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import { type Context, type DetectorOver, NOTHING } from './detector.ts'
import { hazardKind } from './kinds.ts'
import { isLate, matter, mayRaise } from './lateness.ts'

type HazardSignal = SignalOf<'linwang.hazard'>

/** What each detector of one place last said, by device and hazard: the matter is over when the last of them is. */
export interface HazardState {
  active: Record<string, Millis>
  /** the last all-clear of each, against news that come out of order */
  cleared: Record<string, Millis>
}

const keyOf = (signal: HazardSignal) => matter(hazardKind(signal.data.hazard).family ?? signal.data.hazard, signal.placeId, signal.status)

export const hazard: DetectorOver<HazardState> = () => ({
  name: 'hazard',
  types: ['linwang.hazard'],
  keyOf: (signal) => keyOf(signal as HazardSignal),
  start: () => ({ active: {}, cleared: {} }),
  isBlank: ({ active, cleared }) => isEmpty(active) && isEmpty(cleared),
  onSignal: (state, signal, context) =>
    (signal as HazardSignal).data.active ? raised(state, signal as HazardSignal, context) : cleared(state, signal as HazardSignal),
})

const isEmpty = (record: object) => {
  for (const _ in record) return false
  return true
}
const source = ({ deviceId, data }: HazardSignal) => `${deviceId} ${data.hazard}`

function raised(state: HazardState, signal: HazardSignal, { world }: Context): readonly Finding[] {
  if (!mayRaise(signal, world)) return NOTHING
  const from = source(signal)
  const raise = finding(signal)
  if (signal.at < (state.cleared[from] ?? 0)) return overAlready(state, signal, raise)
  state.active[from] = Math.max(signal.at, state.active[from] ?? 0)
  return [raise]
}

/** The all-clear overtook the alarm on its way: the alarm is told all the same, and that it is over. */
const overAlready = (state: HazardState, signal: Signal, raise: Finding): Finding[] =>
  isEmpty(state.active) ? [raise, { act: 'clear', key: raise.key, at: signal.at }] : [raise]

function cleared(state: HazardState, signal: HazardSignal): readonly Finding[] {
  const from = source(signal)
  const since = state.active[from]
  if (since === undefined) return overtaking(state, signal, from)
  if (signal.at < since) return NOTHING
  delete state.active[from]
  state.cleared[from] = signal.at
  return isEmpty(state.active) ? [{ act: 'clear', key: keyOf(signal), at: signal.at }] : NOTHING
}

/** A detector that says all is well, as it does all day, leaves no trace; only where an alarm was is the all-clear remembered. */
function overtaking(state: HazardState, signal: HazardSignal, from: string): readonly Finding[] {
  if (from in state.cleared) state.cleared[from] = Math.max(signal.at, state.cleared[from]!)
  return NOTHING
}

function finding(signal: HazardSignal): Finding {
  const { hazard: code } = signal.data
  return {
    act: 'raise',
    key: keyOf(signal),
    kind: `hazard.${code}`,
    priority: hazardKind(code).priority,
    status: signal.status,
    placeId: signal.placeId,
    deviceId: signal.deviceId,
    at: signal.at,
    evidence: { hazard: code, since: signal.at },
    late: isLate(signal),
    ...(signal.repeat && { repeat: 'lasting' }),
  }
}
