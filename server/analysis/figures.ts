import type { Signal } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import type { Figures } from '../../shared/wall.ts'
import type { World } from '../../shared/world.ts'
import { PART, type Remembered } from './cells.ts'
import { type Handled, handledFigures, newHandled, type Observed, observeHandled } from './figures-handled.ts'
import { countPassage, newPassages, type Passages, turnPassages } from './figures-passages.ts'
import { countSignal, newTraffic, perMinute, recent, type Traffic, turnTraffic, usualRecent } from './figures-traffic.ts'

const NAME = `${PART}figures`

/** The tallies behind the wall's figures. Exercises and tests count in none of them (X1). */
export function createFigures(first: World) {
  let world = first
  const parts = { traffic: newTraffic(), passages: newPassages(), handled: newHandled() }
  type Part = keyof typeof parts
  const dirty = new Set<Part>()

  return {
    setWorld(next: World) {
      world = next
    },
    onSignal(signal: Signal) {
      if (signal.status !== 'actual') return
      countSignal(parts.traffic, signal, world.utcOffset)
      dirty.add('traffic')
      if (signal.type !== 'linwang.passage' || signal.replay) return
      countPassage(parts.passages, signal, world.utcOffset)
      dirty.add('passages')
    },
    onTick(now: Millis) {
      // a minute without signals is knowledge too: it must outlive a restart
      if (turnTraffic(parts.traffic, now, world.utcOffset)) dirty.add('traffic')
      turnPassages(parts.passages, now, world.utcOffset)
    },
    observe(changes: Observed, now: Millis) {
      if (observeHandled(parts.handled, changes, now, world.utcOffset)) dirty.add('handled')
    },
    view(now: Millis): Figures {
      turnTraffic(parts.traffic, now, world.utcOffset)
      turnPassages(parts.passages, now, world.utcOffset)
      return {
        signals: recent(parts.traffic),
        usualSignals: usualRecent(parts.traffic, world.utcOffset),
        perMinute: perMinute(parts.traffic, now),
        passagesIn: [...parts.passages.in],
        passagesOut: [...parts.passages.out],
        ...handledFigures(parts.handled, now, world),
      }
    },
    takeDirty(into: Remembered[]) {
      for (const part of dirty) into.push({ part: NAME, key: part, value: parts[part] })
      dirty.clear()
    },
    restore({ part, key, value }: Remembered) {
      if (part === NAME && key in parts) Object.assign(parts, { [key]: value as Traffic | Passages | Handled })
    },
  }
}
