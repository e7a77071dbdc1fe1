import { hash32, seededRandom } from '../../shared/random.ts'
import { type Day, MINUTE } from './day.ts'
import type { Happening } from './happening.ts'
import type { Town } from './town.ts'

/** People, cars and bicycles that cameras see in an hour, by hour of the day. */
const BUSY = [20, 12, 8, 8, 12, 60, 240, 620, 560, 360, 300, 320, 340, 300, 280, 320, 420, 600, 640, 520, 380, 240, 110, 50]

/** What cameras see all day and what is nobody's matter: a walker on a path, a car on a road. */
export function sightingsOf(town: Town, day: Day): Happening[] {
  const random = seededRandom(hash32(`sightings ${day.n}`, town.seed))
  return BUSY.flatMap((count, hour) =>
    Array.from({ length: count }, () => {
      const since = Math.round(day.start + (hour * 60 + random.next() * 60) * MINUTE)
      const label = random.weighted([
        ['person', 12],
        ['car', 5],
        ['bicycle', 3],
        ['dog', 1],
      ])
      const seen = {
        deviceId: random.pick(town.cameras).id,
        label,
        zone: label === 'car' ? 'road' : 'path',
        since,
        score: 0.7 + random.next() * 0.28,
      }
      const lasts = 4_000 + random.next() * 26_000
      return [
        { ...seen, at: since, what: 'sighting' as const, phase: 'new' as const },
        { ...seen, at: Math.round(since + lasts), what: 'sighting' as const, phase: 'end' as const },
      ]
    }).flat(),
  )
}
