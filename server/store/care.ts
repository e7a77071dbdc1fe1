import type { Database } from 'better-sqlite3'
import type { CarePlan } from '../../shared/care.ts'

/** One document a person: it is read whole and written whole. */
export const CARE_TABLES = `
CREATE TABLE IF NOT EXISTS care_plan (resident TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
`

/** Plans for the one writer: in memory, written through. The caller owns the transaction, and loads anew when it fails. */
export interface CareStore {
  plan(residentId: string): CarePlan | undefined
  put(plan: CarePlan): void
  /** plans of people who are no longer in the register; says how many went */
  forgetLeavers(): number
}

export function openCareStore(db: Database): CareStore {
  const plans = new Map(readPlans(db).map((plan) => [plan.residentId, plan]))
  const write = db.prepare('INSERT OR REPLACE INTO care_plan (resident, version, doc) VALUES (?, ?, ?)')
  const leavers = db.prepare('DELETE FROM care_plan WHERE resident NOT IN (SELECT id FROM residents)')
  return {
    plan: (residentId) => plans.get(residentId),
    put(plan) {
      write.run(plan.residentId, plan.version, JSON.stringify(plan))
      plans.set(plan.residentId, plan)
    },
    forgetLeavers: () => leavers.run().changes,
  }
}

export const readPlans = (db: Database): CarePlan[] =>
  db
    .prepare<[], string>('SELECT doc FROM care_plan ORDER BY resident')
    .pluck()
    .all()
    .map((doc) => JSON.parse(doc as string) as CarePlan)

export function readPlan(db: Database, residentId: string): CarePlan | undefined {
  const doc = db.prepare<[string], string>('SELECT doc FROM care_plan WHERE resident = ?').pluck().get(residentId)
  return doc === undefined ? undefined : (JSON.parse(doc as string) as CarePlan)
}
