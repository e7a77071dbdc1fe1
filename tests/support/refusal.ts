import { type Problem, ProblemError } from '../../shared/problem.ts'

/** The problem with which the act was refused; an act that went through, or broke otherwise, is an error. */
export function refusal(act: () => unknown): Problem {
  try {
    act()
  } catch (error) {
    if (error instanceof ProblemError) return error.problem
    throw error
  }
  throw new Error('nothing was refused')
}
