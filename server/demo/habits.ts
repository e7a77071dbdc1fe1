import { hash32, type Random, seededRandom } from '../../shared/random.ts'
import { type Day, isWeekend } from './day.ts'
import type { Townsman } from './town.ts'

/** Minutes of the day. A night shift's way out and way back fall on different days, so either may be missing. */
export interface Trip {
  out?: number
  back?: number
  /** whether it leads out of the estate, past one of its gates */
  leaves: boolean
}

type Occupation = 'infant' | 'kindergarten' | 'pupil' | 'student' | 'worker' | 'night-worker' | 'homemaker' | 'elder'

/** What somebody does in general; the same for all their days. */
export function occupationOf(person: Townsman, seed: number): Occupation {
  const random = seededRandom(hash32(person.id, seed))
  if (person.age < 3) return 'infant'
  if (person.age < 6) return 'kindergarten'
  if (person.age < 16) return 'pupil'
  if (person.age < 19) return 'student'
  if (person.age >= 60) return 'elder'
  return random.weighted<Occupation>([
    ['worker', 70],
    ['night-worker', 7],
    ['homemaker', 23],
  ])
}

/** The ways of one person on one day, in order; pure and repeatable. */
export function tripsOf(person: Townsman, day: Day, seed: number): Trip[] {
  const random = seededRandom(hash32(`${person.id} ${day.n}`, seed))
  const occupation = occupationOf(person, seed)
  if (person.alone) return alone(random)
  const trips = isWeekend(day) ? WEEKEND[occupation](random) : WEEKDAY[occupation](random, person)
  return trips.filter(({ out = 0, back = 1440 }) => out < back)
}

const about = (random: Random, minute: number, deviation: number) => minute + random.normal(0, deviation)
const walk = (random: Random, from: number, to: number, length: number, leaves = false): Trip => {
  const out = from + random.next() * (to - from)
  return { out, back: out + length * (0.7 + random.next() * 0.6), leaves }
}
const maybe = (random: Random, probability: number, trip: () => Trip) => (random.chance(probability) ? [trip()] : [])
const dusk = (random: Random, probability: number) =>
  maybe(random, probability, () => walk(random, 18 * 60 + 40, 19 * 60 + 30, 50, random.chance(0.3)))
const home = (latest: number, minute: number) => Math.min(latest, minute)

/** A day at work or at school, for some with a meal at home in between. */
function atWork(random: Random, mealAtHome: number, out: number, back: number): Trip[] {
  if (!random.chance(mealAtHome)) return [{ out, back, leaves: true }]
  return [
    { out, back: about(random, 12 * 60, 14), leaves: true },
    { out: about(random, 13 * 60 + 35, 12), back, leaves: true },
  ]
}

const WEEKDAY: Record<Occupation, (random: Random, person: Townsman) => Trip[]> = {
  infant: (random) => maybe(random, 0.5, () => walk(random, 9 * 60, 16 * 60, 50)),
  kindergarten: (random) => [{ out: about(random, 470, 8), back: about(random, 995, 10), leaves: true }],
  pupil(random, { age, leftBehind }) {
    const [out, back] = age < 13 ? [455, 1000] : [425, 1065]
    const latest = leftBehind ? 17 * 60 + 50 : 18 * 60 + 25
    return atWork(random, age < 13 ? 0.4 : 0.15, about(random, out, 8), home(latest, about(random, back, 14)))
  },
  student: (random) => [{ out: about(random, 405, 7), back: about(random, 21 * 60 + 50, 12), leaves: true }],
  worker: (random) => [
    ...atWork(random, 0.22, about(random, 470, 44), about(random, 18 * 60 + 25, 48)),
    ...maybe(random, 0.14, () => walk(random, 20 * 60, 20 * 60 + 40, 45)),
  ],
  'night-worker': (random) => [
    { back: about(random, 8 * 60 + 15, 15), leaves: true },
    { out: about(random, 19 * 60 + 40, 15), leaves: true },
  ],
  homemaker: (random) => [
    ...maybe(random, 0.75, () => walk(random, 8 * 60, 10 * 60, 55, true)),
    ...maybe(random, 0.4, () => walk(random, 10 * 60 + 40, 13 * 60 + 30, 60, true)),
    ...maybe(random, 0.45, () => walk(random, 15 * 60 + 30, 16 * 60 + 10, 50, true)),
    ...dusk(random, 0.4),
  ],
  elder: (random) => [
    ...maybe(random, 0.35, () => walk(random, 6 * 60, 6 * 60 + 40, 45)),
    ...maybe(random, 0.6, () => walk(random, 7 * 60 + 40, 9 * 60 + 30, 55, true)),
    ...maybe(random, 0.3, () => walk(random, 10 * 60 + 30, 12 * 60 + 30, 50, random.chance(0.4))),
    ...maybe(random, 0.3, () => walk(random, 14 * 60 + 20, 15 * 60, 100)),
    ...dusk(random, 0.5),
  ],
}

const outing = (random: Random, probability: number) => maybe(random, probability, () => walk(random, 9 * 60 + 20, 11 * 60, 210, true))
const WEEKEND: Record<Occupation, (random: Random) => Trip[]> = {
  infant: (random) => maybe(random, 0.6, () => walk(random, 9 * 60, 16 * 60, 60)),
  kindergarten: (random) => [
    ...maybe(random, 0.6, () => walk(random, 9 * 60, 10 * 60, 70)),
    ...maybe(random, 0.6, () => walk(random, 15 * 60, 16 * 60, 80)),
  ],
  pupil: (random) => [
    ...maybe(random, 0.6, () => walk(random, 9 * 60 + 10, 10 * 60, 90, random.chance(0.4))),
    ...maybe(random, 0.7, () => walk(random, 14 * 60 + 30, 15 * 60 + 20, 95)),
  ],
  student: (random) => outing(random, 0.6),
  worker: (random) => [
    ...(random.chance(0.25) ? [{ out: about(random, 485, 25), back: about(random, 18 * 60, 40), leaves: true }] : outing(random, 0.55)),
    ...dusk(random, 0.25),
  ],
  'night-worker': (random) => [
    ...maybe(random, 0.5, () => ({ back: about(random, 495, 15), leaves: true })),
    ...maybe(random, 0.5, () => ({ out: about(random, 19 * 60 + 40, 15), leaves: true })),
  ],
  homemaker: (random) => [...maybe(random, 0.8, () => walk(random, 8 * 60, 9 * 60 + 40, 60, true)), ...dusk(random, 0.45)],
  elder: (random) => WEEKDAY.elder(random, {} as Townsman),
}

/** Who lives alone goes to the market and for a walk, is never away for long, and is home before dark. */
const alone = (random: Random): Trip[] => [
  ...maybe(random, 0.72, () => walk(random, 7 * 60 + 40, 8 * 60 + 50, 48, true)),
  ...maybe(random, 0.35, () => walk(random, 14 * 60 + 40, 15 * 60 + 20, 70)),
  ...maybe(random, 0.45, () => walk(random, 18 * 60 + 20, 18 * 60 + 50, 40)),
]
