import { KEYFRAME_EVERY } from '../../shared/live.ts'
import type { WallState } from '../../shared/wall.ts'
import type { Memory } from './memory.ts'
import type { Committed } from './protocol.ts'
import type { Stores } from './stores.ts'
import type { Unit } from './unit.ts'

/** Real ms between two looks at the slow numbers; a little under a second, so that every real second has one. */
const FULL_EVERY = 950

export interface Publisher {
  /** inside the transaction: what screens show of the unit, journalled as one revision; undefined when they show nothing of it */
  publish(memory: Memory, unit: Unit): Committed | undefined
  /** the commit went through */
  settle(memory: Memory, unit: Unit): void
}

export function createPublisher(stores: Stores, mode: () => WallState['mode'], onFault: (part: string, error: unknown) => void): Publisher {
  let fullAt = Number.NEGATIVE_INFINITY
  const isFull = (unit: Unit) => {
    if (!unit.stepped && (!unit.second || performance.now() - fullAt < FULL_EVERY)) return false
    fullAt = performance.now()
    return true
  }
  /** A commit of its own, since the view has to know its revision first. What was committed stays so when this fails. */
  const takeKeyframe = (memory: Memory, wall: number) => {
    try {
      stores.keyframe(memory.stages.view.state(), wall)
    } catch (error) {
      onFault('keyframe', error)
    }
  }
  return {
    publish(memory, unit) {
      const { now: at, registers, devices } = unit
      const changed = memory.changed()
      const ops = memory.pipeline.publish({ work: memory.workAt(at), changed, full: isFull(unit), mode: mode(), registers: memory.renewed })
      const from = memory.revision
      const revision = ops.length > 0 ? from + 1 : from
      if (revision > from) stores.journal.append({ from, to: revision, at, ops }, unit.wall)
      const feeds = memory.stages.feedsChanged()
      const { changed: out, notices } = memory.stages.takeOut()
      const anew = {
        ...(registers && { registers }),
        ...(devices && { devices }),
        ...(feeds && { feeds }),
        ...(out && { out: { notices } }),
      }
      return revision > from || registers || devices || feeds || out ? { from, revision, at, ops, changed, ...anew } : undefined
    },
    settle(memory, unit) {
      memory.stages.committed()
      memory.renewed = false
      if (unit.committed && unit.committed.revision > memory.revision) {
        memory.revision = unit.committed.revision
        memory.stages.view.committed(memory.revision, unit.now)
      }
      if (unit.wall - stores.keyframeAt() >= KEYFRAME_EVERY) takeKeyframe(memory, unit.wall)
    },
  }
}
