import { ProblemError } from '../../shared/problem.ts'
import { createLockout } from './lockout.ts'

const QUARTER = 15 * 60_000

/** Five wrong tries from one address lock the name for that address; thirty from anywhere lock it for all, so nobody can be shut out cheaply. */
export function createGuard(now: () => number) {
  const near = createLockout({ limit: 5, window: QUARTER, now })
  const far = createLockout({ limit: 30, window: QUARTER, now })
  const keys = (username: string, address: string) => [`${username.toLowerCase()} ${address}`, username.toLowerCase()] as const
  return {
    assertMayTry(username: string, address: string): void {
      const [here, anywhere] = keys(username, address)
      const wait = Math.max(near.waitFor(here), far.waitFor(anywhere))
      if (wait > 0) throw tooMany(wait)
    },
    failed(username: string, address: string): boolean {
      const [here, anywhere] = keys(username, address)
      const locks = [near.failed(here), far.failed(anywhere)]
      return locks.some(Boolean)
    },
    succeeded(username: string, address: string): void {
      near.succeeded(keys(username, address)[0])
    },
  }
}

const tooMany = (retryAfter: number) =>
  new ProblemError({
    type: 'about:blank',
    title: 'Too many tries',
    status: 429,
    detail: `Too many wrong tries: wait ${retryAfter} s`,
    retryAfter,
  })
