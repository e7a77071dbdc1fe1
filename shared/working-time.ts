import type { Millis } from './status.ts'

/** When people work at a place, local time. */
export interface WorkingTime {
  /** minutes east of UTC */
  readonly utcOffset: number
  /** the hours of a working day, minutes of the day, in order and apart */
  readonly spans: readonly (readonly [from: number, to: number])[]
  /** of days that are not as their weekday says: whether YYYY-MM-DD is worked; undefined: as the weekday says */
  worked(day: string): boolean | undefined
}

const MINUTE: Millis = 60_000
const DAY: Millis = 86_400_000
/** Nobody has holidays longer than this: a register that says so is wrong, and the clock runs on. */
const LONGEST_BREAK = 60

/** The time at which so much working time has gone by after `from`; nothing to wait for is `from` itself. */
export function addWorking(time: WorkingTime, from: Millis, ms: Millis): Millis {
  if (ms <= 0) return from + ms
  let left = ms
  for (const [start, end] of spansFrom(time, from)) {
    if (end - start >= left) return start + left
    left -= end - start
  }
  return from + ms
}

/** How much working time lies between; less than nothing when `to` comes first. */
export function workingBetween(time: WorkingTime, from: Millis, to: Millis): Millis {
  if (to < from) return -workingBetween(time, to, from)
  let sum = 0
  for (const [start, end] of spansFrom(time, from)) {
    if (start >= to) break
    sum += Math.min(end, to) - start
  }
  return sum
}

/** The hours of work from a time on, the first one cut; ends after a break that nobody has. */
function* spansFrom(time: WorkingTime, from: Millis): Generator<[Millis, Millis]> {
  let idle = 0
  for (let midnight = midnightOf(time, from); idle <= LONGEST_BREAK; midnight += DAY) {
    const own = isWorkday(time, midnight) ? spansOf(time, midnight, from) : []
    idle = own.length > 0 ? 0 : idle + 1
    yield* own
  }
}

const spansOf = ({ spans }: WorkingTime, midnight: Millis, from: Millis): [Millis, Millis][] =>
  spans.flatMap(([start, end]): [Millis, Millis][] => {
    const [begins, ends] = [Math.max(from, midnight + start * MINUTE), midnight + end * MINUTE]
    return begins < ends ? [[begins, ends]] : []
  })

const midnightOf = ({ utcOffset }: WorkingTime, at: Millis) => Math.floor((at + utcOffset * MINUTE) / DAY) * DAY - utcOffset * MINUTE

function isWorkday(time: WorkingTime, midnight: Millis): boolean {
  const local = new Date(midnight + time.utcOffset * MINUTE)
  return time.worked(local.toISOString().slice(0, 10)) ?? ![0, 6].includes(local.getUTCDay())
}
