import { hash32 } from '../../shared/random.ts'
import { type Day, MINUTE } from './day.ts'
import type { Trip } from './habits.ts'
import type { Happening } from './happening.ts'
import type { Townsman } from './town.ts'

/** What gates and the own door notice of somebody's ways. */
export function passagesOf(person: Townsman, trips: readonly Trip[], day: Day): Happening[] {
  return trips.flatMap((trip, n) => {
    const hash = hash32(`${person.id} ${day.n} ${n}`)
    return [...way(person, day, trip.out, trip.leaves, 'out', hash), ...way(person, day, trip.back, trip.leaves, 'in', hash >>> 3)]
  })
}

function way(person: Townsman, day: Day, minute: number | undefined, leaves: boolean, direction: 'in' | 'out', hash: number): Happening[] {
  if (minute === undefined || minute < 0 || minute >= 1440) return []
  const at = Math.round(day.start + minute * MINUTE)
  const sign = direction === 'out' ? 1 : -1
  const walk = sign * (90_000 + (hash % 180_000))
  const known = { residentId: person.id, credential: credentialOf(hash) }
  // by day a visitor's hand on the button inside opens as well: then nobody is known
  const unknown = direction === 'out' && !person.alone && !person.leftBehind && hash % 10 < 3
  const who = unknown ? {} : known
  const pass = (deviceId: string, when: number): Happening => ({
    at: when,
    what: 'passage',
    deviceId,
    direction,
    who: person.id,
    home: person.alone ? person.flat : undefined,
    ...who,
  })
  return [
    ...(person.door ? door(person, at - sign * 30_000) : []),
    ...(person.unitGate ? [pass(person.unitGate, at)] : []),
    ...(leaves ? [pass(person.estateGate, at + walk)] : []),
  ]
}

const credentialOf = (hash: number) => (hash % 20 < 12 ? 'face' : hash % 20 < 18 ? 'card' : 'code')

function door(person: Townsman, at: number): Happening[] {
  const event = { deviceId: person.door!, home: person.flat, who: person.id, what: 'contact' as const }
  return [
    { ...event, at, open: true },
    { ...event, at: at + 7_000, open: false },
  ]
}
