import { ROLES, type Role } from '../../shared/access.ts'
import { badRequest, conflict, notFound, ProblemError } from '../../shared/problem.ts'
import type { AccessWriter, FeedKey, Kiosk, Session, User } from '../store/access.ts'
import type { Command, Work } from '../work.ts'

type Handler = (work: Work, command: Command) => unknown

/**
 * The writes of this room. The main thread makes tokens and password hashes; only hashes come here, so neither a command nor its kept
 * answer ever holds a secret. `now` in the bodies is real time, ms.
 */
export function accessCommands(store: AccessWriter): Record<string, Handler> {
  return { ...sessionCommands(store), ...setupCommands(store), ...userCommands(store), ...keyCommands(store) }
}

function sessionCommands(store: AccessWriter): Record<string, Handler> {
  return {
    'session.create': (work, { body, actor }) => {
      const session = body as unknown as Session
      store.dropExpired(session.createdAt)
      store.addSession(session)
      work.audit({ by: actor.id, act: 'session.create', subject: session.id, detail: { role: session.role } })
      return { id: session.id }
    },
    'session.end': (work, { body, actor }) => {
      if (store.dropSession(String(body.hash))) work.audit({ by: actor.id, act: 'session.end', subject: actor.id })
    },
    'session.refused': (work, { body }) => {
      work.audit({
        by: 'system',
        act: 'session.refused',
        subject: String(body.username),
        detail: { address: body.address, locked: body.locked },
      })
    },
  }
}

function setupCommands(store: AccessWriter): Record<string, Handler> {
  return {
    'setup.offer': (work, { body }) => {
      if (store.hasUsers()) throw conflict('An administrator exists already: sign in')
      store.replaceSetup(String(body.hash), Number(body.expiresAt))
      work.audit({ by: 'system', act: 'setup.offer', subject: 'setup' })
    },
    'setup.complete': (work, { body }) => {
      const link = store.setupLink(String(body.hash))
      if (!link || link.expiresAt <= Number(body.now) || store.hasUsers()) throw usedUp()
      const user = { ...(body.user as User & { passwordHash: string }), role: 'admin' as const, scope: null }
      store.addUser(user)
      store.clearSetup()
      work.audit({ by: user.id, act: 'setup.complete', subject: user.id, detail: { username: user.username } })
      return store.user(user.id)
    },
  }
}

const usedUp = () =>
  new ProblemError({
    type: 'about:blank',
    title: 'Link used up',
    status: 410,
    detail: 'This link was used or has expired: restart the server to get a new one, or sign in',
  })

function userCommands(store: AccessWriter): Record<string, Handler> {
  return {
    'user.create': (work, { body, actor }) => {
      const user = body as unknown as User & { passwordHash: string }
      if (store.login(user.username) || store.users().some((other) => other.username.toLowerCase() === user.username.toLowerCase()))
        throw conflict(`The name ${user.username} is taken`, {
          errors: [{ field: 'username', detail: 'taken', fix: 'choose another name' }],
        })
      store.addUser({ ...user, role: knownRole(user.role) })
      work.audit({
        by: actor.id,
        act: 'user.create',
        subject: user.id,
        detail: { username: user.username, role: user.role, scope: user.scope },
      })
      return store.user(user.id)
    },
    'user.password': changePassword(store),
    'user.change': (work, { body, actor, target }) => {
      const before = store.user(target ?? '') ?? notThere('user', target)
      const user = { ...before, ...(body.change as Partial<User>) }
      if (before.role === 'admin' && !before.disabled && (user.disabled || user.role !== 'admin')) keepOneAdmin(store, before.id)
      store.changeUser({ ...user, role: knownRole(user.role) })
      if (typeof body.passwordHash === 'string') store.setPassword(user.id, body.passwordHash)
      store.dropSessionsOf(user.id)
      const changed = [...Object.keys(body.change ?? {}), ...(body.passwordHash ? ['password'] : [])]
      work.audit({ by: actor.id, act: 'user.change', subject: user.id, detail: { changed } })
      return store.user(user.id)
    },
  }
}

/** One's own; the other sessions of the same person end, in case it was somebody else's. */
function changePassword(store: AccessWriter): Handler {
  return (work, { body, actor }) => {
    const user = store.user(actor.id) ?? notThere('user', actor.id)
    store.setPassword(user.id, String(body.passwordHash))
    store.dropSessionsOf(user.id)
    work.audit({ by: actor.id, act: 'user.password', subject: user.id })
  }
}

function keepOneAdmin(store: AccessWriter, leaving: string): void {
  const others = store.users().filter((user) => user.role === 'admin' && !user.disabled && user.id !== leaving)
  if (others.length === 0) throw conflict('This is the last administrator: make another one first')
}

function keyCommands(store: AccessWriter): Record<string, Handler> {
  return {
    'kiosk.create': (work, { body, actor }) => {
      const kiosk = body as unknown as Kiosk & { hash: string }
      store.addKiosk({ ...kiosk, createdBy: actor.id })
      work.audit({ by: actor.id, act: 'kiosk.create', subject: kiosk.id, detail: { name: kiosk.name, scope: kiosk.scope } })
      return store.kiosk(kiosk.id)
    },
    'kiosk.drop': (work, { actor, target }) => {
      if (!store.dropKiosk(target ?? '')) notThere('kiosk', target)
      work.audit({ by: actor.id, act: 'kiosk.drop', subject: target ?? '' })
    },
    'feed-key.create': (work, { body, actor }) => {
      const key = body as unknown as FeedKey & { hash: string }
      store.addFeedKey({ ...key, createdBy: actor.id })
      work.audit({ by: actor.id, act: 'feed-key.create', subject: key.id, detail: { feed: key.feed } })
      return store.feedKey(key.id)
    },
    'feed-key.drop': (work, { actor, target }) => {
      if (!store.dropFeedKey(target ?? '')) notThere('feed key', target)
      work.audit({ by: actor.id, act: 'feed-key.drop', subject: target ?? '' })
    },
  }
}

function knownRole(role: string): Role {
  if (ROLES.includes(role as Role)) return role as Role
  throw badRequest(`There is no role ${role}`, { errors: [{ field: 'role', detail: 'unknown', fix: `one of ${ROLES.join(', ')}` }] })
}

function notThere(what: string, id: string | undefined): never {
  throw notFound(`There is no ${what} ${id ?? ''}`)
}
