import { seededRandom } from '../../shared/random.ts'
import type { Millis } from '../../shared/status.ts'
import type { World } from '../../shared/world.ts'
import { curtain, play, type Stage } from './beats.ts'
import { dayOf, MINUTE, minuteOf } from './day.ts'
import type { Happening } from './happening.ts'
import { lateChildren, type Prepare, silences } from './prepared.ts'
import type { Beat, Crew, CrewStep, Ending, Story } from './story.ts'
import { findTarget, inHours, type Target } from './targets.ts'
import { gatewaysOut, lateReturns } from './unseen.ts'

export interface Run {
  story: Story
  ending: Ending
  target: Target
  begun: Millis
  /** when it is over whatever people did */
  until: Millis
  queue: { at: Millis; beat: Beat }[]
  /** it waits for its hour: it fills no place among those that are on the wall now */
  quietUntil: Millis
}

export interface Director {
  /** stories that began before the start: a silence of hours, a child that has been out since school. Call before history is sent. */
  prepare(now: Millis): void
  /** begins what is due, ends what is over, and says what the devices of the stories notice up to now */
  step(now: Millis, real: Millis): Happening[]
  /** how people answer to a matter at this place */
  crewFor(placeId: string, kind: string): Crew | undefined
  /** people took a step: the story goes on */
  acted(placeId: string, step: CrewStep, at: Millis): void
  runs(): readonly Run[]
}

/** At most so many matters at once: a wall that never rests is no believable wall. */
const MOST = 4
export interface Pace {
  /** real ms from the start to the first story */
  first: number
  /** real ms between two beginnings, however fast the clock runs */
  gap: number
  /** domain ms between two beginnings: at least, at most */
  rest: readonly [number, number]
  /** every story is told once and no more */
  once?: boolean
}

export function createDirector(
  stories: readonly Story[],
  stage: Stage,
  world: World,
  seed: number,
  pace: Pace,
  startedReal: Millis,
): Director {
  const random = seededRandom(seed)
  const runs: Run[] = []
  const told = new Set<string>()
  /** what follows a beat a little later: the door falls shut, the room is empty again */
  let coming: Happening[] = []
  let nextAt = 0
  let nextReal = startedReal + pace.first
  let count = 0
  let preparedDay = -1

  const minute = (now: Millis) => Math.floor(minuteOf(dayOf(now, world.utcOffset), now))
  const taken = () => new Set(runs.map(({ target }) => target.placeId))
  const begin = (story: Story, target: Target, now: Millis, quietUntil = now) => {
    const own = seededRandom(story.seed + count++)
    const ending = own.weighted(story.endings.map((one) => [one, one.weight] as const))
    const run: Run = { story, ending, target, begun: now, until: quietUntil + story.lasts * MINUTE, quietUntil, queue: [] }
    enqueue(run, [...story.begin, ...(ending.beats ?? [])], quietUntil)
    runs.push(run)
    if (pace.once) told.add(story.id)
    return run
  }
  const beginNext = (now: Millis, first: boolean) => {
    const fit = stories.filter(
      ({ weight, hours: [from, to], opens, target }) =>
        weight > 0 && (!first || opens) && !isPrepared(target) && inHours({ from, to }, minute(now)),
    )
    const recent = new Set([...runs.map(({ story }) => story.id), ...told])
    const fresh = fit.filter(({ id }) => !recent.has(id))
    if (fresh.length === 0) return
    const story = random.weighted(fresh.map((one) => [one, one.weight] as const))
    const target = findTarget(story, stage.town, world, random, taken(), minute(now))
    if (target) begin(story, target, now)
  }
  const prepareDay = (now: Millis) => {
    const day = dayOf(now, world.utcOffset)
    if (day.n === preparedDay) return
    preparedDay = day.n
    for (const [kind, prepare] of Object.entries(PREPARE)) {
      const story = stories.find(({ target }) => kind in target)
      if (!story) continue
      const morning = { stage, world, day, now, random: seededRandom(story.seed + day.n), used: taken() }
      for (const { target, from, shows } of prepare(story, morning)) if (!taken().has(target.placeId)) begin(story, target, from, shows)
    }
  }

  return {
    prepare: prepareDay,
    runs: () => runs,
    step(now, real) {
      prepareDay(now)
      const active = runs.filter(({ quietUntil }) => quietUntil <= now).length
      if (real >= nextReal && now >= nextAt && active < MOST) {
        beginNext(now, nextAt === 0)
        nextAt = now + pace.rest[0] + random.next() * (pace.rest[1] - pace.rest[0])
        nextReal = real + pace.gap
      }
      const found = [...coming, ...runs.flatMap((run) => due(run, now, stage))]
      for (const run of runs.filter(({ until }) => until <= now)) found.push(...curtain(now, run.target, stage))
      runs.splice(0, runs.length, ...runs.filter(({ until }) => until > now))
      coming = found.filter(({ at }) => at > now)
      return found.filter(({ at }) => at <= now)
    },
    crewFor: (placeId) => runOf(runs, placeId)?.ending.crew,
    acted(placeId, step, at) {
      const run = runOf(runs, placeId)
      if (!run) return
      enqueue(run, run.ending.on?.[step] ?? [], at)
      if (step === 'verify') run.until = Math.min(run.until, at + 2 * MINUTE)
    },
  }
}

/** Stories that begin unseen, by the kind of their target. */
const PREPARE: Record<string, Prepare> = { home: silences, child: lateChildren, outing: lateReturns, gateway: gatewaysOut }
const isPrepared = (target: Story['target']) => Object.keys(PREPARE).some((kind) => kind in target)
const runOf = (runs: readonly Run[], placeId: string) =>
  runs.find(({ target }) => target.placeId === placeId) ?? runs.find(({ target }) => target.placeId.startsWith(`${placeId}-`))

function enqueue(run: Run, beats: readonly Beat[], from: Millis) {
  run.queue.push(...beats.map((beat) => ({ at: from + beat.after * 1000, beat })))
  run.queue.sort((a, b) => a.at - b.at)
}

function due(run: Run, now: Millis, stage: Stage): Happening[] {
  const found: Happening[] = []
  while (run.queue[0] && run.queue[0].at <= now) {
    const { at, beat } = run.queue.shift()!
    found.push(...play(beat, at, run.target, stage))
  }
  return found
}
