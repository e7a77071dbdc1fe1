import type { Millis } from '../../shared/status.ts'
import type { Context } from './detector.ts'

/** A2: heard now, and without a gap since then. */
export const isHeardSince = (id: string, since: Millis, { isHeard, heardSince }: Pick<Context, 'isHeard' | 'heardSince'>): boolean =>
  isHeard(id) && heardSince(id)! <= since

/** A word so long before the line was crossed still counts. */
export const FRESH: Millis = 15 * 60_000

/**
 * A2: every sensor has spoken since then, for a line can be shorter than the time after which one counts as mute. A sensor that by its own
 * setting may keep still for longer than its kind is trusted.
 */
export function isProven(since: Millis, sensors: readonly string[], { world, now, lastHeard }: Context): boolean {
  return sensors.every((id) => {
    const last = lastHeard(id)
    if (last === undefined || last >= since) return true
    return now - last > world.threshold(`silent.${world.device(id)!.kind}`, id) * 1_000
  })
}
