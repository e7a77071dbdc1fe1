import type { Database } from 'better-sqlite3'
import type { Role } from '../../shared/access.ts'
import { addColumns } from './columns.ts'

/** Times here are real time, ms: sign-ins do not run on the domain clock. Of every token only its hash is kept. */
export const ACCESS_TABLES = `
CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  scope TEXT,
  staff_id TEXT,
  password_hash TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sessions (
  hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  scope TEXT,
  staff_id TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user_id);
CREATE TABLE IF NOT EXISTS kiosks (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  scope TEXT,
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS feed_keys (
  id TEXT PRIMARY KEY,
  feed TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS setup_links (
  hash TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
`

/** Keys of earlier versions never expire. */
export function migrateAccess(db: Database): void {
  addColumns(db, 'feed_keys', { expires_at: 'INTEGER', own: 'INTEGER NOT NULL DEFAULT 0' })
}

export interface User {
  id: string
  username: string
  name: string
  role: Role
  /** null: everywhere */
  scope: string | null
  staffId: string | null
  disabled: boolean
  createdAt: number
}
/** Who stands behind a token. `scope` null: everywhere. */
export interface Holder {
  id: string
  name: string
  role: Role
  scope: string | null
  staffId: string | null
}
export interface Session extends Holder {
  hash: string
  createdAt: number
  expiresAt: number
}
export interface Kiosk {
  id: string
  name: string
  scope: string | null
  createdAt: number
  createdBy: string
}
export interface FeedKey {
  id: string
  feed: string
  createdAt: number
  createdBy: string
  /** real time, ms; null: never */
  expiresAt: number | null
  /** the secret that the feed was made with, or that took its place; the others are more keys beside it */
  own: boolean
}

const USER = 'id, username, name, role, scope, staff_id AS staffId, disabled, created_at AS createdAt'
const SESSION = 'hash, user_id AS id, name, role, scope, staff_id AS staffId, created_at AS createdAt, expires_at AS expiresAt'
const KIOSK = 'id, name, scope, created_at AS createdAt, created_by AS createdBy'
const FEED_KEY = 'id, feed, created_at AS createdAt, created_by AS createdBy, expires_at AS expiresAt, own'

type FeedKeyRow = Omit<FeedKey, 'own'> & { own: number }
const toFeedKey = <T extends FeedKeyRow>(row: T) => ({ ...row, own: row.own === 1 })

type UserRow = Omit<User, 'disabled'> & { disabled: number }
const toUser = (row: UserRow): User => ({ ...row, disabled: row.disabled === 1 })

export type AccessReader = ReturnType<typeof accessReader>
export function accessReader(db: Database) {
  const users = db.prepare<[], UserRow>(`SELECT ${USER} FROM users ORDER BY username`)
  const user = db.prepare<[string], UserRow>(`SELECT ${USER} FROM users WHERE id = ?`)
  const login = db.prepare<[string], UserRow & { passwordHash: string }>(
    `SELECT ${USER}, password_hash AS passwordHash FROM users WHERE username = ? AND disabled = 0`,
  )
  const anyUser = db.prepare<[], { id: string }>('SELECT id FROM users LIMIT 1')
  const session = db.prepare<[string], Session>(`SELECT ${SESSION} FROM sessions WHERE hash = ?`)
  const kiosks = db.prepare<[], Kiosk>(`SELECT ${KIOSK} FROM kiosks ORDER BY created_at, id`)
  const kiosk = db.prepare<[string], Kiosk>(`SELECT ${KIOSK} FROM kiosks WHERE id = ?`)
  const kioskByHash = db.prepare<[string], Kiosk>(`SELECT ${KIOSK} FROM kiosks WHERE hash = ?`)
  const feedKeys = db.prepare<[], FeedKeyRow & { hash: string }>(`SELECT ${FEED_KEY}, hash FROM feed_keys ORDER BY created_at, id`)
  const feedKey = db.prepare<[string], FeedKeyRow>(`SELECT ${FEED_KEY} FROM feed_keys WHERE id = ?`)
  const setup = db.prepare<[string], { expiresAt: number }>('SELECT expires_at AS expiresAt FROM setup_links WHERE hash = ?')
  return {
    users: (): User[] => users.all().map(toUser),
    user: (id: string): User | undefined => mapped(user.get(id), toUser),
    login: (username: string) => mapped(login.get(username), (row) => ({ ...toUser(row), passwordHash: row.passwordHash })),
    hasUsers: (): boolean => anyUser.get() !== undefined,
    session: (hash: string): Session | undefined => session.get(hash),
    kiosks: (): Kiosk[] => kiosks.all(),
    kiosk: (id: string): Kiosk | undefined => kiosk.get(id),
    kioskByHash: (hash: string): Kiosk | undefined => kioskByHash.get(hash),
    feedKeys: (): (FeedKey & { hash: string })[] => feedKeys.all().map(toFeedKey),
    feedKey: (id: string): FeedKey | undefined => mapped(feedKey.get(id), toFeedKey),
    setupLink: (hash: string): { expiresAt: number } | undefined => setup.get(hash),
  }
}

const mapped = <A, B>(value: A | undefined, f: (value: A) => B): B | undefined => (value === undefined ? undefined : f(value))

/** The engine's side; everything runs inside the transaction of its command. */
export type AccessWriter = ReturnType<typeof accessWriter>
export function accessWriter(db: Database) {
  const addUser = db.prepare(
    'INSERT INTO users (id, username, name, role, scope, staff_id, password_hash, created_at) VALUES (@id, @username, @name, @role, @scope, @staffId, @passwordHash, @createdAt)',
  )
  const changeUser = db.prepare(
    'UPDATE users SET name = @name, role = @role, scope = @scope, staff_id = @staffId, disabled = @disabled WHERE id = @id',
  )
  const setPassword = db.prepare('UPDATE users SET password_hash = ? WHERE id = ?')
  const addSession = db.prepare(
    'INSERT INTO sessions (hash, user_id, name, role, scope, staff_id, created_at, expires_at) VALUES (@hash, @id, @name, @role, @scope, @staffId, @createdAt, @expiresAt)',
  )
  const dropSession = db.prepare('DELETE FROM sessions WHERE hash = ?')
  const dropSessionsOf = db.prepare('DELETE FROM sessions WHERE user_id = ?')
  const dropExpired = db.prepare('DELETE FROM sessions WHERE expires_at <= ?')
  const addKiosk = db.prepare(
    'INSERT INTO kiosks (id, name, scope, hash, created_at, created_by) VALUES (@id, @name, @scope, @hash, @createdAt, @createdBy)',
  )
  const dropKiosk = db.prepare('DELETE FROM kiosks WHERE id = ?')
  const addFeedKey = db.prepare(
    'INSERT INTO feed_keys (id, feed, hash, created_at, created_by, own) VALUES (@id, @feed, @hash, @createdAt, @createdBy, @own)',
  )
  const expireOwn = db.prepare('UPDATE feed_keys SET expires_at = ? WHERE feed = ? AND own = 1 AND (expires_at IS NULL OR expires_at > ?)')
  const dropExpiredKeys = db.prepare('DELETE FROM feed_keys WHERE expires_at <= ?')
  const dropKeysOf = db.prepare('DELETE FROM feed_keys WHERE feed = ?')
  const dropFeedKey = db.prepare('DELETE FROM feed_keys WHERE id = ?')
  const clearSetup = db.prepare('DELETE FROM setup_links')
  const addSetup = db.prepare('INSERT INTO setup_links (hash, expires_at) VALUES (?, ?)')
  return {
    ...accessReader(db),
    addUser: (user: Omit<User, 'disabled'> & { passwordHash: string }) => void addUser.run(user),
    changeUser: (user: Pick<User, 'id' | 'name' | 'role' | 'scope' | 'staffId' | 'disabled'>) =>
      void changeUser.run({ ...user, disabled: user.disabled ? 1 : 0 }),
    setPassword: (id: string, passwordHash: string) => void setPassword.run(passwordHash, id),
    addSession: (session: Session) => void addSession.run(session),
    dropSession: (hash: string) => dropSession.run(hash).changes > 0,
    dropSessionsOf: (userId: string) => void dropSessionsOf.run(userId),
    dropExpired: (now: number) => void dropExpired.run(now),
    addKiosk: (kiosk: Kiosk & { hash: string }) => void addKiosk.run(kiosk),
    dropKiosk: (id: string) => dropKiosk.run(id).changes > 0,
    addFeedKey: (key: Omit<FeedKey, 'own' | 'expiresAt'> & { hash: string; own?: boolean }) =>
      void addFeedKey.run({ ...key, own: key.own === true ? 1 : 0 }),
    /** its secrets up to now work until then */
    expireOwnKeys: (feed: string, at: number) => void expireOwn.run(at, feed, at),
    dropExpiredKeys: (now: number) => void dropExpiredKeys.run(now),
    dropFeedKeys: (feed: string) => void dropKeysOf.run(feed),
    dropFeedKey: (id: string) => dropFeedKey.run(id).changes > 0,
    /** one link at a time */
    replaceSetup: (hash: string, expiresAt: number) => {
      clearSetup.run()
      addSetup.run(hash, expiresAt)
    },
    clearSetup: () => void clearSetup.run(),
  }
}
