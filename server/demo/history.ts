import { DAY, dayOf, MINUTE } from './day.ts'
import type { Happening } from './happening.ts'
import { planDay } from './plan.ts'
import { longKnown, type Town } from './town.ts'

/** Days before today that every home of those living alone tells of: three make what is usual known, and the last counts a little later. */
const DAYS = 4
/** Days that the long known homes tell of: a line of their own takes 28. */
const LONG_DAYS = 35
/** What is older counts for the line, and no more for how lively a half hour usually is. */
const LIVELY_DAYS = 14
/** Passages are kept for so many days and no longer. */
const PASSAGE_DAYS = 30

/** What gateways kept of the days before, day by day: signs of life alone. Too old to act on, it teaches what is usual (I4). */
export function* earlierDays(town: Town, now: number, utcOffset: number): Generator<Happening[]> {
  const known = longKnown(town)
  for (let ago = LONG_DAYS; ago > 0; ago--) {
    const day = dayOf(now - ago * DAY, utcOffset)
    const signs = planDay(ago > DAYS ? known : town, day, { homesOnly: true }).filter(isSignOfLife)
    yield (ago > LIVELY_DAYS ? thinned(signs) : signs).filter(({ what }) => what !== 'passage' || ago < PASSAGE_DAYS)
  }
}

const isSignOfLife = (one: Happening) => (one.what === 'motion' && one.occupied) || one.what === 'contact' || one.what === 'passage'

/** Between two signs of a busy home; silences begin to be counted at half an hour. */
const BUSY = 15 * MINUTE

/** Without what a busy home adds to its signs: no silence of half an hour gets longer or shorter. */
function thinned(signs: readonly Happening[]): Happening[] {
  return [...Map.groupBy(signs, ({ home }) => home).values()].flatMap((own) => {
    let last = 0
    return own.filter(({ at, what }, n) => {
      const isKept = what !== 'motion' || at - last >= BUSY || (own[n + 1]?.at ?? Infinity) - at >= BUSY
      if (isKept) last = at
      return isKept
    })
  })
}
