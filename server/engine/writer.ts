import type { Millis } from '../../shared/status.ts'
import type { PublicState, WallState } from '../../shared/wall.ts'
import { latestTime } from '../store/latest.ts'
import type { Db } from '../store/open.ts'
import { RETENTION } from '../store/retention.ts'
import type { Command } from '../work.ts'
import { runCommand } from './commands.ts'
import { openClock } from './domain-clock.ts'
import type { Item } from './items.ts'
import { loadMemory, type Memory } from './memory.ts'
import type { ClockAnchor, EngineOptions } from './protocol.ts'
import { createPublisher } from './publisher.ts'
import { replay } from './replay.ts'
import { createSaver } from './saver.ts'
import type { Stores } from './stores.ts'
import { createTicker } from './ticker.ts'
import { newUnit, type Unit, type Written } from './unit.ts'

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

export type OnFault = (part: string, error: unknown) => void

export function createWriter(db: Db, stores: Stores, options: EngineOptions, onFault: OnFault): Writer {
  const keep = { ...RETENTION, ...options.retention }
  const clock = openClock(stores.settings, options, latestTime(db), Date.now())
  const mode = (): WallState['mode'] => ({
    demo: options.mode === 'demo',
    simulate: options.simulate,
    clock: clock.manual ? 'manual' : 'real',
    rate: clock.rate,
  })
  const ticker = createTicker(clock, stores.ticks)
  const publisher = createPublisher(stores, mode, onFault)
  const saver = createSaver(stores)
  const load = (): Memory => {
    const fresh = loadMemory({ db, stores, keep, mode, now: () => clock.now(Date.now()) })
    replay(fresh, stores)
    return fresh
  }
  let memory = load()
  let now: Millis = clock.now(Date.now())

  const obey = (unit: Unit, command: Command): unknown => {
    if (command.name === 'clock.advance') return ticker.advance(memory, unit, command)
    if (command.name === 'clock.rate') {
      unit.second = true
      return clock.changeRate(memory.workAt(unit.now), command, unit.wall)
    }
    const answer = memory.pipeline.command(memory.workAt(unit.now), command)
    if (command.name === 'registers.import' && command.body.check !== true) unit.registers = true
    if (command.name.startsWith('device.')) unit.devices = true
    return answer
  }

  const perform = (unit: Unit, item: Item) => {
    if (item.kind === 'second') ticker.walk(memory, unit)
    else if (item.kind === 'command')
      unit.answers.push(runCommand(item.asked, (command) => obey(unit, command), stores.idempotency, memory.undoable, unit.wall))
    else {
      const take = item.plain ? memory.pipeline.store : memory.pipeline.take
      for (const receipt of take(memory.workAt(unit.now), item.arrivals)) unit.receipts.push(receipt)
    }
  }

  const complete = (unit: Unit) => {
    unit.committed = publisher.publish(memory, unit)
    if (unit.second) clock.save(unit.now, unit.wall)
    memory.flush(unit.now)
    if (unit.registers || saver.isDue(memory)) saver.save(memory)
  }

  return {
    write(group) {
      const wall = Date.now()
      const unit = newUnit(Math.max(now, clock.now(wall)), wall)
      stores.transaction(() => {
        for (const item of group) perform(unit, item)
        complete(unit)
      })
      now = unit.now
      publisher.settle(memory, unit)
      if (unit.registers) memory = load()
      else if (unit.devices) memory.renewDevices()
      return unit
    },
    reload() {
      clock.reload()
      ticker.reload()
      memory = load()
    },
    saveAll() {
      const wall = Date.now()
      stores.transaction(() => {
        clock.save(Math.max(now, clock.now(wall)), wall)
        saver.save(memory)
      })
    },
    state: () => memory.stages.view.state(),
    clock: () => clock.anchor(Date.now()),
    hasPlaces: () => memory.world.places.all().length > 0,
    sweep: (at) => memory.stages.sweep(at),
    faults: () => memory.stages.faults(),
  }
}
