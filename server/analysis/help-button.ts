import type { Finding } from '../../shared/finding.ts'
import type { Signal, SignalOf } from '../../shared/signal.ts'
import type { World } from '../../shared/world.ts'
import { type DetectorOver, NOTHING } from './detector.ts'
import { isLate, matter, mayRaise } from './lateness.ts'

/** A press stays until people have been there: nothing on the button's side ever takes it back. Presses in one place are one matter (A4). */
export const helpButton: DetectorOver<null> = (world) => ({
  name: 'help-button',
  types: ['linwang.help'],
  keyOf: (signal) => signal.placeId,
  start: () => null,
  isBlank: () => true,
  onSignal: (_state, signal) => (mayRaise(signal, world) ? [pressed(signal as SignalOf<'linwang.help'>, world)] : NOTHING),
})

function pressed(signal: SignalOf<'linwang.help'>, world: World): Finding {
  return {
    act: 'raise',
    key: matter('help', signal.placeId, signal.status),
    kind: 'help',
    priority: 1,
    status: signal.status,
    placeId: signal.placeId,
    deviceId: signal.deviceId,
    residentId: presser(signal, world),
    at: signal.at,
    evidence: { pressedAt: signal.at, receivedAt: signal.receivedAt, ...causeOf(signal.data) },
    latched: true,
    late: isLate(signal),
    ...(signal.repeat && { repeat: 'lasting' }),
  }
}

/** What a panel says of it: under duress whoever stands beside must not notice that it was understood. */
const causeOf = (data: object): Record<string, string> =>
  'cause' in data && typeof data.cause === 'string' ? { cause: data.cause.slice(0, 40) } : {}

/** Who pressed, where the button says so or only one person lives there. */
function presser(signal: Signal & { data: { residentId?: string } }, world: World): string | undefined {
  if (signal.data.residentId !== undefined && world.resident(signal.data.residentId)) return signal.data.residentId
  const home = world.residentsAt(signal.placeId)
  return home.length === 1 ? home[0]!.id : home.find(({ categories }) => categories.includes('living-alone'))?.id
}
