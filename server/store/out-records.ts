import type { Database } from 'better-sqlite3'
import {
  DEFAULT_PUSH,
  type Endpoint,
  type EndpointHealth,
  type EndpointSettings,
  type PushSettings,
  type Recipient,
  type RecipientSettings,
  type SmtpSettings,
} from '../../shared/message.ts'
import { createSettings } from './settings.ts'

/** Where messages go: endpoints, how people want to be told, and their browsers. Addresses that are keys, and secrets, are sealed. */
export const OUT_TABLES = `
CREATE TABLE IF NOT EXISTS endpoints (
  id TEXT PRIMARY KEY,
  format TEXT NOT NULL,
  state TEXT NOT NULL,
  origin TEXT NOT NULL,
  settings TEXT NOT NULL,
  sealed_url TEXT NOT NULL,
  sealed_secret TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER,
  last_ok_at INTEGER,
  last_error TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS recipients (
  id TEXT PRIMARY KEY,
  settings TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS push_subscriptions (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  host TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS push_subscriptions_person ON push_subscriptions (person, created_at);
`

export interface EndpointRow extends Endpoint {
  sealed: { url: string; secret?: string | undefined }
}
export interface SubscriptionRow {
  id: string
  /** staff or user id */
  person: string
  host: string
  /** the subscription as JSON, sealed: who holds it can write to that browser */
  sealed: string
  /** domain time, ms */
  createdAt: number
}
/** The own key pair of Web Push; the private key sealed. */
export interface VapidKeys {
  publicKey: string
  sealed: string
}
export interface StoredSmtp extends SmtpSettings {
  sealed?: string | undefined
  version: number
}

/** Failures in a row from which an endpoint counts as out of order. */
export const FAULT_AFTER = 5

interface Stored {
  id: string
  format: Endpoint['format']
  state: Endpoint['state']
  origin: string
  settings: string
  sealed_url: string
  sealed_secret: string | null
  version: number
  created_at: number
  created_by: string
  failures: number
  failing_since: number | null
  last_ok_at: number | null
  last_error: string | null
}

const toEndpoint = (row: Stored): EndpointRow => ({
  ...(JSON.parse(row.settings) as EndpointSettings),
  ...{ id: row.id, format: row.format, origin: row.origin, state: row.state, version: row.version },
  hasSecret: row.sealed_secret !== null,
  ...{ createdAt: row.created_at, createdBy: row.created_by },
  health: healthOf(row),
  sealed: { url: row.sealed_url, ...(row.sealed_secret !== null && { secret: row.sealed_secret }) },
})
const healthOf = (row: Stored): EndpointHealth => ({
  fault: row.failures >= FAULT_AFTER,
  ...{ failures: row.failures, failingSince: row.failing_since, lastOkAt: row.last_ok_at, lastError: row.last_error },
})
export const publicEndpoint = ({ sealed: _, ...endpoint }: EndpointRow): Endpoint => endpoint

const toRecipient = (row: { id: string; settings: string; version: number }): Recipient => ({
  ...(JSON.parse(row.settings) as RecipientSettings),
  id: row.id,
  version: row.version,
})

const SUBSCRIPTION = 'id, person, host, sealed, created_at AS createdAt'

export type OutReader = ReturnType<typeof outReader>
export function outReader(db: Database) {
  const endpoints = db.prepare<[], Stored>('SELECT * FROM endpoints ORDER BY id')
  const endpoint = db.prepare<[string], Stored>('SELECT * FROM endpoints WHERE id = ?')
  const recipients = db.prepare<[], { id: string; settings: string; version: number }>('SELECT * FROM recipients ORDER BY id')
  const recipient = db.prepare<[string], { id: string; settings: string; version: number }>('SELECT * FROM recipients WHERE id = ?')
  const subscriptions = db.prepare<[], SubscriptionRow>(`SELECT ${SUBSCRIPTION} FROM push_subscriptions ORDER BY created_at, id`)
  const subscription = db.prepare<[string], SubscriptionRow>(`SELECT ${SUBSCRIPTION} FROM push_subscriptions WHERE id = ?`)
  const settings = createSettings(db)
  return {
    endpoints: (): EndpointRow[] => endpoints.all().map(toEndpoint),
    endpoint: (id: string): EndpointRow | undefined => mapped(endpoint.get(id), toEndpoint),
    recipients: (): Recipient[] => recipients.all().map(toRecipient),
    recipient: (id: string): Recipient | undefined => mapped(recipient.get(id), toRecipient),
    subscriptions: (): SubscriptionRow[] => subscriptions.all(),
    subscription: (id: string): SubscriptionRow | undefined => subscription.get(id),
    smtp: (): StoredSmtp | undefined => settings.get<StoredSmtp | null>('notify.smtp') ?? undefined,
    push: (): PushSettings => settings.get<PushSettings>('notify.push') ?? DEFAULT_PUSH,
    vapid: (): VapidKeys | undefined => settings.get<VapidKeys>('notify.vapid'),
  }
}
const mapped = <A, B>(value: A | undefined, f: (value: A) => B): B | undefined => (value === undefined ? undefined : f(value))

/** The engine's side; everything runs inside the transaction of its command. */
export type OutWriter = ReturnType<typeof outWriter>
export function outWriter(db: Database) {
  const put =
    db.prepare(`INSERT INTO endpoints (id, format, state, origin, settings, sealed_url, sealed_secret, version, created_at, created_by)
    VALUES (@id, @format, @state, @origin, @settings, @url, @secret, @version, @createdAt, @createdBy)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, origin = excluded.origin, settings = excluded.settings,
      sealed_url = excluded.sealed_url, sealed_secret = excluded.sealed_secret, version = excluded.version`)
  const drop = db.prepare('DELETE FROM endpoints WHERE id = ?')
  const worked = db.prepare('UPDATE endpoints SET failures = 0, failing_since = NULL, last_ok_at = ?, last_error = NULL WHERE id = ?')
  const failed = db.prepare(
    'UPDATE endpoints SET failures = failures + 1, failing_since = coalesce(failing_since, ?), last_error = ? WHERE id = ?',
  )
  const gone = db.prepare("UPDATE endpoints SET state = 'gone', version = version + 1 WHERE id = ? AND state = 'active'")
  const putRecipient = db.prepare('INSERT OR REPLACE INTO recipients (id, settings, version) VALUES (?, ?, ?)')
  const addSubscription = db.prepare(
    'INSERT OR REPLACE INTO push_subscriptions (id, person, host, sealed, created_at) VALUES (@id, @person, @host, @sealed, @createdAt)',
  )
  const dropSubscription = db.prepare('DELETE FROM push_subscriptions WHERE id = ?')
  const settings = createSettings(db)
  return {
    ...outReader(db),
    putEndpoint({
      id,
      format,
      state,
      origin,
      version,
      createdAt,
      createdBy,
      sealed,
      name,
      filter,
      drills,
      detail,
      perMinute,
    }: EndpointRow) {
      const told = JSON.stringify({ name, filter, drills, detail, ...(perMinute !== undefined && { perMinute }) })
      put.run({
        ...{ id, format, state, origin, version, createdAt: Math.trunc(createdAt), createdBy },
        ...{ settings: told, url: sealed.url, secret: sealed.secret ?? null },
      })
    },
    dropEndpoint: (id: string) => drop.run(id).changes === 1,

    worked(id: string, at: number) {
      worked.run(Math.trunc(at), id)
    },
    failed: (id: string, at: number, error: string) => void failed.run(Math.trunc(at), error, id),
    gone: (id: string) => gone.run(id).changes === 1,
    putRecipient: ({ id, version, channels, quiet, email }: Recipient) =>
      void putRecipient.run(id, JSON.stringify({ channels, quiet, email }), version),
    addSubscription: (row: SubscriptionRow) => void addSubscription.run({ ...row, createdAt: Math.trunc(row.createdAt) }),
    dropSubscription: (id: string) => dropSubscription.run(id).changes === 1,
    setSmtp: (smtp: StoredSmtp | undefined) => settings.set('notify.smtp', smtp ?? null),
    setPush: (push: PushSettings) => settings.set('notify.push', push),
    setVapid: (keys: VapidKeys) => settings.set('notify.vapid', keys),
  }
}
