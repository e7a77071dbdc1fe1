import type { Database } from 'better-sqlite3'
import type { Millis } from '../../shared/status.ts'

/** What people found the alerts of one kind to be. `raised` = real + false + unknown: exercises are apart and count in nothing else (X1). */
export interface DetectorRecord {
  kind: string
  raised: number
  real: number
  false: number
  unknown: number
  exercise: number
}

const COUNTS = `SELECT kind,
  CASE WHEN status = 'exercise' THEN 'exercise' ELSE coalesce(json_extract(doc, '$.verdict.verdict'), 'unknown') END AS verdict,
  count(*) AS count
FROM alerts WHERE at >= ? AND status <> 'test' AND (? IS NULL OR place IN (SELECT value FROM json_each(?)))
GROUP BY 1, 2 ORDER BY 1`

/** By kind, of alerts raised since; `places` undefined: everywhere. */
export function detectorRecords(db: Database, since: Millis, places?: ReadonlySet<string>): DetectorRecord[] {
  const here = places ? JSON.stringify([...places]) : null
  type Row = { kind: string; verdict: 'real' | 'false' | 'exercise' | 'unknown'; count: number }
  const rows = db.prepare(COUNTS).all(Math.trunc(since), here, here) as Row[]
  const byKind = new Map<string, DetectorRecord>()
  for (const { kind, verdict, count } of rows) {
    const record = byKind.get(kind) ?? { kind, raised: 0, real: 0, false: 0, unknown: 0, exercise: 0 }
    record[verdict] += count
    if (verdict !== 'exercise') record.raised += count
    byKind.set(kind, record)
  }
  return [...byKind.values()]
}
