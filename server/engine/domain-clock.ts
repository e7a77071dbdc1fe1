import { badRequest, conflict, forbidden, unprocessable } from '../../shared/problem.ts'
import type { Millis } from '../../shared/status.ts'
import { advanceClock, type Clock, MAX_ADVANCE, MAX_RATE, parseDuration, readClock, setRate, startClock } from '../clock.ts'
import type { Settings } from '../store/settings.ts'
import type { Command, Work } from '../work.ts'
import type { ClockAnchor, EngineOptions } from './protocol.ts'

/** The running clock of the engine, kept in the store. `wall` is what the machine's clock shows, ms. */
export interface DomainClock {
  now(wall: number): Millis
  readonly manual: boolean
  readonly rate: number
  anchor(wall: number): ClockAnchor
  /** inside the transaction */
  save(now: Millis, wall: number): void
  /** goes back to what was saved: the transaction failed */
  reload(): void
  /** how far a command moves it, ms; the caller ticks its way there with `moveTo` */
  advanceBy(command: Command): Millis
  moveTo(at: Millis): void
  changeRate(work: Work, command: Command, wall: number): { rate: number }
}

const SETTING = 'clock'

/** @param latest the latest domain time on record: the clock was saved up to a second before the end, and never goes back */
export function openClock(settings: Settings, options: EngineOptions, latest: Millis, wall: number): DomainClock {
  const saved = settings.get<Clock>(SETTING)
  const known = saved && { ...saved, at: Math.max(saved.at, latest) }
  let clock = startClock(known, options.clock, wall)
  const demo = options.mode === 'demo'
  return {
    now: (at) => readClock(clock, at),
    get manual() {
      return clock.mode === 'manual'
    },
    get rate() {
      return clock.rate
    },
    anchor: (at) => ({ at: readClock(clock, at), wall: at, rate: clock.rate, mode: clock.mode }),
    save: (now, at) => settings.set(SETTING, { ...clock, at: now, wall: at }),
    reload() {
      clock = { ...(settings.get<Clock>(SETTING) ?? clock) }
    },
    advanceBy(command) {
      if (!demo) throw forbidden('The clock is moved in demo and test databases only')
      if (clock.mode !== 'manual') throw conflict('The clock runs by itself: start with CLOCK=manual to move it by hand')
      return durationOf(command)
    },
    moveTo(at) {
      clock = advanceClock(clock, at - clock.at)
    },
    changeRate(work, command, at) {
      if (!demo) throw forbidden('The clock runs at its own rate in demo databases only')
      if (clock.mode === 'manual') throw conflict('The clock stands: it is moved by hand')
      const rate = rateOf(command)
      clock = setRate(clock, rate, at)
      work.audit({ by: command.actor.id, act: 'clock.rate', subject: 'clock', detail: { rate } })
      return { rate }
    },
  }
}

function durationOf(command: Command): Millis {
  const by = parseDuration(command.body.advance)
  const field = 'advance'
  if (by === undefined)
    throw badRequest('advance is not a time', {
      errors: [{ field, detail: 'is not a positive time', fix: 'give seconds as a number, or "90m", or "PT1H30M"' }],
    })
  if (by > MAX_ADVANCE)
    throw unprocessable('advance is too far', { errors: [{ field, detail: 'goes further than 7 days', fix: 'advance in several steps' }] })
  return by
}

function rateOf(command: Command): number {
  const { rate } = command.body
  if (typeof rate === 'number' && rate >= 1 && rate <= MAX_RATE) return rate
  throw badRequest('rate is not possible', {
    errors: [{ field: 'rate', detail: 'is not possible', fix: `give a number from 1 to ${MAX_RATE}, domain seconds a real second` }],
  })
}
