import { hash32, type Random, seededRandom } from '../../shared/random.ts'
import type { Day } from './day.ts'
import { MINUTE } from './day.ts'
import type { Trip } from './habits.ts'
import type { Happening } from './happening.ts'
import type { CareHome } from './town.ts'
import { waterReading } from './water.ts'

/** A PIR sensor reports that the room is empty when nothing has stirred for this long, ms. */
const CLEARS_AFTER = 90_000

/** What the sensors of one who lives alone notice in a day. Never still for two hours while up and at home. */
export function homeLife(home: CareHome, day: Day, trips: readonly Trip[], seed: number): Happening[] {
  const random = seededRandom(hash32(`${home.flat} ${day.n}`, seed))
  const person = seededRandom(hash32(home.flat, seed))
  const wake = 5 * 60 + 40 + person.next() * 45 + random.normal(0, 6)
  const sleep = 21 * 60 + person.next() * 60 + random.normal(0, 8)
  const nap = random.chance(0.7) ? { from: 12 * 60 + 40, to: 13 * 60 + 35 + random.next() * 25 } : { from: 0, to: 0 }
  const isHome = (minute: number) => trips.every(({ out, back }) => minute < (out ?? 0) || minute > (back ?? 0) + 1)
  const up = stirs(random, wake, sleep).filter((minute) => isHome(minute) && (minute < nap.from || minute > nap.to))
  const night = [random.next() * 120 + 20, random.next() * 100 + 180].filter(() => random.chance(0.75))
  const cameHome = trips.flatMap(({ back }) => (back === undefined ? [] : [back + 0.7]))
  const inLiving = [...up.filter(() => random.chance(0.66)), ...cameHome].sort((a, b) => a - b)
  const inBedroom = [...up.filter(() => random.chance(0.4)), ...night, wake, sleep].sort((a, b) => a - b)
  return [
    ...motion(home, home.living, inLiving, day),
    ...motion(home, home.bedroom, inBedroom, day),
    ...water(random, home, [...night, ...up], day),
  ]
}

/** Minutes at which somebody moves about: every few minutes when busy, sometimes half an hour in the armchair. */
function stirs(random: Random, from: number, to: number): number[] {
  const found: number[] = []
  for (let minute = from; minute < to; minute += random.chance(0.16) ? 18 + random.next() * 22 : 2 + random.next() * 11) found.push(minute)
  return found
}

function motion(home: CareHome, deviceId: string, minutes: readonly number[], day: Day): Happening[] {
  const found: Happening[] = []
  let until = 0
  for (const minute of minutes) {
    const at = Math.round(day.start + minute * MINUTE)
    if (at > until) {
      if (until) found.push({ at: until, what: 'motion', occupied: false, deviceId, home: home.flat })
      found.push({ at, what: 'motion', occupied: true, deviceId, home: home.flat })
    }
    until = at + CLEARS_AFTER
  }
  if (until) found.push({ at: until, what: 'motion', occupied: false, deviceId, home: home.flat })
  return found
}

/** The tap runs now and then when somebody is about; the meter says so a minute later. */
function water(random: Random, home: CareHome, minutes: readonly number[], day: Day): Happening[] {
  const deviceId = home.water
  if (!deviceId) return []
  return minutes
    .filter(() => random.chance(0.22))
    .map((minute) => {
      const at = Math.round(day.start + (minute + 1) * MINUTE)
      return { at, what: 'water', reading: waterReading(deviceId, at), deviceId, home: home.flat }
    })
}
