import type { Database } from 'better-sqlite3'
import type { Signal, SignalType } from '../../shared/signal.ts'
import { isRepeat, isReplay, isTimeAssumed, statusOf } from './signals.ts'

interface Row {
  seq: number
  feed: string
  device: string
  place: string
  type: SignalType
  id: string
  time: number
  zone: number | null
  received_at: number
  flags: number
  data: string
}

/** Stored signals after a number, in commit order, as analysis saw them first. */
export function* signalsAfter(db: Database, seq: number): Generator<Signal> {
  const rows = db
    .prepare<[number], Row>(
      `SELECT s.seq, f.text AS feed, d.text AS device, p.text AS place, t.text AS type, s.id, s.time, s.zone, s.received_at, s.flags, s.data
       FROM signal s JOIN word f ON f.n = s.feed JOIN word d ON d.n = s.device JOIN word p ON p.n = s.place JOIN word t ON t.n = s.type
       WHERE s.seq > ? ORDER BY s.seq`,
    )
    .iterate(seq)
  for (const row of rows) yield toSignal(row)
}

const toSignal = (row: Row): Signal =>
  ({
    seq: row.seq,
    feed: row.feed,
    id: row.id,
    type: row.type,
    time: row.time,
    offset: row.zone,
    status: statusOf(row.flags),
    ...(isReplay(row.flags) && { replay: true }),
    ...(isTimeAssumed(row.flags) && { timeAssumed: true }),
    ...(isRepeat(row.flags) && { repeat: true }),
    data: JSON.parse(row.data) as unknown,
    deviceId: row.device,
    placeId: row.place,
    receivedAt: row.received_at,
    at: isTimeAssumed(row.flags) ? row.received_at : Math.min(row.time, row.received_at),
  }) as Signal
