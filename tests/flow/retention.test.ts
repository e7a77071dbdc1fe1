import { expect, test } from 'vitest'
import { createAudit } from '../../server/store/audit.ts'
import { createIdempotency } from '../../server/store/idempotency.ts'
import { createJournal, patchesSince, stateAt } from '../../server/store/journal.ts'
import { openStore } from '../../server/store/open.ts'
import { createBrooms, createSweeper, DAY, RETENTION } from '../../server/store/retention.ts'
import { createTicks } from '../../server/store/ticks.ts'
import { emptyState } from '../../shared/patch.ts'
import { tempDir } from '../support/engine.ts'

const KEY = new Uint8Array(32)
const op = (n: number) => [{ op: 'set' as const, field: 'shift' as const, value: { name: `s${n}`, from: '', to: '', officerId: '' } }]

function store() {
  const db = openStore(tempDir(), 'demo')
  const stores = { audit: createAudit(db, KEY), journal: createJournal(db), ticks: createTicks(db), idempotency: createIdempotency(db) }
  return { db, ...stores, sweeper: createSweeper(db, createBrooms(db, RETENTION, stores), (_, error) => Promise.reject(error)) }
}

test('[P2] patches are given from a revision on while they are kept, else nothing: send a snapshot', () => {
  const { db, journal } = store()
  for (let n = 1; n <= 10; n++) journal.append({ from: n - 1, to: n, at: n, ops: op(n) }, n)
  expect(patchesSince(db, 10)).toEqual([])
  expect(patchesSince(db, 7)?.map(({ from, to }) => [from, to])).toEqual([
    [7, 8],
    [8, 9],
    [9, 10],
  ])
  expect(patchesSince(db, 11)).toBeUndefined()
  expect(patchesSince(db, 0, 5)).toBeUndefined()
})

test('[P1] what is pruned lies before a keyframe, so that every later state can still be folded', () => {
  const { db, journal, sweeper } = store()
  const wall = 100 * DAY
  const ageOf = (n: number) => wall - 3 * DAY + n * 60_000
  for (let n = 1; n <= 2000; n++) {
    journal.append({ from: n - 1, to: n, at: n, ops: op(n) }, ageOf(n))
    if (n === 500) journal.keyframe({ ...emptyState(), ...stateAt(db), revision: n }, ageOf(n))
  }
  const before = stateAt(db)
  while (sweeper.step(0, wall)) {}
  expect(patchesSince(db, 499)).toBeUndefined()
  expect(patchesSince(db, 500)).toHaveLength(1500)
  expect(stateAt(db)).toEqual(before)
  expect(stateAt(db, 700)?.shift?.name).toBe('s700')
})

test('[S2] old audit rows go, and the chain still proves itself', () => {
  const { audit, sweeper } = store()
  const now = 2000 * DAY
  for (let n = 0; n < 2000; n += 100) audit.append({ at: n * DAY, by: 'u', act: 'x', subject: 's' })
  while (sweeper.step(now, now)) {}
  expect(audit.verify()).toMatchObject({ ok: true, rows: 10 })
})

test('[S2] a slice is small: a long past goes in many steps', () => {
  const { db, ticks, sweeper } = store()
  db.transaction(() => {
    for (let n = 0; n < 3000; n++) ticks.append(n, 0)
  })()
  const now = 200 * DAY
  ticks.append(now, 0)
  const left = () => db.prepare('SELECT count(*) FROM ticks').pluck().get()
  let most = 0
  let steps = 0
  for (let before = left() as number, more = true; more; steps++) {
    more = sweeper.step(now, 0)
    most = Math.max(most, before - (left() as number))
    before = left() as number
  }
  expect(left()).toBe(1)
  expect(most).toBeLessThanOrEqual(500)
  expect(steps).toBeGreaterThan(6)
})
