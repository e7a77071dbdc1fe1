import { SOURCES } from '../../server/feeds/sources/index.ts'
import type { Arrival } from '../../shared/arrival.ts'
import { seededRandom } from '../../shared/random.ts'
import { SAMPLE_CONTEXT } from '../support/corpus.ts'
import { bombs, count, fuzzed, newOutcome, type Outcome, seedsBySource } from '../support/fuzz.ts'
import { testIntake } from '../support/intake.ts'
import { median, round } from './numbers.ts'

const seeds = seedsBySource()
const names = Object.keys(SOURCES).filter((name) => seeds.has(name))

/** Messages a second that each source reads on one core: every sample in turn, the median of five runs. */
export function adapterRates(seconds: number): Record<string, { messagesPerSecond: number; samples: number; meanBytes: number }> {
  return Object.fromEntries(
    names.map((name) => {
      const samples = seeds.get(name)!
      const runs = Array.from({ length: 5 }, () => rateOf(name, samples, seconds / 5))
      const meanBytes = Math.round(samples.reduce((sum, { bytes }) => sum + bytes.byteLength, 0) / samples.length)
      return [name, { messagesPerSecond: Math.round(median(runs)!), samples: samples.length, meanBytes }]
    }),
  )
}

function rateOf(name: string, samples: readonly Arrival[], seconds: number): number {
  const source = SOURCES[name]!
  const start = performance.now()
  const end = start + seconds * 1000
  let n = 0
  while (n % 64 !== 0 || performance.now() < end) source(samples[n++ % samples.length]!, SAMPLE_CONTEXT)
  return n / ((performance.now() - start) / 1000)
}

/** So many broken inputs for each source through a real intake, and what they left in the heap. Run with --expose-gc. */
export function fuzzAll(
  inputs: number,
  seed: number,
): Record<string, Outcome & { seconds: number; slowestMs: number; heapMb: [number, number] }> {
  return Object.fromEntries(names.map((name) => [name, fuzzOne(name, inputs, seed)]))
}

const BATCH = 50

function fuzzOne(name: string, inputs: number, seed: number) {
  const random = seededRandom(seed)
  const good = seeds.get(name)!
  const t = testIntake()
  const outcome = newOutcome()
  const before = heapMb()
  const start = performance.now()
  let slowestMs = 0
  const take = (...arrivals: Arrival[]) => {
    const began = performance.now()
    for (const arrival of arrivals) SOURCES[name]!(arrival, SAMPLE_CONTEXT)
    count(outcome, t.take(...arrivals).receipts)
    slowestMs = Math.max(slowestMs, performance.now() - began)
  }
  for (let n = 0; n < inputs; n += BATCH) take(...Array.from({ length: BATCH }, () => fuzzed(good, random)))
  for (const [, bomb] of bombs(good)) take(bomb)
  const seconds = round((performance.now() - start) / 1000)
  const after = heapMb()
  t.close()
  return { ...outcome, seconds, slowestMs: round(slowestMs), heapMb: [before, after] as [number, number] }
}

function heapMb(): number {
  globalThis.gc?.()
  return round(process.memoryUsage().heapUsed / 2 ** 20, 1)
}
