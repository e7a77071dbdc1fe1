import { type Problem, ProblemError } from '../../shared/problem.ts'
import type { Idempotency } from '../store/idempotency.ts'
import type { Command } from '../work.ts'

export type CommandHandler = (command: Command) => unknown
export interface Asked {
  n: number
  command: Command
  key?: string
}
export interface Answer {
  n: number
  value?: unknown
  problem?: Problem
}

/** What a refused command must leave as it was: the rows of the open transaction and the things put in memory. */
export interface Undoable {
  begin(): void
  keep(): void
  undo(): void
}

/**
 * Runs one command inside the open transaction. A ProblemError undoes this command alone and becomes its answer; any other error is the
 * caller's: the whole group fails. The same key of the same actor gets the first answer again (D2).
 */
export function runCommand(asked: Asked, handle: CommandHandler, idempotency: Idempotency, undoable: Undoable, wall: number): Answer {
  const { n, command, key } = asked
  undoable.begin()
  try {
    const known = key === undefined ? undefined : idempotency.find(command, key)
    const value = known ? known.answer : handle(command)
    if (key !== undefined && !known) idempotency.keep(command, key, value, wall)
    undoable.keep()
    return { n, value }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    undoable.undo()
    return { n, problem: error.problem }
  }
}
