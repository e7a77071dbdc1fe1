const MINUTE = 60_000
/** A clock this near to the receipt is right. */
export const NEAR = 2 * MINUTE
/** No zone is nearer to UTC, minutes: less is a clock that runs ahead; none is farther. */
const NARROWEST = 60
const WIDEST = 14 * 60

/** Minutes from one to the other when it is a zone: none, or whole quarters of an hour, one hour at least and 14 at most. */
export function zoneBetween(wall: number | undefined, utc: number): number | undefined {
  if (wall === undefined) return undefined
  const minutes = Math.round((wall - utc) / (15 * MINUTE)) * 15 || 0
  const isZone = minutes === 0 || (Math.abs(minutes) >= NARROWEST && Math.abs(minutes) <= WIDEST)
  return isZone && Math.abs(wall - utc - minutes * MINUTE) <= NEAR ? minutes : undefined
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
  return between > 0 && between % 30 === 0 ? between : undefined
}
