import type { Database } from 'better-sqlite3'
import type { Signal } from '../../shared/signal.ts'
import type { Millis, Status } from '../../shared/status.ts'
import { createWords, WORD_TABLES } from './words.ts'

/**
 * Signals lie in commit order and nothing else indexes their rows: a secondary index with random keys is what makes others slow.
 * Every 16,384 a segment closes, with a posting list for each device that spoke in it.
 */
export const SIGNAL_TABLES = `
${WORD_TABLES}
CREATE TABLE IF NOT EXISTS signal (
  seq INTEGER PRIMARY KEY,
  feed INTEGER NOT NULL,
  device INTEGER NOT NULL,
  place INTEGER NOT NULL,
  type INTEGER NOT NULL,
  id TEXT NOT NULL,
  time INTEGER NOT NULL,
  zone INTEGER,
  received_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS signal_segment (
  n INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, purged INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS signal_device (
  segment INTEGER NOT NULL, device INTEGER NOT NULL, offsets BLOB NOT NULL, PRIMARY KEY (segment, device)
) STRICT, WITHOUT ROWID;
`

export const SEGMENT = 1 << 14
export const segmentOf = (seq: number) => Math.floor(seq / SEGMENT)

const STATUSES: readonly Status[] = ['actual', 'exercise', 'test']
const REPLAY = 4
const TIME_ASSUMED = 8
const REPEAT = 16
export const flagsOf = (signal: Pick<Signal, 'status' | 'replay' | 'timeAssumed' | 'repeat'>) =>
  STATUSES.indexOf(signal.status) | (signal.replay ? REPLAY : 0) | (signal.timeAssumed ? TIME_ASSUMED : 0) | (signal.repeat ? REPEAT : 0)
export const statusOf = (flags: number) => STATUSES[flags & 3]!
export const isReplay = (flags: number) => (flags & REPLAY) !== 0
export const isTimeAssumed = (flags: number) => (flags & TIME_ASSUMED) !== 0
export const isRepeat = (flags: number) => (flags & REPEAT) !== 0

/** The writer's side. */
export interface SignalStore {
  /** number of the next signal */
  readonly next: number
  /** `json`: the data as text, made once */
  insert(signal: Signal, json: string, revision: number): void
  /** closes the segments that are full; inside the transaction, after its inserts */
  write(now: Millis): void
  committed(): void
  rolledBack(): void
}

export function createSignalStore(db: Database): SignalStore {
  const words = createWords(db)
  const put = db.prepare(
    'INSERT INTO signal (seq, feed, device, place, type, id, time, zone, received_at, revision, flags, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const closeSegment = segmentCloser(db)
  let next = firstFree(db)
  let settled = next
  return {
    get next() {
      return next
    },
    insert(signal, json, revision) {
      put.run(
        signal.seq,
        words.of(signal.feed),
        words.of(signal.deviceId),
        words.of(signal.placeId),
        words.of(signal.type),
        signal.id,
        signal.time,
        signal.offset,
        signal.receivedAt,
        revision,
        flagsOf(signal),
        json,
      )
      next = signal.seq + 1
    },
    write(now) {
      for (let n = segmentOf(settled); n < segmentOf(next); n++) closeSegment(n, now)
    },
    committed() {
      settled = next
      words.committed()
    },
    rolledBack() {
      next = settled
      words.rolledBack()
    },
  }
}

/** Numbers are never given twice, also when every row of the past is purged. */
function firstFree(db: Database): number {
  const last = db.prepare('SELECT max(seq) FROM signal').pluck().get() as number | null
  const closed = db.prepare('SELECT max(n) FROM signal_segment').pluck().get() as number | null
  return Math.max((last ?? 0) + 1, closed === null ? 1 : (closed + 1) * SEGMENT)
}

function segmentCloser(db: Database) {
  const rows = db.prepare('SELECT device, seq FROM signal WHERE seq >= ? AND seq < ?').raw()
  const firstAt = db.prepare('SELECT received_at FROM signal WHERE seq >= ? ORDER BY seq LIMIT 1').pluck()
  const putSegment = db.prepare('INSERT OR REPLACE INTO signal_segment (n, first_at, last_at) VALUES (?, ?, ?)')
  const putList = db.prepare('INSERT OR REPLACE INTO signal_device (segment, device, offsets) VALUES (?, ?, ?)')
  return (n: number, now: Millis) => {
    const from = n * SEGMENT
    const lists = new Map<number, number[]>()
    for (const [device, seq] of rows.all(from, from + SEGMENT) as [number, number][]) {
      const list = lists.get(device)
      if (list) list.push(seq - from)
      else lists.set(device, [seq - from])
    }
    for (const [device, offsets] of lists) putList.run(n, device, new Uint8Array(new Uint16Array(offsets).buffer))
    putSegment.run(n, (firstAt.get(from) as number | undefined) ?? now, now)
  }
}
