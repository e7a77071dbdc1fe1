import type { HomeData } from './data.ts'
import type { Alarms } from './score.ts'

const DAY = 86_400
const HOUR = 3_600
const SLOTS = 48

/** A fixed timer that calls at any hour; `dial` in hours. */
export const timer = ({ at }: HomeData, hours: number): Alarms => at.map((time) => time + hours * HOUR)

/** A fixed timer that calls between 7 and 22 o'clock only. */
export const dayTimer = ({ at }: HomeData, hours: number): Alarms => at.map((time) => byDay(time + hours * HOUR))

function byDay(at: number): number {
  const hour = (at % DAY) / HOUR
  if (hour < 7) return at + (7 - hour) * HOUR
  return hour >= 22 ? at + (31 - hour) * HOUR : at
}

/** The alert line of Cuddihy et al. 2007 (doi 10.1145/1248054.1248081); `scale` of the whole line is its dial. */
export function alertLine(home: HomeData, absencesKnown: boolean): (scale: number) => Alarms {
  const lines = dailyLines(home, absencesKnown)
  const firstDay = Math.floor(home.at[0]! / DAY)
  return (scale) => home.at.map((at) => crossing(at, lines[Math.floor(at / DAY) - firstDay], scale))
}

const STEP = 600
function crossing(at: number, line: Float64Array | undefined, scale: number): number {
  if (!line) return Number.POSITIVE_INFINITY
  for (let silent = STEP; silent < 72 * HOUR; silent += STEP) {
    if (silent >= Math.max(1800, scale * line[Math.floor(((at + silent) % DAY) / 1800)]!)) return at + silent
  }
  return Number.POSITIVE_INFINITY
}

const WINDOW = 60
const SHARE = 0.97
function dailyLines(home: HomeData, absencesKnown: boolean): (Float64Array | undefined)[] {
  const longest = silenceBySlot(home, absencesKnown)
  return longest.map((_, day) => {
    if (day < 28) return undefined
    const share = Float64Array.from({ length: SLOTS }, (_s, slot) =>
      quantile(
        longest
          .slice(Math.max(0, day - WINDOW), day)
          .map((slots) => slots[slot]!)
          .filter((silent) => silent >= 0),
        SHARE,
      ),
    )
    return share.map(
      (value, slot) => 1.3 * value + 0.4 * [1, 2, 3, 2, 1].reduce((sum, w, n) => sum + (w / 9) * share[(slot + n - 2 + SLOTS) % SLOTS]!, 0),
    )
  })
}

/** The longest silence so far in each half hour of each day, s; -1: nobody was there to be silent. */
function silenceBySlot({ at, away }: HomeData, absencesKnown: boolean): Float64Array[] {
  const first = Math.floor(at[0]! / DAY)
  const days = Math.floor(at.at(-1)! / DAY) - first + 1
  const longest = Array.from({ length: days }, () => new Float64Array(SLOTS).fill(-1))
  let n = 0
  for (let time = first * DAY; time < (first + days) * DAY; time += STEP) {
    while (n + 1 < at.length && at[n + 1]! <= time) n += 1
    if (at[n]! > time) continue
    const until = at[n + 1] ?? time
    if (absencesKnown && away.some(([from, to]) => at[n]! < to && until > from)) continue
    const slots = longest[Math.floor(time / DAY) - first]!
    const slot = Math.floor((time % DAY) / 1800)
    slots[slot] = Math.max(slots[slot]!, time - at[n]!)
  }
  return longest
}

function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return 24 * HOUR
  const sorted = [...values].sort((a, b) => a - b)
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!)
}
