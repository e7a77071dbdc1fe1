import type { Millis } from '../../shared/status.ts'
import { tickTimes } from '../clock.ts'
import type { Ticks } from '../store/ticks.ts'
import type { Command } from '../work.ts'
import type { DomainClock } from './domain-clock.ts'
import type { Memory } from './memory.ts'
import type { Unit } from './unit.ts'

/** ms of domain time that are gone through minute by minute to catch up */
const LONGEST_WALK = 3_600_000

export interface Ticker {
  /** with the real second: the way from the last tick to now, unless the clock stands */
  walk(memory: Memory, unit: Unit): void
  /** the command that moves a clock by hand */
  advance(memory: Memory, unit: Unit, command: Command): { now: Millis }
  /** the transaction failed: the last tick is the one on record */
  reload(): void
}

/** Brings domain time to the stages: ticks are rows and enter by the same door as signals (A1). */
export function createTicker(clock: DomainClock, ticks: Ticks): Ticker {
  let last: Millis | undefined
  const tick = (memory: Memory, at: Millis) => {
    memory.pipeline.tick(memory.workAt(at))
    ticks.append(at, memory.stages.lastSeq())
    last = at
  }
  return {
    /** The first tick after a start leaps, and so does that of a machine that slept: nothing was heard meanwhile. */
    walk(memory, unit) {
      unit.second = true
      if (clock.manual) return
      const from = Math.max(last ?? unit.now, unit.now - LONGEST_WALK)
      for (const at of tickTimes(from, unit.now)) tick(memory, at)
    },
    advance(memory, unit, command) {
      const to = unit.now + clock.advanceBy(command)
      for (const at of tickTimes(unit.now, to)) tick(memory, at)
      clock.moveTo(to)
      unit.now = to
      unit.second = true
      unit.stepped = true
      memory.workAt(to).audit({ by: command.actor.id, act: 'clock.advance', subject: 'clock', detail: { to } })
      return { now: to }
    },
    reload() {
      last = ticks.last()?.at
    },
  }
}
