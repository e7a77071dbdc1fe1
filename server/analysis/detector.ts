import type { Alert } from '../../shared/alert.ts'
import type { Feed } from '../../shared/feed.ts'
import type { Finding } from '../../shared/finding.ts'
import type { Signal, SignalType } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import type { WarningInForce } from './warnings-in-force.ts'

/** What a detector may know beside its own state. Nothing else: no clock, no randomness, no I/O (A1). */
export interface Context {
  readonly world: World
  /** domain time: receipt of the signal, or the tick, ms */
  readonly now: Millis
  /** occurrence of the device's last live signal; undefined: never heard */
  lastHeard(deviceId: string): Millis | undefined
  /** since when it has been heard without a gap, by occurrence; undefined: never heard, or not known */
  heardSince(deviceId: string): Millis | undefined
  /** whether its silence would mean something now (A2) */
  isHeard(deviceId: string): boolean
  /** what people set of a feed */
  feed(id: string): FeedRule | undefined
  /** whether the whole feed through which the device speaks is out: one matter, and the engineer's (A4) */
  isFeedOut(deviceId: string): boolean
  /** the last day of return of the announced absences that touch the span; undefined: none does */
  awayUntil?(residentId: string, from: Millis, to: Millis): Millis | undefined
  /** public warnings that hold now, exercises too */
  warnings(): readonly WarningInForce[]
}

/** What of a feed's record concerns its silence. */
export type FeedRule = Pick<Feed, 'state' | 'silentAfter'>

/**
 * One rule of analysis over one world. It keeps one state for each key (a flat, a person): plain JSON, changed in place, saved with the
 * checkpoint. Signals come in commit order; some are late, some are replays: see `lateness.ts`.
 */
export interface Detector<S> {
  readonly name: string
  readonly types: readonly SignalType[]
  /** whose state the signal concerns; undefined: nobody's */
  keyOf(signal: Signal): string | undefined
  /** keys that live without any signal */
  seeds?(): Iterable<string>
  start(key: string): S
  onSignal(state: S, signal: Signal, context: Context): readonly Finding[]
  /** at least once a minute of domain time, for each key */
  onTick?(state: S, context: Context, key: string): readonly Finding[]
  /** what a tick may have changed of a state: with the same stamp as before it need not be saved again */
  stamp?(state: S): string
  /** what people found an alert to be, where it can learn from that: the state by its key */
  judged?: { keyOf(alert: Alert): string | undefined; take(state: S, alert: Alert): void }
  /** a state that says no more than a new one: need not be kept */
  isBlank?(state: S): boolean
}

/** Look-ups over the registers are made once for each world; states outlive it. */
export type DetectorOver<S> = (world: World) => Detector<S>

export const NOTHING: readonly Finding[] = []
