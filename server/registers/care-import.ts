import { type CareContact, type Consent, type PlanSaid, type QuietHours, saidAnew } from '../../shared/care.ts'
import type { CarePlanRow } from '../../shared/registers.ts'
import type { Millis } from '../../shared/status.ts'
import type { CareStore } from '../store/care.ts'
import type { Work } from '../work.ts'

/** Who changed a plan last, when it was an import. */
export const IMPORT = 'import'
const DAY: Millis = 86_400_000

/**
 * Plans from the rows of care-plans.csv. One that somebody has changed at the desk since stays as it is, as what was bound by hand does; the
 * answer says how many. Absences are never touched: no file knows them.
 */
export function importPlans(store: CareStore, rows: readonly CarePlanRow[], { now, world }: Pick<Work, 'now' | 'world'>): number {
  let kept = 0
  for (const [residentId, own] of Map.groupBy(rows, (row) => row.residentId)) {
    const before = store.plan(residentId)
    if (before && before.changedBy !== IMPORT) {
      kept += 1
      continue
    }
    const told = planOf(own, world.utcOffset)
    if (before && saidAnew(before, told).length === 0) continue
    store.put({
      ...{ residentId, version: (before?.version ?? 0) + 1, absences: before?.absences ?? [] },
      ...{ ...told, changedAt: now, changedBy: IMPORT },
    })
  }
  return kept
}

export function planOf(rows: readonly CarePlanRow[], utcOffset: number): PlanSaid {
  const first = rows[0]!
  return {
    contacts: rows.filter(({ relation }) => relation !== undefined).map(contactOf),
    detectors: Object.fromEntries((first.off ?? []).map((kind) => [kind, false])),
    quiet: (first.quiet ?? []).map(hoursOf),
    consent: consentOf(first, utcOffset),
  }
}

function contactOf({ relation, staffId, name, phone }: CarePlanRow, n: number): CareContact {
  const shared = { id: `c${n + 1}`, relation: relation! }
  return staffId === undefined ? { ...shared, name, phone } : { ...shared, staffId }
}

const hoursOf = (text: string): QuietHours => ({ from: text.slice(0, 5), to: text.slice(6) })

function consentOf({ consentAt, consentBy, consentUntil }: CarePlanRow, utcOffset: number): Consent | null {
  if (consentAt === undefined) return null
  const midnight = (day: string) => Date.parse(`${day}T00:00:00Z`) - utcOffset * 60_000
  // the last day counts to its end
  return { at: midnight(consentAt), by: consentBy!, until: consentUntil === undefined ? null : midnight(consentUntil) + DAY }
}
