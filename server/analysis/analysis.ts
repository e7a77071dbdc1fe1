import type { Alert } from '../../shared/alert.ts'
import type { Finding } from '../../shared/finding.ts'
import { SIGNAL_TYPES, type Signal, type SignalType } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { CareView, DeviceView, Figures, WallState, WarningView } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import type { AlertChange, IncidentChange, OrderChange } from '../work.ts'
import { viewCare } from './care.ts'
import { type Bench, createBench, type Health, PART, type Remembered } from './cells.ts'
import type { Context, DetectorOver, FeedRule } from './detector.ts'
import { NOTHING } from './detector.ts'
import { type Hearing, hearingOf, viewDevices } from './device-health.ts'
import { patienceWithFeed, surveyVoices } from './ears.ts'
import { createFigures } from './figures.ts'
import { hearing, listener } from './hearing.ts'
import { surveyHomes } from './homes.ts'
import type { InactivityState } from './inactivity-state.ts'
import { DETECTORS } from './register.ts'
import { strain, tightening } from './strain.ts'
import { viewWarning, warningsInForce } from './warnings-in-force.ts'

export interface Changes {
  alerts?: readonly AlertChange[]
  incidents?: readonly IncidentChange[]
  orders?: readonly OrderChange[]
}

export interface Analysis {
  /** in commit order; never throws */
  onSignal(signal: Signal): readonly Finding[]
  /** with every tick; never throws */
  onTick(now: Millis): readonly Finding[]
  /** what became of it, for the figures, and what people found alerts to be, for the detectors; not replayed after a restart */
  observe(changes: Changes, now: Millis): void
  /** after an import; states stay */
  setWorld(world: World): void
  /** what changed since the last call: to be serialised before the next signal */
  dirty(): Remembered[]
  /** before the first signal; parts of others are passed over */
  restore(memories: Iterable<Remembered>): void
  health(): Health[]
  care(now: Millis, alerts: Iterable<Alert>): CareView[]
  figures(now: Millis): Figures
  devices(now: Millis): { unwell: DeviceView[]; totals: WallState['deviceTotals'] }
  /** how a device of the register is heard */
  hearing(deviceId: string, now: Millis): Hearing | undefined
  /** ms of silence after which a feed is missed; undefined: not known yet */
  feedPatience(feedId: string): Millis | undefined
  /** public warnings that hold */
  warnings(now: Millis): WarningView[]
}

export interface AnalysisOptions {
  world: World
  /** what people set of a feed */
  feed?: (id: string) => FeedRule | undefined
  /** absences that were announced; default: those of the care plans */
  awayUntil?: Context['awayUntil']
  /** default: the register of detectors. Whether a device is heard is always worked out first. */
  detectors?: readonly DetectorOver<unknown>[]
}

const MINUTE: Millis = 60_000
const CLOCK = `${PART}clock`

/** Signals and ticks in, findings out: pure and repeatable (A1). What it knows is in its states, and `dirty` tells which have changed. */
export function createAnalysis({
  world: first,
  feed: ruleOf = () => undefined,
  awayUntil,
  detectors = DETECTORS,
}: AnalysisOptions): Analysis {
  let world = first
  let now: Millis = 0
  let minute = -1
  let voices = surveyVoices(world)
  let homes = surveyHomes(world)
  const benches = [hearing, ...detectors].map((make) => createBench(make, world))
  const feeds = benches[0]!.cells
  const figures = createFigures(world)
  let ears = listener(feeds, voices)
  const context: Context = {
    get world() {
      return world
    },
    get now() {
      return now
    },
    lastHeard: (id) => ears.lastHeard(id),
    heardSince: (id) => ears.heardSince(id),
    isHeard: (id) => ears.isHeard(id, now),
    feed: ruleOf,
    awayUntil: awayUntil ?? ((residentId, from, to) => world.care.awayUntil(residentId, from, to)),
    isFeedOut: (id) => ears.isFeedOut(id),
    warnings: () => warningsInForce(stateOf('warnings'), now),
  }
  const byType = dispatchTable(benches)
  const stateOf = (name: string) => benches.find((bench) => bench.detector().name === name)?.cells

  return {
    onSignal(signal) {
      if (signal.receivedAt > now) now = signal.receivedAt
      figures.onSignal(signal)
      let all = NOTHING
      for (const bench of byType[signal.type]) {
        const found = bench.onSignal(signal, context)
        if (found.length > 0) all = all.length === 0 ? found : [...all, ...found]
      }
      return all
    },
    onTick(at) {
      now = Math.max(now, at)
      if (Math.floor(now / MINUTE) <= minute) return NOTHING
      minute = Math.floor(now / MINUTE)
      figures.onTick(now)
      return benches.flatMap((bench) => bench.onTick(context))
    },
    observe(changes, at) {
      figures.observe(changes, at)
      for (const { act, alert } of changes.alerts ?? []) if (act === 'judged') for (const bench of benches) bench.judged(alert)
    },
    setWorld(next) {
      world = next
      voices = surveyVoices(world)
      homes = surveyHomes(world)
      ears = listener(feeds, voices)
      figures.setWorld(world)
      for (const bench of benches) bench.setWorld(world)
    },
    dirty() {
      const taken: Remembered[] = [{ part: CLOCK, key: '', value: { now, minute } }]
      for (const bench of benches) bench.takeDirty(taken)
      figures.takeDirty(taken)
      return taken
    },
    restore(memories) {
      const byPart = new Map(benches.map((bench) => [PART + bench.detector().name, bench]))
      for (const { part, key, value } of memories) {
        if (part === CLOCK) ({ now, minute } = value as { now: Millis; minute: number })
        else byPart.get(part)?.restore(key, value)
        figures.restore({ part, key, value })
      }
    },
    health: () => benches.map((bench) => bench.health()),
    care(at, alerts) {
      const factor = tightening(strain(context.warnings(), at))
      return viewCare({ homes, world, alerts, now: at, states: stateOf('inactivity') as CareStates, hearer: ears, factor })
    },
    figures: (at) => figures.view(at),
    devices: (at) => viewDevices(world, voices, ears.earOf, at),
    hearing(id, at) {
      const voice = voices.get(id)
      return voice && hearingOf(voice, ears.earOf(id), at)
    },
    feedPatience(id) {
      const byHand = ruleOf(id)?.silentAfter
      const state = ears.stateOf(id)
      return state ? patienceWithFeed(state, world, byHand) : byHand === undefined ? undefined : byHand * 1000
    },
    warnings: (at) => warningsInForce(stateOf('warnings'), at).map(viewWarning),
  }
}

type CareStates = ReadonlyMap<string, { state: InactivityState }> | undefined

const dispatchTable = (benches: readonly Bench[]): Record<SignalType, readonly Bench[]> =>
  Object.fromEntries(SIGNAL_TYPES.map((type) => [type, benches.filter((bench) => bench.detector().types.includes(type))])) as Record<
    SignalType,
    Bench[]
  >
