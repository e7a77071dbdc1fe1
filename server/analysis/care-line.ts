import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import type { Home } from './homes.ts'
import type { InactivityState } from './inactivity-state.ts'
import { clockOf, hourOfDay, minuteOfDay, sinceMidnight } from './local-time.ts'
import { STEP } from './quiet/grid.ts'
import { usualLength } from './quiet/line.ts'
import { type After, backBy, type Quiet, tooLongUnder } from './quiet/model.ts'
import { startOfDay, usualBy } from './rhythm.ts'
import { NIGHT_FACTOR } from './too-silent.ts'

const MINUTE: Millis = 60_000
const HOUR: Millis = 60 * MINUTE

/**
 * When the silence that began then will be too long: the line that the home has taught, or the plain timer of the safe rules; `factor`: what
 * heat and cold shorten it by.
 */
export function silenceDue(state: InactivityState, from: Millis, home: Home, { world, factor }: { world: World; factor: number }): Millis {
  const learned = tooLongUnder(factor, state.quiet, from, world.utcOffset)
  if (learned !== undefined) return learned
  const { id } = home.resident
  if (state.sparse) return inCallingHours(from + factor * world.threshold('inactivity.sparse-hours', id) * HOUR, id, world)
  const hours = world.threshold('inactivity.hours', id) * HOUR
  const morning = startOfDay(state.rhythm, world.utcOffset) + world.threshold('inactivity.from', id) * HOUR
  return inCallingHours(Math.min(Math.max(from, morning) + factor * hours, from + NIGHT_FACTOR * hours), id, world)
}

/** When somebody who went out then should be back. */
export function returnDue(state: InactivityState, since: Millis, home: Home, world: World): Millis {
  const { id } = home.resident
  const learned = backBy(state.quiet.lines.door, since, world.utcOffset)
  return learned ?? inCallingHours(since + world.threshold('inactivity.away-max-hours', id) * HOUR, id, world)
}

/** A timer that runs out at night waits for the morning. */
function inCallingHours(at: Millis, residentId: string, world: World): Millis {
  const [from, to] = [world.threshold('inactivity.from', residentId), world.threshold('inactivity.to', residentId)]
  const hour = hourOfDay(at, world.utcOffset)
  if (hour >= from && hour < to) return at
  const opens = at - sinceMidnight(at, world.utcOffset) + from * HOUR
  return hour < from ? opens : opens + 24 * HOUR
}

/** By when silences that begin then have usually ended, HH:MM: nine of ten learned ones, or the next half hour that is lively on most days. */
export function usualEnd(state: InactivityState, from: Millis, after: After, world: World): string | null {
  const { utcOffset } = world
  if (state.quiet.lines[after] === undefined) return after === 'home' ? usualBy(state.rhythm, from, utcOffset) : null
  const start = Math.floor(minuteOfDay(from, utcOffset) / STEP)
  return clockOf(minuteOfDay(from + lengthOf(state.quiet, after, start) * MINUTE, utcOffset))
}

/** Worked out from all cells of the home, so once for each day on which its lines are drawn. */
function lengthOf(quiet: Quiet, after: After, start: number): number {
  const before = lengths.get(quiet)
  const kept = before?.drawn === quiet.drawn ? before : { drawn: quiet.drawn, by: new Map<string, number>() }
  lengths.set(quiet, kept)
  const key = `${after}${start}`
  const known = kept.by.get(key) ?? usualLength(quiet[after], start)
  kept.by.set(key, known)
  return known
}
const lengths = new WeakMap<Quiet, { drawn: number; by: Map<string, number> }>()
