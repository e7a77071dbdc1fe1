import type { Database } from 'better-sqlite3'
import type { Guess } from '../../shared/arrival.ts'
import type { QuarantinedMessage, QuarantineItem, QuarantineSender } from '../../shared/quarantine.ts'
import type { StoredRow } from './quarantine.ts'

export interface QuarantineQuery {
  feed?: string
  reason?: string
  address?: string
  state?: string
  /** the `next` of the page before */
  after?: string
  limit: number
}

type Row = Omit<StoredRow, 'bytes'>

const COLUMNS = 'n, state, reason, detail, place, feed, address, event_id, arrival, length, count, received_at, last_at, guess, seen'
const PREFIX = 'quarantine-'
export const quarantineNumber = (id: string) => Number(id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id)

/** Newest first. */
export function readQuarantine(db: Database, query: QuarantineQuery): { items: QuarantineItem[]; next: string | null } {
  const filters = (['feed', 'reason', 'address', 'state'] as const).filter((name) => query[name] !== undefined)
  const where = filters.map((name) => ` AND ${name} = @${name}`).join('')
  const given = Object.fromEntries(filters.map((name) => [name, query[name]]))
  const top = query.after === undefined ? Number.MAX_SAFE_INTEGER : quarantineNumber(query.after) - 1
  const sql = `SELECT ${COLUMNS} FROM quarantine WHERE n <= @top${where} ORDER BY n DESC LIMIT @limit`
  const rows = db.prepare(sql).all({ ...given, top, limit: query.limit + 1 }) as Row[]
  const items = rows.slice(0, query.limit).map(itemOf)
  return { items, next: rows.length > query.limit ? items.at(-1)!.id : null }
}

/** One with its bytes: as text when they are UTF-8, else base64. */
export function readQuarantined(db: Database, id: string): QuarantinedMessage | undefined {
  const row = db.prepare(`SELECT ${COLUMNS}, bytes FROM quarantine WHERE n = ?`).get(quarantineNumber(id)) as
    | (Row & { bytes: Buffer })
    | undefined
  return row && { ...itemOf(row), ...bodyOf(row.bytes) }
}

/** Who sends what is not understood, the latest first: unknown devices by their address. Who was dealt with is not listed. */
export function readSenders(db: Database, limit: number): QuarantineSender[] {
  const sql = `SELECT feed, address, reason, total, kept, held, lost, first_at AS firstAt, last_at AS lastAt, guess FROM quarantine_sender
    WHERE held > 0 OR (kept <= 0 AND lost > 0) ORDER BY last_at DESC LIMIT ?`
  const rows = db.prepare(sql).all(limit) as (Omit<QuarantineSender, 'guess'> & { guess: string | null })[]
  return rows.map(({ guess, ...row }) => ({ ...row, ...(guess !== null && { guess: JSON.parse(guess) as Guess }) }))
}

/** How many had to go to keep the quarantine within its bounds. */
export const readCrowdedOut = (db: Database) =>
  (db.prepare('SELECT count FROM quarantine_crowded_out').pluck().get() as number | undefined) ?? 0

function bodyOf(bytes: Buffer): Pick<QuarantinedMessage, 'body' | 'encoding'> {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  } catch {
    return { body: bytes.toString('base64'), encoding: 'base64' }
  }
}

function itemOf(row: Row): QuarantineItem {
  const arrival = JSON.parse(row.arrival) as { source: string; transport: string; topic?: string }
  return {
    id: `${PREFIX}${row.n}`,
    state: row.state,
    reason: row.reason,
    detail: row.detail,
    ...(row.place !== null && { where: row.place }),
    feed: row.feed,
    address: row.address,
    ...(row.event_id !== null && { eventId: row.event_id }),
    ...(row.guess !== null && { guess: JSON.parse(row.guess) as Guess }),
    seen: row.seen === 1,
    source: arrival.source,
    transport: arrival.transport,
    ...(arrival.topic !== undefined && { topic: arrival.topic }),
    length: row.length,
    count: row.count,
    receivedAt: new Date(row.received_at).toISOString(),
    lastAt: new Date(row.last_at).toISOString(),
  }
}
