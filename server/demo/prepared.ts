import type { Random } from '../../shared/random.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import type { Stage } from './beats.ts'
import { type Day, MINUTE, minuteOf } from './day.ts'
import { tripsOf } from './habits.ts'
import type { Story } from './story.ts'
import { findTarget, type Target } from './targets.ts'
import { longKnown } from './town.ts'

/** A story that began unseen, hours before the wall shows it. */
export interface Prepared {
  target: Target
  /** when it began to differ from other days, and when the wall shows it */
  from: Millis
  shows: Millis
}

/** What it is prepared from, on the morning of a day or at the start. */
export interface Morning {
  stage: Stage
  world: World
  day: Day
  now: Millis
  /** the story's own on that day */
  random: Random
  /** places where something else is told */
  used: ReadonlySet<string>
}
export type Prepare = (story: Story, morning: Morning) => Prepared[]

/** A silence of so long is over the line of every long known home by day, and short of the safe rules' four hours, ms */
const TOO_LONG = 3 * 60 * MINUTE
/** Minutes after the start at which the silences of the day are to be noticed; a later day has them at hours of its own. */
const SILENCES = [1.2, 95, 230] as const

/** People of long known homes who stop stirring early enough that their silence is noticed soon. */
export const silences: Prepare = (story, { stage, world, day, now, random }) => {
  const used = new Set<string>()
  const first = 'home' in story.target ? story.target.placeId : undefined
  return SILENCES.flatMap((offset, n) => {
    const target = findTarget(story, longKnown(stage.town), world, random, used, 0, n === 0 ? first : undefined)
    if (!target) return []
    used.add(target.placeId)
    const morning = day.start + world.threshold('inactivity.from', target.residentId) * 60 * MINUTE
    const shows = Math.max(now, morning + TOO_LONG) + offset * MINUTE
    if (shows > day.start + (world.threshold('inactivity.to', target.residentId) - 0.5) * 60 * MINUTE) return []
    const from = atHome(stage, target, day, shows - TOO_LONG)
    stage.mutes.home(target.placeId, from)
    return [{ target, from, shows }]
  })
}

/** Nobody falls silent while out: whoever would be out at that time does not leave. */
function atHome(stage: Stage, target: Target, day: Day, from: Millis): Millis {
  const person = stage.town.people.find(({ id }) => id === target.residentId)!
  const at = minuteOf(day, from)
  const trip = tripsOf(person, day, stage.town.seed).find(({ out = 0, back = 1440 }) => at > out - 2 && at < back + 5)
  return trip ? day.start + ((trip.out ?? 0) - 2) * MINUTE : from
}

/** On a school day one child dawdles on the way home. */
export const lateChildren: Prepare = (story, { stage, world, day, now, random }) => {
  if (day.weekday > 5) return []
  const target = findTarget(story, stage.town, world, random, new Set(), 0)
  if (!target?.residentId) return []
  const from = day.start + 15 * 60 * MINUTE
  const shows = Math.max(now + 1.5 * MINUTE, day.start + world.threshold('child.home-by', target.residentId) * MINUTE)
  if (shows > day.start + 22 * 60 * MINUTE) return []
  stage.mutes.person(target.residentId, from)
  stage.astray.add(target.residentId)
  return [{ target, from, shows }]
}
