import type { Millis } from '../../shared/status.ts'
import { type Day, dayOf, nextDay } from './day.ts'
import type { Happening } from './happening.ts'
import type { Mutes } from './mutes.ts'
import { planDay } from './plan.ts'
import { createRounds, EVERY } from './rounds.ts'
import type { Town } from './town.ts'
import { waterReading } from './water.ts'

/** The everyday of the town: what was planned for the day, and the devices' rounds. */
export interface Life {
  /** what a house that was switched off until now has missed since then, at most since midnight: see `history.ts` */
  history(since: Millis): Happening[]
  /** what happens after the last call, up to now */
  step(now: Millis): Happening[]
}

const HOUR = 60 * 60_000
const LONGEST_ROUND = 8 * HOUR
const ROUGHLY_A_STEP = 10 * 60_000

export function createLife(town: Town, mutes: Mutes, utcOffset: number, started: Millis): Life {
  const rounds = createRounds(town.devices)
  const meters = new Map(town.careHomes.flatMap(({ water, flat }) => (water ? [[water, flat] as const] : [])))
  const careDevices = new Set<string>(town.careHomes.flatMap(({ living, bedroom, who }) => [living, bedroom, who.door ?? '']))
  const slow = new Set(town.devices.filter(({ kind }) => EVERY[kind] * 60_000 > HOUR).map(({ id }) => id))
  /** older reports that say something: that a home was listened to all along, and that a detector with a slow round is there */
  const tells = ({ deviceId }: Happening) => careDevices.has(deviceId) || slow.has(deviceId)
  const drawn = new Map<string, number>()
  let day: Day = dayOf(started, utcOffset)
  let plan = planDay(town, day)
  let next = 0
  let now = started

  const happens = (happening: Happening) => {
    if (mutes.isMuted(happening)) return false
    if (happening.what === 'water') drawn.set(happening.deviceId, happening.reading)
    return true
  }
  /** The meter of one who lives alone goes on only when the tap ran: a reading that creeps up by itself would be a sign of life. */
  const asReported = (report: Happening): Happening => {
    const flat = meters.get(report.deviceId)
    if (flat === undefined) return report
    const reading = drawn.get(report.deviceId) ?? waterReading(report.deviceId, day.start)
    return { at: report.at, what: 'water', deviceId: report.deviceId, reading }
  }
  const takeUntil = (to: Millis): Happening[] => {
    const first = next
    while (next < plan.length && plan[next]!.at <= to) next++
    return plan.slice(first, next)
  }

  return {
    history(since) {
      const lived = takeUntil(started).filter(happens)
      const lately = started - HOUR
      const reported = rounds.due(Math.max(since, Math.min(day.start, started - LONGEST_ROUND)), started)
      return [
        ...lived.filter(({ at, what }) => at > since && (what !== 'sighting' || at > lately)),
        ...reported.filter((one) => (one.at > lately || tells(one)) && !mutes.isMuted(one)).map(asReported),
      ].sort((a, b) => a.at - b.at)
    },
    step(to) {
      const from = Math.max(now, to - ROUGHLY_A_STEP)
      if (to <= from) return []
      const found: Happening[] = []
      while (dayOf(to, utcOffset).n > day.n) {
        found.push(...plan.slice(next))
        day = nextDay(day)
        plan = planDay(town, day)
        next = 0
      }
      found.push(...takeUntil(to))
      now = to
      const lived = found.filter((one) => one.at > from && happens(one))
      return [
        ...lived,
        ...rounds
          .due(from, to)
          .map(asReported)
          .filter((one) => !mutes.isMuted(one)),
      ]
    },
  }
}
