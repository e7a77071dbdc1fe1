import type { Viewer } from '../../shared/access.ts'
import { forbidden, ProblemError, unauthorized } from '../../shared/problem.ts'
import type { World } from '../../shared/world.ts'
import type { AccessReader, Holder, Session } from '../store/access.ts'
import type { Commander } from './commander.ts'
import { type DemoWish, demoPerson } from './demo-people.ts'
import { createLockout } from './lockout.ts'
import { checkPassword } from './passwords.ts'
import type { Roster } from './roster.ts'
import { hashToken, newToken } from './tokens.ts'

/** One shift and its handover. */
export const SESSION_LIVES = 12 * 3_600_000
const QUARTER = 15 * 60_000

export interface SignedIn {
  viewer: Viewer
  /** goes into the cookie, is kept nowhere */
  token: string
  /** real time, ms; null: until the kiosk link is withdrawn */
  expiresAt: number | null
}

export interface SignIn {
  withPassword(form: { username: string; password: string; address: string }): Promise<SignedIn>
  /** demo only */
  asRole(wish: DemoWish): Promise<SignedIn>
  /** a wall's link becomes its cookie */
  withKiosk(token: string): SignedIn
  end(token: string, viewer: Viewer): Promise<void>
}

export interface SignInOptions {
  mode: 'demo' | 'live'
  store: AccessReader
  engine: Commander
  world: () => World
  roster: Roster
  toViewer: (holder: Holder) => Viewer
  wall: () => number
  monotonic: () => number
}

export function createSignIn(options: SignInOptions): SignIn {
  const { mode, store, engine, world, roster, toViewer, wall, monotonic } = options
  const guard = createGuard(monotonic)

  const begin = async (holder: Holder): Promise<SignedIn> => {
    const token = newToken()
    const viewer = toViewer(holder)
    const expiresAt = wall() + SESSION_LIVES
    const session: Session = { ...holder, hash: hashToken(token), createdAt: wall(), expiresAt }
    await engine.command({ name: 'session.create', body: { ...session }, actor: viewer })
    return { viewer, token, expiresAt }
  }
  const refuse = async (username: string, address: string): Promise<never> => {
    const locked = guard.failed(username, address)
    await engine.command({ name: 'session.refused', body: { username, address, locked }, actor: NOBODY })
    throw unauthorized('The user name or the password is wrong')
  }

  return {
    async withPassword({ username, password, address }) {
      guard.assertMayTry(username, address)
      const user = store.login(username)
      if (!(await checkPassword(user?.passwordHash, password)) || !user) return refuse(username, address)
      guard.succeeded(username, address)
      return begin({ id: user.id, name: user.name, role: user.role, scope: user.scope, staffId: user.staffId })
    },
    async asRole(wish) {
      if (mode !== 'demo') throw forbidden('Sign in with user name and password: roles alone are for the demo')
      return begin(demoPerson(world(), wish, engine.clock().now))
    },
    withKiosk(token) {
      const holder = roster.holder(token)
      if (holder?.role !== 'wall') throw unauthorized('This link is not valid any more: ask the administrator for a new one')
      return { viewer: toViewer(holder), token, expiresAt: null }
    },
    async end(token, viewer) {
      await engine.command({ name: 'session.end', body: { hash: hashToken(token) }, actor: viewer })
      roster.forget(hashToken(token))
    },
  }
}

const NOBODY: Viewer = { id: 'system', name: 'system', role: 'wall', scope: '' }

/** Five wrong tries from one address lock the name for that address; thirty from anywhere lock it for all, so nobody can be shut out cheaply. */
function createGuard(now: () => number) {
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
