import type { AccessReader, User } from '../store/access.ts'
import type { Actor } from '../work.ts'
import type { Commander } from './commander.ts'
import { assertGoodPassword, hashPassword } from './passwords.ts'
import { hashToken, newPublicId, newToken } from './tokens.ts'

/** The first start of a live system: one link, once, makes the administrator (S1). */
export interface Setup {
  offer(): Promise<string | undefined>
  complete(form: { token: string; username: string; password: string; name?: string | undefined }): Promise<User>
}

const LINK_LIVES = 24 * 3_600_000
const SYSTEM: Actor = { id: 'system', name: 'system', role: 'admin', scope: '' }

export function createSetup({ store, engine, wall }: { store: AccessReader; engine: Commander; wall: () => number }): Setup {
  return {
    async offer() {
      if (store.hasUsers()) return undefined
      const token = newToken()
      await engine.command({ name: 'setup.offer', body: { hash: hashToken(token), expiresAt: wall() + LINK_LIVES }, actor: SYSTEM })
      return `/setup?token=${token}`
    },
    async complete({ token, username, password, name }) {
      assertGoodPassword(password, username)
      const passwordHash = await hashPassword(password)
      const user = { id: newPublicId('user'), username, name: name || username, staffId: null, passwordHash, createdAt: wall() }
      return engine.command<User>({ name: 'setup.complete', body: { hash: hashToken(token), now: wall(), user }, actor: SYSTEM })
    },
  }
}
