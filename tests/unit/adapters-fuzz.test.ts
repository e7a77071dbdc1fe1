import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SOURCES } from '../../server/feeds/sources/index.ts'
import { seededRandom } from '../../shared/random.ts'
import { SAMPLE_CONTEXT } from '../support/corpus.ts'
import { bombs, count, fuzzed, newOutcome, seedsBySource } from '../support/fuzz.ts'
import { NOW, type TestIntake, testIntake } from '../support/intake.ts'

const seeds = seedsBySource()
const covered = Object.keys(SOURCES).filter((source) => seeds.has(source))
const SEED = Number(process.env.FUZZ_SEED ?? 20261123)

let t: TestIntake
beforeAll(() => {
  t = testIntake()
})
afterAll(() => t.close())

describe.each(covered)('%s', (source) => {
  const good = seeds.get(source)!

  test(`[I3] of 500 broken messages each is stored, quarantined, ignored or refused, and none throws (seed ${SEED})`, () => {
    const random = seededRandom(SEED)
    const outcome = newOutcome()
    for (let n = 0; n < 10; n++) {
      const arrivals = Array.from({ length: 50 }, () => fuzzed(good, random))
      for (const arrival of arrivals) expect(() => SOURCES[source]!(arrival, SAMPLE_CONTEXT)).not.toThrow()
      const { receipts, signals } = t.take(...arrivals)
      count(outcome, receipts)
      for (const signal of signals) {
        expect(Number.isSafeInteger(signal.time)).toBe(true)
        expect(signal.at).toBeLessThanOrEqual(NOW)
        expect(signal.deviceId).not.toBe('')
      }
      const problems = receipts.flatMap((receipt) => ('problem' in receipt ? [receipt.problem] : []))
      for (const { status, errors } of problems) expect([status, errors?.every(({ fix }) => fix !== '')]).toEqual([400, true])
    }
    expect(outcome.inputs).toBe(500)
    expect(outcome.quarantined + outcome.refused).toBeGreaterThan(50)
    expect(Object.prototype).not.toHaveProperty('x')
  })

  test.each(bombs(good))('[I3] %s ends in a moment, and leaves little', (_name, bomb) => {
    const { receipts, signals } = t.take(bomb)
    expect(receipts).toHaveLength(1)
    expect(signals.length).toBeLessThan(100)
  })

  test('[A1] the same broken message gives the same drafts', () => {
    const random = seededRandom(SEED + 1)
    for (let n = 0; n < 100; n++) {
      const arrival = fuzzed(good, random)
      const told = (one: typeof arrival) => JSON.stringify(SOURCES[source]!(one, SAMPLE_CONTEXT))
      expect(told(arrival)).toBe(told({ ...arrival, bytes: arrival.bytes.slice() }))
    }
  })
})
