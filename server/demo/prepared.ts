import { seededRandom } from '../../shared/random.ts'
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
  story: Story
  target: Target
  /** when it began to differ from other days, and when the wall shows it */
  from: Millis
  shows: Millis
}

/** A silence of so long is over the line of every long known home by day, and short of the safe rules' four hours, ms */
const TOO_LONG = 3 * 60 * MINUTE
/** Minutes after the start at which the silences of the day are to be noticed; a later day has them at hours of its own. */
const SILENCES = [1.2, 95, 230] as const

/** People of long known homes who stop stirring early enough that their silence is noticed soon. */
export function silences(stories: readonly Story[], stage: Stage, world: World, day: Day, now: Millis): Prepared[] {
  const story = stories.find(({ target }) => 'home' in target)
  if (!story) return []
  const random = seededRandom(story.seed + day.n)
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
    return [{ story, target, from, shows }]
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
export function lateChildren(stories: readonly Story[], stage: Stage, world: World, day: Day, now: Millis): Prepared[] {
  const story = stories.find(({ target }) => 'child' in target)
  if (!story || day.weekday > 5) return []
  const random = seededRandom(story.seed + day.n)
  const target = findTarget(story, stage.town, world, random, new Set(), 0)
  if (!target?.residentId) return []
  const from = day.start + 15 * 60 * MINUTE
  const shows = Math.max(now + 1.5 * MINUTE, day.start + world.threshold('child.home-by', target.residentId) * MINUTE)
  if (shows > day.start + 22 * 60 * MINUTE) return []
  stage.mutes.person(target.residentId, from)
  stage.astray.add(target.residentId)
  return [{ story, target, from, shows }]
}
