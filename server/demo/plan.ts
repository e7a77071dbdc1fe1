import type { Day } from './day.ts'
import { tripsOf } from './habits.ts'
import type { Happening } from './happening.ts'
import { homeLife } from './home-life.ts'
import { passagesOf } from './passages.ts'
import { sightingsOf } from './sightings.ts'
import type { Town } from './town.ts'

export interface PlanParts {
  /** the homes of those who live alone, and nothing else */
  homesOnly?: boolean
}

/** All that happens in the town on one day, in order of time: some 60,000 small things. The same seed and day give the same plan. */
export function planDay(town: Town, day: Day, { homesOnly = false }: PlanParts = {}): Happening[] {
  const found: Happening[] = []
  const homes = new Map(town.careHomes.map((home) => [home.flat, home]))
  for (const person of town.people) {
    if (homesOnly && !person.alone) continue
    const trips = tripsOf(person, day, town.seed)
    for (const happening of passagesOf(person, trips, day)) found.push(happening)
    const home = person.alone ? homes.get(person.flat) : undefined
    if (home) for (const happening of homeLife(home, day, trips, town.seed)) found.push(happening)
  }
  if (!homesOnly) for (const happening of sightingsOf(town, day)) found.push(happening)
  return found.sort((a, b) => a.at - b.at)
}
