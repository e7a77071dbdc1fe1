import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '../../shared/problem.ts'

const FIRST_WAIT = 20
const LONGEST_WAIT = 500

/**
 * Tries again while it is overloaded (503), up to `ms`: for senders that count every refusal, and lose what they do not hand over in time.
 * Whatever else goes wrong is told at once.
 */
export async function patiently<T>(ms: number | undefined, work: () => Promise<T>, now = () => performance.now()): Promise<T> {
  const end = now() + (ms ?? 0)
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      return await work()
    } catch (error) {
      if (!isOverload(error) || now() + wait > end) throw error
    }
    await sleep(wait)
  }
}

/** a pause is no overload: it does not end by waiting */
const isOverload = (error: unknown) => error instanceof ProblemError && error.problem.status === 503 && error.problem.title !== 'Paused'
