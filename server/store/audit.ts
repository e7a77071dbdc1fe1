import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Database } from 'better-sqlite3'

/** Rows are chained: each mac covers the one before, with a key that lies outside the database (S2). */
export const AUDIT_TABLES = `
CREATE TABLE IF NOT EXISTS audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  why TEXT,
  detail TEXT,
  mac TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS audit_at ON audit (at);
CREATE INDEX IF NOT EXISTS audit_subject ON audit (subject, seq);
CREATE TABLE IF NOT EXISTS audit_marks (
  name TEXT PRIMARY KEY CHECK (name IN ('anchor', 'head')),
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  chain TEXT NOT NULL,
  mac TEXT NOT NULL
) STRICT;
`

export interface AuditEntry {
  /** domain time, ms */
  at: number
  by: string
  act: string
  subject: string
  why?: string
  detail?: Record<string, unknown>
}
interface AuditRow {
  seq: number
  at: number
  by: string
  act: string
  subject: string
  why: string | null
  detail: string | null
  mac: string
}
interface Mark {
  name: 'anchor' | 'head'
  seq: number
  at: number
  chain: string
  mac: string
}
export type AuditVerdict =
  | { ok: true; rows: number; from: number; to: number }
  | { ok: false; rows: number; brokenAt: number; reason: string }

export interface Audit {
  append(entry: AuditEntry): number
  verify(): AuditVerdict
  /** What is older goes, at most so many rows at a time; the anchor keeps the mac of the last one gone, so that the rest still proves itself. */
  purgeBefore(at: number, rows?: number): number
}

const GENESIS = 'linwang-audit-v1'

/**
 * `append` belongs inside the transaction of what it records. The signed head shows rows cut off at the end; a whole older copy of the
 * database put back in its place can not be seen from inside and is the business of backups.
 */
export function createAudit(db: Database, key: Uint8Array): Audit {
  const chain = auditMacs(key)
  const last = db.prepare<[], { seq: number; mac: string }>('SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1')
  const mark = db.prepare<[string], Mark>('SELECT * FROM audit_marks WHERE name = ?')
  const setMark = db.prepare('INSERT OR REPLACE INTO audit_marks (name, seq, at, chain, mac) VALUES (?, ?, ?, ?, ?)')
  const insert = db.prepare('INSERT INTO audit (seq, at, by, act, subject, why, detail, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const oldest = db.prepare<[number], AuditRow>('SELECT * FROM audit ORDER BY seq LIMIT ?')
  const drop = db.prepare('DELETE FROM audit WHERE seq <= ?')

  const sign = (name: Mark['name'], seq: number, at: number, mac: string) => setMark.run(name, seq, at, mac, chain.mark(name, seq, at, mac))
  const tip = () => last.get() ?? anchored(mark.get('anchor'))

  return {
    append(entry) {
      const before = tip()
      const row = toRow(before.seq + 1, entry)
      const mac = chain.row(before.mac, row)
      insert.run(row.seq, row.at, row.by, row.act, row.subject, row.why, row.detail, mac)
      sign('head', row.seq, row.at, mac)
      return row.seq
    },
    verify: () => verifyChain(db, chain),
    purgeBefore(at, rows = 500) {
      const last = lastOlder(oldest.iterate(rows), at)
      if (!last) return 0
      return db.transaction(() => {
        sign('anchor', last.seq, last.at, last.mac)
        return drop.run(last.seq).changes
      })()
    },
  }
}

function lastOlder(rows: Iterable<AuditRow>, at: number): AuditRow | undefined {
  let last: AuditRow | undefined
  for (const row of rows) {
    if (row.at >= at) break
    last = row
  }
  return last
}

/** For the reading side: the same check over a read-only connection. */
export function verifyAudit(db: Database, key: Uint8Array): AuditVerdict {
  return verifyChain(db, auditMacs(key))
}

type Macs = ReturnType<typeof auditMacs>
function auditMacs(key: Uint8Array) {
  const mac = (...parts: unknown[]) => createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')
  return {
    row: (before: string, row: Omit<AuditRow, 'mac'>) =>
      mac('row', before, row.seq, row.at, row.by, row.act, row.subject, row.why, row.detail),
    mark: (name: string, seq: number, at: number, chain: string) => mac('mark', name, seq, at, chain),
  }
}

function verifyChain(db: Database, macs: Macs): AuditVerdict {
  const mark = db.prepare<[string], Mark>('SELECT * FROM audit_marks WHERE name = ?')
  const anchor = mark.get('anchor')
  const head = mark.get('head')
  for (const it of [anchor, head]) {
    if (it && !same(it.mac, macs.mark(it.name, it.seq, it.at, it.chain)))
      return broken(0, it.seq, `the signed ${it.name} does not prove itself`)
  }
  const start = anchored(anchor)
  let { seq, mac } = start
  let rows = 0
  for (const row of db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq').iterate()) {
    if (row.seq !== seq + 1) return broken(rows, seq + 1, 'a row is missing')
    if (!same(row.mac, macs.row(mac, row))) return broken(rows, row.seq, 'the row was changed')
    rows += 1
    ;({ seq, mac } = row)
  }
  if (seq > 0 && (head?.seq !== seq || head.chain !== mac)) return broken(rows, seq + 1, 'the last rows are missing')
  if (seq === 0 && head) return broken(0, 1, 'the last rows are missing')
  return { ok: true, rows, from: start.seq + 1, to: seq }
}

const broken = (rows: number, brokenAt: number, reason: string): AuditVerdict => ({ ok: false, rows, brokenAt, reason })
const anchored = (anchor: Mark | undefined) => (anchor ? { seq: anchor.seq, mac: anchor.chain } : { seq: 0, mac: GENESIS })

function toRow(seq: number, entry: AuditEntry): Omit<AuditRow, 'mac'> {
  const detail = entry.detail && Object.keys(entry.detail).length > 0 ? JSON.stringify(entry.detail) : null
  return { seq, at: Math.trunc(entry.at), by: entry.by, act: entry.act, subject: entry.subject, why: entry.why ?? null, detail }
}

function same(a: string, b: string): boolean {
  const x = Buffer.from(a)
  const y = Buffer.from(b)
  return x.length === y.length && timingSafeEqual(x, y)
}
