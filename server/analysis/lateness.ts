import type { Signal } from '../../shared/signal.ts'
import type { Millis, Status } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'

/** From here on a signal is shown as 迟到, ms; below it is the usual way of batteries, gateways and clocks. */
export const LATE_FROM: Millis = 5 * 60_000

const HOUR: Millis = 3_600_000

export const lateness = (signal: Pick<Signal, 'at' | 'receivedAt'>): Millis => signal.receivedAt - signal.at
export const isLate = (signal: Pick<Signal, 'at' | 'receivedAt'>): boolean => lateness(signal) > LATE_FROM

/** I4: too old to act on; it records and teaches. */
export const isHistory = (signal: Pick<Signal, 'at' | 'receivedAt'>, world: World): boolean =>
  signal.receivedAt - signal.at > LATE_FROM && lateness(signal) > world.threshold('late.max-hours') * HOUR

/** I4: a state that is told again, or is too old, raises nothing. */
export const mayRaise = (signal: Signal, world: World): boolean => !signal.replay && !isHistory(signal, world)

/** The name of a matter. What is not actual is a matter of its own (X1). */
export const matter = (family: string, placeId: string, status: Status): string =>
  status === 'actual' ? `${family}/${placeId}` : `${family}/${placeId}/${status}`
