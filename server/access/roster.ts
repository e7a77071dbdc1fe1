import type { AccessReader, Holder } from '../store/access.ts'
import { hashToken } from './tokens.ts'

/** Who holds which token, as the store says, with a memory for what every request asks. */
export interface Roster {
  holder(token: string | undefined): Holder | undefined
  /** one token, or all of them */
  forget(hash?: string): void
}

interface Known {
  holder: Holder
  /** real time, ms */
  expiresAt: number
}

export function createRoster(options: { store: AccessReader; wall: () => number; size?: number }): Roster {
  const { store, wall, size = 5_000 } = options
  const known = new Map<string, Known>()
  const look = (hash: string): Known | undefined => {
    const session = store.session(hash)
    if (session) return { holder: session, expiresAt: session.expiresAt }
    const kiosk = store.kioskByHash(hash)
    const holder = kiosk && ({ id: kiosk.id, name: kiosk.name, role: 'wall', scope: kiosk.scope, staffId: null } as const)
    return holder && { holder, expiresAt: Number.POSITIVE_INFINITY }
  }
  return {
    holder(token) {
      if (!token) return undefined
      const hash = hashToken(token)
      const found = known.get(hash) ?? look(hash)
      if (!found || found.expiresAt <= wall()) return undefined
      known.set(hash, found)
      if (known.size > size) known.delete(known.keys().next().value!)
      return found.holder
    },
    forget: (hash) => (hash === undefined ? known.clear() : void known.delete(hash)),
  }
}
