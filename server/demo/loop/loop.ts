import type { Incident } from '../../../shared/incident.ts'
import type { Order } from '../../../shared/order.ts'
import { hash32, seededRandom } from '../../../shared/random.ts'
import type { Millis } from '../../../shared/status.ts'
import type { World } from '../../../shared/world.ts'
import type { Caller, Who } from '../rest.ts'
import { fillBoard } from './board.ts'
import { createDesk } from './desk.ts'
import { createHands } from './hands.ts'
import { createMicrophone } from './microphone.ts'
import { createOwn } from './own.ts'
import { createRatings } from './ratings.ts'
import { createReporters } from './reporters.ts'
import { createRhythm, type RhythmPace } from './rhythm.ts'
import { createTries } from './tries.ts'

/** The part of the town's people in the closed loop: they report, sort, send, go, verify and rate, by the doors that everybody has. */
export interface Loop {
  /** once, at the start */
  begin(now: Millis): Promise<void>
  isTheirs(order: Order): boolean
  /** the step that was taken, for the stories */
  work(order: Order, now: Millis): Promise<string | undefined>
  sort(incident: Incident, now: Millis): Promise<void>
  /** reports what is due, rates what is over, confirms what is to be said aloud */
  step(open: readonly Incident[], now: Millis): Promise<void>
}

export interface LoopOptions {
  call: (who: Who) => Caller
  world: World
  community: string
  seed: number
  pace: RhythmPace
  /** real ms */
  monotonic: () => number
}

export function createLoop({ call, world, community, seed, pace, monotonic }: LoopOptions): Loop {
  const random = (part: string) => seededRandom(hash32(part, seed))
  const officer = (now: Millis) => call({ role: 'officer', staffId: world.onDuty('officer', community, now)?.id })
  const mayTry = createTries()
  const own = createOwn()
  const desk = createDesk(officer, world, own, mayTry, seed)
  const hands = createHands({ call, officer, world, own, mayTry, seed })
  const ratings = createRatings(call, random('ratings'))
  const rhythm = createRhythm(random('rhythm'), pace, world.utcOffset, monotonic())
  const reporters = createReporters({ call, world, random: random('reports'), rhythm, own, ratings })
  const speak = createMicrophone(officer, mayTry, seed)
  return {
    begin: (now) => fillBoard(call, world, community, random('board'), now),
    isTheirs: hands.isTheirs,
    work: hands.work,
    sort: desk.look,
    async step(open, now) {
      await reporters.step(open, now, monotonic())
      await ratings.step(new Set(open.map(({ id }) => id)), now)
      await speak(now)
    },
  }
}
