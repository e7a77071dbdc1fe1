import type { Registers } from '../../shared/registers.ts'
import type { Millis } from '../../shared/status.ts'
import { createWorld } from '../registers/world.ts'
import type { Stage } from './beats.ts'
import { createCast } from './cast.ts'
import { MINUTE } from './day.ts'
import { createDirector, type Pace } from './director.ts'
import type { Happening } from './happening.ts'
import { earlierDays } from './history.ts'
import { createLife } from './life.ts'
import { createLoop } from './loop/loop.ts'
import { linkSpeakers } from './loop/speaker-link.ts'
import { createMutes } from './mutes.ts'
import { openOutlet } from './outlet.ts'
import { askClock } from './remote-clock.ts'
import { createSwitchboard } from './rest.ts'
import type { Story } from './story.ts'
import { createTown } from './town.ts'

export interface SimulationOptions {
  baseUrl: string
  feedKey: string
  mqttUrl?: string | undefined
  seed: number
  registers: Registers
  stories: readonly Story[]
  pace?: Partial<Pacing>
}

/** Real ms. */
export interface Pacing extends Pace {
  step: number
  /** from the start to the first report */
  reports: number
  askClock: number
  look: number
}
const PACING: Pacing = {
  step: 1000,
  askClock: 2000,
  look: 2000,
  reports: 35_000,
  first: 20_000,
  gap: 12_000,
  rest: [3 * MINUTE, 6 * MINUTE],
}

export interface Simulation {
  /** domain time up to which its people have looked and done what they do */
  seen(): Millis
  /** resolves when it has gone quiet */
  stop(): Promise<void>
}

/** Detectors that nobody has ever heard: what a real estate always has. */
const NEVER_HEARD = new Set(['smoke-b07-u2-402', 'smoke-b23-u1-601', 'smoke-b38-u2-201'])

/** Lives the town's day against a running server, by its real feeds and its REST API alone. */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const { baseUrl, registers, seed, stories } = options
  const pace = { ...PACING, ...options.pace }
  const world = createWorld(registers)
  const clock = await askClock(baseUrl)
  const started = Math.floor(clock.now())
  const town = createTown(world, seed, new Date(started))
  const stage: Stage = { town, mutes: createMutes(), dark: new Set(), seen: new Map(), hazards: new Map(), astray: new Set() }
  const outlet = await openOutlet({ ...options, device: world.device, dark: stage.dark })
  const director = createDirector(stories, stage, world, seed, pace, performance.now())
  const call = createSwitchboard(baseUrl)
  const community = registers.places.find(({ kind }) => kind === 'community')?.id ?? ''
  const loop = createLoop({
    call,
    world,
    community,
    seed,
    pace: { first: pace.reports, gap: pace.gap },
    monotonic: () => performance.now(),
  })
  const cast = createCast(call, director, loop, world, community, seed)
  const life = createLife(town, stage.mutes, world.utcOffset, started)

  director.prepare(started)
  const heard = (one: Happening) => !NEVER_HEARD.has(one.deviceId)
  const known = await lastKnown(call)
  if (known === undefined) for (const day of earlierDays(town, started, world.utcOffset)) await outlet.backfill(day)
  await outlet.backfill(life.history(known ?? 0).filter(heard))

  await loop.begin(started)
  const speakers = await linkSpeakers(options, world, clock.now)

  const live = async () => {
    const now = clock.now()
    speakers?.step(now)
    const fresh = [...life.step(now), ...director.step(now, performance.now())]
    await outlet.send(fresh.filter((one) => heard(one) && !stage.mutes.isMuted(one)).sort((a, b) => a.at - b.at))
  }
  let seen = started
  const look = async () => {
    const now = Math.floor(clock.now())
    await cast.look(now)
    seen = now
  }
  const loops = [repeat(live, pace.step), repeat(clock.ask, pace.askClock), repeat(look, pace.look)]
  return {
    seen: () => seen,
    async stop() {
      await Promise.all(loops.map((stop) => stop()))
      await Promise.all([outlet.close(), speakers?.close()])
    },
  }
}

/** When the server last took in a passage: whatever happened before is in its store already. Undefined: a new store. */
async function lastKnown(call: ReturnType<typeof createSwitchboard>): Promise<Millis | undefined> {
  const page = await call({ role: 'supervisor' }).get<{ items: { receivedAt: string }[] }>('/api/signals?type=linwang.passage&limit=1')
  const last = page?.items[0]
  return last && Date.parse(last.receivedAt)
}

/** One at a time, again `every` ms after it began or as soon as it is done; a failure waits for the next turn: the server may be restarting. */
function repeat(task: () => Promise<void>, every: number): () => Promise<void> {
  let stopped = false
  let wake = () => {}
  const run = async () => {
    while (!stopped) {
      const began = performance.now()
      await task().catch(() => undefined)
      const pause = Math.max(0, every - (performance.now() - began))
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, pause).unref()
      })
    }
  }
  const done = run()
  return () => {
    stopped = true
    wake()
    return done
  }
}
