import type { Viewer } from '../../shared/access.ts'
import type { Actor, Command } from '../work.ts'

/** What this room needs of the engine: its one writer. */
export interface Commander {
  command<T = unknown>(command: Command, key?: string): Promise<T>
  clock(): { now: number }
}

/** Who a command is from. */
export const toActor = (viewer: Viewer): Actor => ({ ...viewer })
