import type { Database } from 'better-sqlite3'
import type { Channel, Message, MessageKind, MessageParams, MessageState } from '../../shared/message.ts'
import type { Millis, Priority, Status } from '../../shared/status.ts'

/**
 * Messages that go out to people. `lane`: what is sent one beside another and never delays another lane (an endpoint, the mail server, a push
 * service). `serial`: rows of one lane with the same serial leave one after another. `next_at` is real time; HELD waits for `not_before` of
 * the domain clock. Triggers keep the number of those that wait, so that a bound costs nothing.
 */
export const OUTBOX_TABLES = `
CREATE TABLE IF NOT EXISTS outbox (
  n INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT UNIQUE,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  lane TEXT NOT NULL,
  serial TEXT,
  target TEXT,
  kind TEXT NOT NULL,
  priority INTEGER NOT NULL,
  status TEXT NOT NULL,
  incident TEXT,
  order_id TEXT,
  place TEXT,
  params TEXT NOT NULL,
  after_channels TEXT,
  created_at INTEGER NOT NULL,
  not_before INTEGER,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  first_at INTEGER,
  sent_at INTEGER,
  read_at INTEGER,
  last_error TEXT,
  reason TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (lane, next_at, priority, n) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS outbox_next ON outbox (next_at) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS outbox_least ON outbox (priority, n) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS outbox_serial ON outbox (lane, serial, n) WHERE state IN ('waiting', 'sending') AND serial IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbox_held ON outbox (not_before) WHERE state = 'waiting' AND next_at = 9007199254740991;
CREATE INDEX IF NOT EXISTS outbox_sending ON outbox (n) WHERE state = 'sending';
CREATE INDEX IF NOT EXISTS outbox_state ON outbox (state, n);
CREATE INDEX IF NOT EXISTS outbox_recipient ON outbox (recipient, channel, n);
CREATE INDEX IF NOT EXISTS outbox_unread ON outbox (recipient, n) WHERE channel = 'page' AND read_at IS NULL;
CREATE INDEX IF NOT EXISTS outbox_incident ON outbox (incident, n) WHERE incident IS NOT NULL;
CREATE INDEX IF NOT EXISTS outbox_ended ON outbox (created_at) WHERE state IN ('sent', 'failed', 'dropped');
CREATE TABLE IF NOT EXISTS outbox_figures (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO outbox_figures VALUES ('waiting', 0);
INSERT OR IGNORE INTO outbox_figures VALUES ('installation', lower(hex(randomblob(6))));
CREATE TRIGGER IF NOT EXISTS outbox_in AFTER INSERT ON outbox WHEN new.state = 'waiting' BEGIN
  UPDATE outbox_figures SET value = value + 1 WHERE name = 'waiting';
END;
CREATE TRIGGER IF NOT EXISTS outbox_off AFTER UPDATE OF state ON outbox WHEN old.state = 'waiting' AND new.state <> 'waiting' BEGIN
  UPDATE outbox_figures SET value = value - 1 WHERE name = 'waiting';
END;
CREATE TRIGGER IF NOT EXISTS outbox_back AFTER UPDATE OF state ON outbox WHEN old.state <> 'waiting' AND new.state = 'waiting' BEGIN
  UPDATE outbox_figures SET value = value + 1 WHERE name = 'waiting';
END;
`

/** A message on its way into the outbox. */
export interface Draft {
  channel: Channel
  recipient: string
  lane: string
  /** leaves only after all earlier ones of the same lane and serial */
  serial?: string | undefined
  /** where exactly, when the recipient alone does not say it: a subscription */
  target?: string | undefined
  kind: MessageKind
  priority: Priority
  status: Status
  incidentId?: string | undefined
  orderId?: string | undefined
  placeId?: string | undefined
  params: MessageParams
  /** what is tried when this one fails for good */
  afterChannels?: readonly Channel[] | undefined
  createdAt: Millis
  notBefore?: Millis | undefined
}

/** How one attempt ended. Times are real, ms. */
export interface Settled {
  id: string
  outcome: 'sent' | 'retry' | 'failed' | 'dropped'
  at: number
  nextAt?: number | undefined
  error?: string | undefined
  reason?: string | undefined
}

export const HELD = Number.MAX_SAFE_INTEGER
/** Rows that wait at most; beyond, the oldest of the least urgent is dropped. */
export const MOST_WAITING = 100_000

export type Outbox = ReturnType<typeof createOutbox>

/** The engine's side; everything runs inside the transaction of its unit of work. */
export function createOutbox(db: Database, most = MOST_WAITING) {
  const insert =
    db.prepare(`INSERT INTO outbox (channel, recipient, lane, serial, target, kind, priority, status, incident, order_id, place,
    params, after_channels, created_at, not_before, state, next_at, sent_at) VALUES (@channel, @recipient, @lane, @serial, @target, @kind,
    @priority, @status, @incident, @order, @place, @params, @after, @createdAt, @notBefore, @state, @nextAt, @sentAt)`)
  const name = db.prepare('UPDATE outbox SET id = ? WHERE n = ?')
  const figure = db.prepare<[string], { value: string | number }>('SELECT value FROM outbox_figures WHERE name = ?')
  const least = db.prepare<[], { n: number }>("SELECT n FROM outbox WHERE state = 'waiting' ORDER BY priority DESC, n LIMIT 1")
  const drop = db.prepare("UPDATE outbox SET state = 'dropped', reason = ? WHERE n = ?")
  const begin = db.prepare(
    "UPDATE outbox SET state = 'sending', attempts = attempts + 1, first_at = coalesce(first_at, ?) WHERE id = ? AND state = 'waiting'",
  )
  const settle =
    db.prepare(`UPDATE outbox SET state = @state, next_at = @nextAt, sent_at = @sentAt, last_error = coalesce(@error, last_error), reason = @reason
    WHERE id = @id AND state = 'sending'`)
  const recover = db.prepare("UPDATE outbox SET state = 'waiting', next_at = 0 WHERE state = 'sending'")
  const release = db.prepare(`UPDATE outbox SET next_at = 0 WHERE state = 'waiting' AND next_at = ${HELD} AND not_before <= ?`)
  const again = db.prepare(`UPDATE outbox SET state = 'waiting', next_at = 0, first_at = NULL, reason = NULL
    WHERE id = ? AND state IN ('failed', 'dropped', 'waiting')`)
  const dropLane = db.prepare("UPDATE outbox SET state = 'dropped', reason = ? WHERE lane = ? AND state IN ('waiting', 'sending')")
  const hurry = db.prepare(`UPDATE outbox SET next_at = 0 WHERE lane = ? AND state = 'waiting' AND next_at > 0 AND next_at < ${HELD}`)
  const readAll = db.prepare("UPDATE outbox SET read_at = ? WHERE recipient = ? AND channel = 'page' AND read_at IS NULL AND n <= ?")
  const readOne = db.prepare("UPDATE outbox SET read_at = ? WHERE recipient = ? AND channel = 'page' AND read_at IS NULL AND id = ?")
  const byId = db.prepare<[string], Row>('SELECT * FROM outbox WHERE id = ?')
  const installation = String(figure.get('installation')?.value)
  let fresh: string[] = []
  let changed = false

  return {
    /** @returns the id: msg-<installation>-<number> */
    put(draft: Draft): string {
      const page = draft.channel === 'page'
      const { lastInsertRowid } = insert.run({
        ...{ channel: draft.channel, recipient: draft.recipient, lane: draft.lane, kind: draft.kind },
        ...{ priority: draft.priority, status: draft.status, params: JSON.stringify(draft.params), createdAt: Math.trunc(draft.createdAt) },
        serial: draft.serial ?? null,
        target: draft.target ?? null,
        incident: draft.incidentId || null,
        order: draft.orderId ?? null,
        place: draft.placeId || null,
        after: draft.afterChannels?.length ? draft.afterChannels.join(' ') : null,
        notBefore: draft.notBefore === undefined ? null : Math.trunc(draft.notBefore),
        state: page ? 'sent' : 'waiting',
        nextAt: !page && draft.notBefore !== undefined && draft.notBefore > draft.createdAt ? HELD : 0,
        sentAt: page ? Math.trunc(draft.createdAt) : null,
      })
      const id = `msg-${installation}-${lastInsertRowid}`
      name.run(id, lastInsertRowid)
      changed = true
      if (page) fresh.push(id)
      else while (Number(figure.get('waiting')?.value) > most) drop.run('outbox-full', least.get()!.n)
      return id
    },
    /** an attempt begins; ids that are no longer waiting are left alone */
    begin: (ids: readonly string[], at: number): string[] => ids.filter((id) => begin.run(Math.trunc(at), id).changes === 1),
    /** @returns whether the row was still being sent */
    settle({ id, outcome, at, nextAt = 0, error, reason }: Settled): boolean {
      const state: MessageState = outcome === 'retry' ? 'waiting' : outcome
      const sentAt = outcome === 'sent' ? Math.trunc(at) : null
      changed = true
      return settle.run({ id, state, nextAt: Math.trunc(nextAt), sentAt, error: error ?? null, reason: reason ?? null }).changes === 1
    },
    /** whatever was being sent when the process ended is sent again, with the same id */
    recover: (): number => recover.run().changes,
    /** quiet hours that have ended */
    release(now: Millis): void {
      if (release.run(Math.trunc(now)).changes > 0) changed = true
    },
    again(id: string): boolean {
      changed = true
      return again.run(id).changes === 1
    },
    dropLane: (lane: string, reason: string): number => dropLane.run(reason, lane).changes,
    /** what waits in a lane that works again is sent at once */
    hurry: (lane: string): number => hurry.run(lane).changes,
    /** `upTo`: the message and all before it; else those of the list */
    read(recipient: string, now: Millis, which: { ids?: readonly string[]; upTo?: string | undefined }): number {
      const at = Math.trunc(now)
      if (which.upTo !== undefined) return readAll.run(at, recipient, numberOf(which.upTo)).changes
      return (which.ids ?? []).reduce((sum, id) => sum + readOne.run(at, recipient, id).changes, 0)
    },
    get: (id: string): StoredMessage | undefined => mapped(byId.get(id)),
    waiting: (): number => Number(figure.get('waiting')?.value),
    /** ids of page messages since the last call, and whether anything is new for the sender */
    take(): { notices: string[]; changed: boolean } {
      const taken = { notices: fresh, changed }
      fresh = []
      changed = false
      return taken
    },
  }
}

/** The number at the end of an id. */
export const numberOf = (id: string): number => Number(/-(\d{1,15})$/.exec(id)?.[1] ?? 0)

interface Row {
  n: number
  id: string
  channel: Channel
  recipient: string
  lane: string
  target: string | null
  kind: MessageKind
  priority: Priority
  status: Status
  incident: string | null
  order_id: string | null
  place: string | null
  params: string
  after_channels: string | null
  created_at: number
  not_before: number | null
  state: MessageState
  attempts: number
  next_at: number
  first_at: number | null
  sent_at: number | null
  read_at: number | null
  last_error: string | null
  reason: string | null
}
/** What the sender needs beside the message itself. */
export interface StoredMessage extends Message {
  n: number
  lane: string
  target: string | null
  afterChannels: Channel[]
}

function toMessage(row: Row): StoredMessage {
  const open = row.state === 'waiting'
  return {
    ...{ n: row.n, id: row.id, channel: row.channel, recipient: row.recipient, lane: row.lane, target: row.target, kind: row.kind },
    ...{ priority: row.priority, status: row.status, incidentId: row.incident, orderId: row.order_id, placeId: row.place },
    params: JSON.parse(row.params) as MessageParams,
    afterChannels: (row.after_channels?.split(' ') ?? []) as Channel[],
    ...{ createdAt: row.created_at, notBefore: row.not_before, state: row.state, attempts: row.attempts },
    nextAt: open && row.next_at > 0 && row.next_at < HELD ? row.next_at : null,
    ...{ firstAt: row.first_at, sentAt: row.sent_at, readAt: row.read_at, lastError: row.last_error, reason: row.reason },
  }
}
const mapped = (row: Row | undefined) => (row ? toMessage(row) : undefined)

export interface OutboxQuery {
  state?: readonly MessageState[] | undefined
  channel?: readonly Channel[] | undefined
  recipient?: string | undefined
  incident?: string | undefined
  unread?: boolean | undefined
  /** rows below this number */
  before?: number | undefined
  limit: number
}

export type OutboxReader = ReturnType<typeof outboxReader>
/** The main thread's side, over a connection that cannot write. */
export function outboxReader(read: Database) {
  const due = read.prepare<[string, number, number], Row>(`SELECT * FROM outbox AS o WHERE state = 'waiting' AND lane = ? AND next_at <= ?
    AND (serial IS NULL OR NOT EXISTS (SELECT 1 FROM outbox AS e WHERE e.lane = o.lane AND e.serial = o.serial AND e.n < o.n
      AND e.state IN ('waiting', 'sending')))
    ORDER BY next_at, priority, n LIMIT ?`)
  // one step of the index a lane, however many rows wait in it
  const lanes = read.prepare<[], { lane: string }>(`WITH RECURSIVE l (lane) AS (
      SELECT min(lane) FROM outbox WHERE state = 'waiting'
      UNION ALL SELECT (SELECT min(lane) FROM outbox WHERE state = 'waiting' AND lane > l.lane) FROM l WHERE l.lane IS NOT NULL)
    SELECT lane FROM l WHERE lane IS NOT NULL`)
  const next = read.prepare<[number], { at: number | null }>(
    `SELECT min(next_at) AS at FROM outbox WHERE state = 'waiting' AND next_at > ? AND next_at < ${HELD}`,
  )
  const counts = read.prepare<[], { state: MessageState; count: number }>('SELECT state, count(*) AS count FROM outbox GROUP BY state')
  const byId = read.prepare<[string], Row>('SELECT * FROM outbox WHERE id = ?')
  const failed = read.prepare<[], { count: number }>("SELECT count(*) AS count FROM outbox WHERE state = 'failed'")
  const oldest = read.prepare<[], { at: number }>(
    `SELECT created_at AS at FROM outbox WHERE state = 'waiting' AND next_at < ${HELD} ORDER BY n LIMIT 1`,
  )
  const unread = read.prepare<[string], { count: number }>(
    "SELECT count(*) AS count FROM outbox WHERE recipient = ? AND channel = 'page' AND read_at IS NULL",
  )
  const figure = read.prepare<[string], { value: string | number }>('SELECT value FROM outbox_figures WHERE name = ?')
  return {
    /** those in which something waits */
    lanes: (): string[] => lanes.all().map(({ lane }) => lane),
    /** what a lane may send now, soonest first, then most urgent, then oldest */
    due: (lane: string, at: number, limit: number): StoredMessage[] => due.all(lane, at, limit).map(toMessage),
    /** real time of the next retry of all lanes */
    nextAfter: (at: number): number | undefined => next.get(at)?.at ?? undefined,
    counts: (): Partial<Record<MessageState, number>> => Object.fromEntries(counts.all().map(({ state, count }) => [state, count])),
    waiting: (): number => Number(figure.get('waiting')?.value ?? 0),
    /** how many were given up and wait for somebody to try them again */
    failed: (): number => failed.get()!.count,
    /** domain time at which the oldest that may leave was made; undefined: nothing waits but for the end of quiet hours */
    oldestWaiting: (): Millis | undefined => oldest.get()?.at,
    get: (id: string): StoredMessage | undefined => mapped(byId.get(id)),
    unread: (recipient: string): number => unread.get(recipient)!.count,
    /** newest first */
    list(query: OutboxQuery): { items: StoredMessage[]; next: number | null } {
      const { where, values } = conditions(query)
      const sql = `SELECT * FROM outbox ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY n DESC LIMIT ?`
      const rows = read.prepare<(string | number)[], Row>(sql).all(...values, query.limit + 1)
      const shown = rows.slice(0, query.limit)
      return { items: shown.map(toMessage), next: rows.length > query.limit ? shown.at(-1)!.n : null }
    },
  }
}

function conditions({ state, channel, recipient, incident, unread, before }: OutboxQuery) {
  const where: string[] = []
  const values: (string | number)[] = []
  const add = (sql: string, ...given: readonly (string | number)[]) => {
    where.push(sql)
    values.push(...given)
  }
  const oneOf = (column: string, of: readonly string[]) => add(`${column} IN (${of.map(() => '?').join(', ')})`, ...of)
  if (state) oneOf('state', state)
  if (channel) oneOf('channel', channel)
  if (recipient !== undefined) add('recipient = ?', recipient)
  if (incident !== undefined) add('incident = ?', incident)
  if (unread) add('read_at IS NULL')
  if (before !== undefined) add('n < ?', before)
  return { where, values }
}

/** What has ended is kept so long after its making, domain time. */
const KEPT = 30 * 86_400_000
export function purgeOutbox(db: Database, now: Millis, rows: number): number {
  const sql =
    "DELETE FROM outbox WHERE n IN (SELECT n FROM outbox WHERE state IN ('sent', 'failed', 'dropped') AND created_at < ? ORDER BY created_at LIMIT ?)"
  return db.prepare(sql).run(Math.trunc(now - KEPT), rows).changes
}
