import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openIdentity } from '../../server/store/identity.ts'
import { createHotTable } from '../../server/store/identity-hot.ts'
import { type Db, openStore } from '../../server/store/open.ts'
import { seededRandom } from '../../shared/random.ts'

let dir: string
let db: Db
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'linwang-identity-'))
  db = openStore(dir, 'demo')
})
afterEach(() => {
  db.close()
  rmSync(dir, { recursive: true, force: true })
})

/** Small runs, so that a few thousand ids make many. */
const HOT = 100

const SEEDS = [1, 2, 3, 20261123]
for (const seed of SEEDS) {
  test(`[I2] identity agrees with a plain set over commits, rollbacks, runs and restarts (seed ${seed})`, () => {
    const random = seededRandom(seed)
    const stored = new Set<string>()
    let identity = openIdentity(db, HOT)
    for (let round = 0; round < 300; round++) {
      const fresh = new Set<string>()
      db.exec('BEGIN')
      for (let write = random.int(1, 3); write > 0; write--) {
        for (let n = random.int(0, 60); n > 0; n--) {
          const id = `e${random.int(1, 12_000)}`
          const isNew = !stored.has(id) && !fresh.has(id)
          expect(identity.claim('gates', id), `round ${round} id ${id}`).toBe(isNew)
          fresh.add(id)
        }
        identity.write(round)
      }
      if (random.chance(0.2)) {
        db.exec('ROLLBACK')
        identity.rolledBack()
      } else {
        db.exec('COMMIT')
        identity.committed()
        for (const id of fresh) stored.add(id)
      }
      if (random.chance(0.1)) identity = openIdentity(db, HOT)
    }
    expect(identity.stats().runs).toBeGreaterThan(20)
    expect(identity.stats().hot).toBeLessThan(HOT * 3)
  })
}

test('[I2] the same id of two feeds is two', () => {
  const identity = openIdentity(db, HOT)
  expect(identity.claim('gates', 'e1')).toBe(true)
  expect(identity.claim('meters', 'e1')).toBe(true)
  expect(identity.claim('gates', 'e1')).toBe(false)
})

test('[I2] runs older than the signals that are kept go as a whole, younger ones stay', () => {
  const identity = openIdentity(db, HOT)
  for (let day = 1; day <= 3; day++) {
    for (let n = 0; n < HOT; n++) identity.claim('gates', `day ${day} event ${n}`)
    identity.write(day)
    identity.committed()
  }
  expect(identity.stats()).toEqual({ hot: 0, runs: 3 })
  expect(identity.forget(3)).toBe(2)
  expect(identity.claim('gates', 'day 1 event 5')).toBe(true)
  expect(identity.claim('gates', 'day 3 event 5')).toBe(false)
  expect(openIdentity(db, HOT).stats().runs).toBe(1)
})

test('[I2] more than one group of runs is searched, and the place of a dropped run is used again', () => {
  const identity = openIdentity(db, 20)
  for (let run = 1; run <= 70; run++) {
    for (let n = 0; n < 20; n++) identity.claim('gates', `${run}/${n}`)
    identity.write(run)
    identity.committed()
    if (run === 40) identity.forget(11)
  }
  expect(identity.stats().runs).toBe(60)
  for (const again of [identity, openIdentity(db, 20)]) {
    for (let run = 11; run <= 70; run++)
      for (let n = 0; n < 20; n += 3) expect(again.claim('gates', `${run}/${n}`), `${run}/${n}`).toBe(false)
  }
})

test('[I2] the hot table grows under one huge transaction and takes all of it back', () => {
  const table = createHotTable(16)
  table.add(7, 7)
  table.settle()
  for (let n = 1; n <= 1_000; n++) expect(table.add(n * 31, n)).toBe(true)
  expect(table.size).toBe(1_001)
  table.undo()
  expect(table.size).toBe(1)
  expect(table.has(7, 7)).toBe(true)
  for (let n = 1; n <= 1_000; n++) expect(table.has(n * 31, n)).toBe(false)
})
