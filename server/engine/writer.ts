import type { Receipt } from '../../shared/arrival.ts'
import { KEYFRAME_EVERY } from '../../shared/live.ts'
import type { Millis } from '../../shared/status.ts'
import type { PublicState, WallState } from '../../shared/wall.ts'
import { tickTimes } from '../clock.ts'
import { latestTime } from '../store/latest.ts'
import type { Db } from '../store/open.ts'
import { RETENTION } from '../store/retention.ts'
import type { Command } from '../work.ts'
import { type Answer, runCommand } from './commands.ts'
import { openClock } from './domain-clock.ts'
import type { Item } from './items.ts'
import { loadMemory, type Memory } from './memory.ts'
import type { ClockAnchor, Committed, EngineOptions } from './protocol.ts'
import { replay } from './replay.ts'
import type { Stores } from './stores.ts'

/** Real ms between two looks at the slow numbers; a little under a second, so that every real second has one. */
const FULL_EVERY = 950
/** The stages' memory is saved this often, so that a restart has at most this much to work through again (A1). */
const CHECKPOINT_EVERY = { ms: 5_000, signals: 50_000 }

/** ms of domain time that are gone through minute by minute to catch up */
const LONGEST_WALK = 3_600_000

/** What one commit came to. */
export interface Written {
  receipts: Receipt[]
  answers: Answer[]
  committed?: Committed
}

/** One unit in the making. */
interface Unit extends Written {
  now: Millis
  wall: number
  /** a real second has gone by */
  second: boolean
  registers: boolean
}

export interface Writer {
  /** One transaction. Throws when it failed: call `reload` before the next. */
  write(group: readonly Item[]): Written
  /** everything from the store anew, as at a start */
  reload(): void
  /** the clock and the stages' memory, so that the next start has nothing to work through */
  saveAll(): void
  state(): PublicState
  clock(): ClockAnchor
  hasPlaces(): boolean
  /** deletes one slice of old signals and quarantine; inside a transaction */
  sweep(now: Millis): number
  faults(): { detector: string; errors: number; lastError?: string }[]
}

export function createWriter(db: Db, stores: Stores, options: EngineOptions, onFault: (part: string, error: unknown) => void): Writer {
  const keep = { ...RETENTION, ...options.retention }
  const clock = openClock(stores.settings, options, latestTime(db), Date.now())
  const mode = (): WallState['mode'] => ({
    demo: options.mode === 'demo',
    simulate: options.simulate,
    clock: clock.manual ? 'manual' : 'real',
    rate: clock.rate,
  })
  const load = (): Memory => {
    const memory = loadMemory({ db, stores, keep, mode, now: () => clock.now(Date.now()) })
    replay(memory, stores)
    return memory
  }
  let memory = load()
  let now: Millis = clock.now(Date.now())
  let tickedAt: Millis | undefined
  let fullAt = -FULL_EVERY
  let saved = { at: performance.now(), seq: memory.stages.lastSeq() }

  const tick = (at: Millis) => {
    memory.pipeline.tick(memory.workAt(at))
    stores.ticks.append(at, memory.stages.lastSeq())
    tickedAt = at
  }
  /** The way from the last tick to now. The first one after a start leaps, and so does a machine that slept: nothing was heard meanwhile. */
  const tickTo = (to: Millis) => {
    const from = Math.max(tickedAt ?? to, to - LONGEST_WALK)
    for (const at of tickTimes(from, to)) tick(at)
  }

  const advance = (unit: Unit, command: Command) => {
    const to = unit.now + clock.advanceBy(command)
    for (const at of tickTimes(unit.now, to)) tick(at)
    clock.moveTo(to)
    unit.now = to
    unit.second = true
    memory.workAt(to).audit({ by: command.actor.id, act: 'clock.advance', subject: 'clock', detail: { to } })
    return { now: to }
  }
  const handle = (unit: Unit) => (command: Command) => {
    if (command.name === 'clock.advance') return advance(unit, command)
    if (command.name === 'clock.rate') return clock.changeRate(memory.workAt(unit.now), command, unit.wall)
    const answer = memory.pipeline.command(memory.workAt(unit.now), command)
    if (command.name === 'registers.import' && command.body.check !== true) unit.registers = true
    return answer
  }

  const perform = (unit: Unit, item: Item) => {
    if (item.kind === 'arrivals') {
      const take = item.plain ? memory.pipeline.store : memory.pipeline.take
      for (const receipt of take(memory.workAt(unit.now), item.arrivals)) unit.receipts.push(receipt)
    } else if (item.kind === 'command') {
      unit.answers.push(runCommand(item.asked, handle(unit), stores.idempotency, memory.undoable, unit.wall))
    } else {
      if (!clock.manual) tickTo(unit.now)
      unit.second = true
    }
  }

  const publish = (unit: Unit): Committed | undefined => {
    const changed = memory.changed()
    const full = unit.second && performance.now() - fullAt >= FULL_EVERY
    if (full) fullAt = performance.now()
    const work = memory.workAt(unit.now)
    const ops = memory.pipeline.publish({ work, changed, full, mode: mode(), registers: unit.registers })
    const from = memory.revision
    if (ops.length === 0) return unit.registers ? { from, revision: from, at: unit.now, ops, changed, registers: true } : undefined
    stores.journal.append({ from, to: from + 1, at: unit.now, ops }, unit.wall)
    return { from, revision: from + 1, at: unit.now, ops, changed, ...(unit.registers && { registers: true }) }
  }

  const due = () => performance.now() - saved.at >= CHECKPOINT_EVERY.ms || memory.stages.lastSeq() - saved.seq >= CHECKPOINT_EVERY.signals
  const saveMemories = () => {
    saved = { at: performance.now(), seq: memory.stages.lastSeq() }
    stores.checkpoint.save(memory.stages.memories(), { seq: saved.seq, tick: stores.ticks.last()?.n ?? 0 })
  }

  /** A commit of its own, since the view has to know its revision first. What was committed stays so when this fails. */
  const takeKeyframe = (wall: number) => {
    try {
      stores.keyframe(memory.stages.view.state(), wall)
    } catch (error) {
      onFault('keyframe', error)
    }
  }
  const settle = (unit: Unit) => {
    now = unit.now
    memory.stages.committed()
    if (unit.committed) {
      memory.revision = unit.committed.revision
      memory.stages.view.committed(memory.revision, unit.now)
    }
    if (unit.wall - stores.keyframeAt() >= KEYFRAME_EVERY) takeKeyframe(unit.wall)
    if (unit.registers) memory = load()
  }

  const write = (group: readonly Item[]): Written => {
    const wall = Date.now()
    const unit: Unit = { receipts: [], answers: [], now: Math.max(now, clock.now(wall)), wall, second: false, registers: false }
    stores.transaction(() => {
      for (const item of group) perform(unit, item)
      unit.committed = publish(unit)
      if (unit.second) clock.save(unit.now, wall)
      memory.flush(unit.now)
      if (unit.registers || due()) saveMemories()
    })
    settle(unit)
    return unit
  }

  return {
    write,
    reload() {
      clock.reload()
      memory = load()
      tickedAt = stores.ticks.last()?.at
      saved = { at: 0, seq: 0 }
    },
    saveAll() {
      const wall = Date.now()
      stores.transaction(() => {
        clock.save(Math.max(now, clock.now(wall)), wall)
        saveMemories()
      })
    },
    state: () => memory.stages.view.state(),
    clock: () => clock.anchor(Date.now()),
    hasPlaces: () => memory.world.places.all().length > 0,
    sweep: (at) => memory.stages.sweep(at),
    faults: () => memory.stages.faults(),
  }
}
