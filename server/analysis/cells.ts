import type { Alert } from '../../shared/alert.ts'
import type { Finding } from '../../shared/finding.ts'
import type { Signal } from '../../shared/signal.ts'
import type { World } from '../../shared/world.ts'
import { type Context, type Detector, type DetectorOver, NOTHING } from './detector.ts'

export interface Cell {
  key: string
  state: unknown
  /** changed since the last checkpoint */
  dirty: boolean
}
export interface Remembered {
  part: string
  key: string
  /** undefined: forget the key */
  value: unknown
}
export interface Health {
  detector: string
  errors: number
  lastError?: string
}

/** One detector at work: its states by key, what of them is unsaved, and its mishaps. */
export interface Bench {
  readonly cells: ReadonlyMap<string, Cell>
  detector(): Detector<unknown>
  setWorld(world: World): void
  onSignal(signal: Signal, context: Context): readonly Finding[]
  onTick(context: Context): Finding[]
  /** people said what an alert was */
  judged(alert: Alert): void
  takeDirty(into: Remembered[]): void
  restore(key: string, state: unknown): void
  health(): Health
}

export const PART = 'analysis.'

export function createBench(make: DetectorOver<unknown>, world: World): Bench {
  let detector = make(world)
  const cells = new Map<string, Cell>()
  const dirty = new Set<Cell>()
  const forgotten = new Set<string>()
  const health: Health = { detector: detector.name, errors: 0 }

  const cellOf = (key: string): Cell => {
    let cell = cells.get(key)
    if (cell === undefined) {
      cell = { key, state: detector.start(key), dirty: false }
      cells.set(key, cell)
    }
    return cell
  }
  const touch = (cell: Cell) => {
    if (cell.dirty) return
    cell.dirty = true
    dirty.add(cell)
  }
  const forget = (cell: Cell, wasKept: boolean) => {
    cells.delete(cell.key)
    dirty.delete(cell)
    if (wasKept) forgotten.add(cell.key)
  }
  /** A rule that throws costs its own findings of this signal and nobody else's (A3). */
  const mishap = (error: unknown): readonly Finding[] => {
    health.errors += 1
    health.lastError = error instanceof Error ? error.message : String(error)
    return NOTHING
  }
  const sow = () => {
    for (const key of detector.seeds?.() ?? []) cellOf(key)
  }
  sow()

  return {
    cells,
    detector: () => detector,
    setWorld(next) {
      detector = make(next)
      sow()
    },
    onSignal(signal, context) {
      try {
        const key = detector.keyOf(signal)
        if (key === undefined) return NOTHING
        const wasKept = cells.has(key)
        const cell = cellOf(key)
        const findings = detector.onSignal(cell.state, signal, context)
        if (detector.isBlank?.(cell.state)) forget(cell, wasKept)
        else touch(cell)
        return findings
      } catch (error) {
        return mishap(error)
      }
    },
    onTick(context) {
      const found: Finding[] = []
      if (!detector.onTick) return found
      for (const cell of cells.values()) {
        try {
          const before = detector.stamp?.(cell.state)
          const findings = detector.onTick(cell.state, context, cell.key)
          found.push(...findings)
          if (before === undefined || findings.length > 0 || before !== detector.stamp!(cell.state)) touch(cell)
        } catch (error) {
          mishap(error)
        }
      }
      return found
    },
    judged(alert) {
      const cell = cells.get(detector.judged?.keyOf(alert) ?? '')
      if (!cell) return
      try {
        detector.judged!.take(cell.state, alert)
        touch(cell)
      } catch (error) {
        mishap(error)
      }
    },
    takeDirty(into) {
      const part = PART + detector.name
      for (const key of forgotten) if (!cells.has(key)) into.push({ part, key, value: undefined })
      for (const cell of dirty) {
        cell.dirty = false
        into.push({ part, key: cell.key, value: cell.state })
      }
      forgotten.clear()
      dirty.clear()
    },
    restore(key, state) {
      if (state === undefined) cells.delete(key)
      else cells.set(key, { key, state, dirty: false })
    },
    health: () => ({ ...health }),
  }
}
