import type { Viewer } from '../../shared/access.ts'
import { forbidden, unauthorized } from '../../shared/problem.ts'
import type { World } from '../../shared/world.ts'
import type { AccessReader, Holder, Session } from '../store/access.ts'
import type { Commander } from './commander.ts'
import { type DemoWish, demoPerson } from './demo-people.ts'
import { assertGoodPassword, checkPassword, hashPassword } from './passwords.ts'
import type { Roster } from './roster.ts'
import { createGuard } from './sign-in-guard.ts'
import { hashToken, newToken } from './tokens.ts'

/** One shift and its handover. */
export const SESSION_LIVES = 12 * 3_600_000

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
  /** ends every session of the user and begins this one anew */
  changePassword(form: { viewer: Viewer; current: string; password: string; address: string }): Promise<SignedIn>
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
    async changePassword({ viewer, current, password, address }) {
      const user = store.user(viewer.id)
      if (!user) throw forbidden('This session has no password of its own')
      guard.assertMayTry(user.username, address)
      if (!(await checkPassword(store.login(user.username)?.passwordHash, current))) return refuse(user.username, address)
      assertGoodPassword(password, user.username)
      await engine.command({ name: 'user.password', body: { passwordHash: await hashPassword(password) }, actor: viewer })
      roster.forget()
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
