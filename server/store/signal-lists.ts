import type { Database } from 'better-sqlite3'
import type { SignalType } from '../../shared/signal.ts'
import type { Millis } from '../../shared/status.ts'
import { isoWithOffset } from '../../shared/time.ts'
import { isRepeat, isReplay, isTimeAssumed, SEGMENT, segmentOf, statusOf } from './signals.ts'

/** A signal as REST shows it. */
export interface SignalItem {
  source: string
  id: string
  type: SignalType
  subject: string
  placeId: string
  /** RFC 3339 with the sender's offset */
  time: string
  /** RFC 3339, UTC */
  receivedAt: string
  revision: number
  status: string
  data: unknown
  replay?: true
  timeAssumed?: true
  repeat?: true
}

export interface SignalQuery {
  deviceId?: string
  feed?: string
  type?: string
  /** by receipt, ms */
  since?: Millis
  until?: Millis
  /** the `next` of the page before */
  after?: string
  limit: number
}

interface Row {
  seq: number
  feed: string
  device: string
  place: string
  type: string
  id: string
  time: number
  zone: number | null
  received_at: number
  revision: number
  flags: number
  data: string
}

/** Rows looked at for one page, so that a rare filter never holds the thread: 20,000 take about 5 ms; the cursor goes on from there. */
const SCAN = 20_000
const SEGMENTS_PER_PAGE = 1_000

const SELECT = `SELECT s.seq, f.text AS feed, d.text AS device, p.text AS place, t.text AS type, s.id, s.time, s.zone, s.received_at, s.revision, s.flags, s.data
  FROM signal s JOIN word f ON f.n = s.feed JOIN word d ON d.n = s.device JOIN word p ON p.n = s.place JOIN word t ON t.n = s.type`

/** Newest first. A page may be short, even empty, while `next` says that there is more. */
export function readSignals(db: Database, query: SignalQuery): { items: SignalItem[]; next: string | null } {
  const filter = wordsOf(db, query)
  if (!filter) return { items: [], next: null }
  const top = Math.min(query.after === undefined ? Infinity : Number(query.after) - 1, newestOf(db), lastBefore(db, query.until))
  const bottom = firstSince(db, query.since)
  const found = filter.device === undefined ? scan(db, filter, top, bottom, query) : ofDevice(db, filter, top, bottom, query)
  return { items: found.rows.map(itemOf), next: found.next === null || found.next <= bottom ? null : String(found.next) }
}

interface Found {
  rows: Row[]
  /** everything from here up was looked at; null: all of it */
  next: number | null
}
interface Filter {
  device?: number
  feed?: number
  type?: number
}

/** undefined when a word is unknown: nothing can match */
function wordsOf(db: Database, { deviceId, feed, type }: SignalQuery): Filter | undefined {
  const word = db.prepare('SELECT n FROM word WHERE text = ?').pluck()
  const filter: Filter = {}
  for (const [name, text] of [
    ['device', deviceId],
    ['feed', feed],
    ['type', type],
  ] as const) {
    if (text === undefined) continue
    const n = word.get(text) as number | undefined
    if (n === undefined) return undefined
    filter[name] = n
  }
  return filter
}

const newestOf = (db: Database) => (db.prepare('SELECT max(seq) FROM signal').pluck().get() as number | null) ?? 0

function lastBefore(db: Database, until: Millis | undefined): number {
  if (until === undefined) return Infinity
  const later = db.prepare('SELECT n FROM signal_segment WHERE first_at > ? ORDER BY n LIMIT 1').pluck().get(until) as number | undefined
  return later === undefined ? Infinity : later * SEGMENT - 1
}
function firstSince(db: Database, since: Millis | undefined): number {
  if (since === undefined) return 0
  const before = db.prepare('SELECT n FROM signal_segment WHERE last_at < ? ORDER BY n DESC LIMIT 1').pluck().get(since) as
    | number
    | undefined
  return before === undefined ? 0 : (before + 1) * SEGMENT
}

const where = (filter: Filter, query: SignalQuery) =>
  [
    filter.device !== undefined && 's.device = @device',
    filter.feed !== undefined && 's.feed = @feed',
    filter.type !== undefined && 's.type = @type',
    query.since !== undefined && 's.received_at >= @since',
    query.until !== undefined && 's.received_at <= @until',
  ]
    .filter((part) => part !== false)
    .map((part) => ` AND ${part}`)
    .join('')
const bindings = (filter: Filter, { since, until, limit }: SignalQuery) => ({
  ...filter,
  ...(since !== undefined && { since }),
  ...(until !== undefined && { until }),
  limit,
})

function scan(db: Database, filter: Filter, top: number, bottom: number, query: SignalQuery): Found {
  const low = Math.max(bottom, top - SCAN + 1)
  const sql = `${SELECT} WHERE s.seq <= @top AND s.seq >= @low${where(filter, query)} ORDER BY s.seq DESC LIMIT @limit`
  const rows = db.prepare(sql).all({ ...bindings(filter, query), top, low }) as Row[]
  if (rows.length === query.limit) return { rows, next: rows.at(-1)!.seq }
  return { rows, next: low > bottom ? low : null }
}

/** The open segment row by row, then the posting lists of the closed ones. */
function ofDevice(db: Database, filter: Filter, top: number, bottom: number, query: SignalQuery): Found {
  const open = openFrom(db)
  const rows = top < open ? [] : scan(db, filter, top, Math.max(open, bottom), query).rows
  const list = db.prepare('SELECT offsets FROM signal_device WHERE segment = ? AND device = ?').pluck()
  const sql = `${SELECT} WHERE s.seq = @seq${where({ ...filter, device: undefined }, query)}`
  const one = db.prepare(sql)
  const given = { ...bindings({ feed: filter.feed, type: filter.type }, query) }
  const first = segmentOf(Math.min(top, open - 1))
  const last = Math.max(segmentOf(bottom), first - SEGMENTS_PER_PAGE + 1, 0)
  let looked = 0
  for (let n = first; n >= last && rows.length < query.limit; n--) {
    const offsets = list.get(n, filter.device) as Buffer | undefined
    for (let i = (offsets?.length ?? 0) - 2; i >= 0 && rows.length < query.limit; i -= 2) {
      const seq = n * SEGMENT + offsets!.readUInt16LE(i)
      if (seq > top || seq < bottom) continue
      const row = one.get({ ...clean(given), seq }) as Row | undefined
      if (row) rows.push(row)
      if (++looked >= SCAN) return { rows, next: seq }
    }
  }
  if (rows.length >= query.limit) return { rows, next: rows.at(-1)!.seq }
  return { rows, next: last > segmentOf(bottom) ? last * SEGMENT : null }
}

const clean = ({ limit: _, feed, type, ...rest }: Record<string, number | undefined>) => ({
  ...rest,
  ...(feed !== undefined && { feed }),
  ...(type !== undefined && { type }),
})

const openFrom = (db: Database) => {
  const closed = db.prepare('SELECT max(n) FROM signal_segment').pluck().get() as number | null
  return closed === null ? 0 : (closed + 1) * SEGMENT
}

function itemOf(row: Row): SignalItem {
  return {
    source: `/feeds/${row.feed}`,
    id: row.id,
    type: row.type as SignalType,
    subject: row.device,
    placeId: row.place,
    time: isoWithOffset(row.time, row.zone),
    receivedAt: new Date(row.received_at).toISOString(),
    revision: row.revision,
    status: statusOf(row.flags),
    data: JSON.parse(row.data) as unknown,
    ...(isReplay(row.flags) && { replay: true as const }),
    ...(isTimeAssumed(row.flags) && { timeAssumed: true as const }),
    ...(isRepeat(row.flags) && { repeat: true as const }),
  }
}
