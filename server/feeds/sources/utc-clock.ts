const MINUTE = 60_000
/** A clock this near to the receipt is right. */
export const NEAR = 2 * MINUTE
/** Clocks that were never set say 1970 or 2000. */
export const NEVER_SET_BEFORE = Date.UTC(2001, 0, 1)
/** No zone is nearer to UTC, minutes: less is a clock that runs ahead. */
const NARROWEST = 60

/** Minutes from one to the other when it is a zone: whole quarters of an hour, 14 hours at most. */
export function zoneBetween(wall: number | undefined, utc: number): number | undefined {
  if (wall === undefined) return undefined
  const quarters = Math.round((wall - utc) / (15 * MINUTE))
  const rest = wall - utc - quarters * 15 * MINUTE
  return Math.abs(quarters) <= 14 * 4 && Math.abs(rest) <= NEAR ? quarters * 15 || 0 : undefined
}

/**
 * The zone, in minutes, of a "UTC" that is really local time; undefined when it need not be. Nothing is told before it happens, so a time
 * after the receipt is suspect; one before it is only when it lies back by just the zone where the device stands.
 */
export function zoneOfFalseUtc(utc: number, { now, zone }: { now: number; zone: number }): number | undefined {
  const ahead = utc - now
  if (Math.abs(ahead) <= NEAR) return undefined
  if (zone !== 0 && Math.abs(ahead - zone * MINUTE) <= NEAR) return zone
  const between = ahead > 0 ? (zoneBetween(utc, now) ?? 0) : 0
  return between >= NARROWEST && between % 30 === 0 ? between : undefined
}
