import { describe, expect, test } from 'vitest'
import { jsonMap } from '../../server/feeds/sources/json-map.ts'
import { flawsOf } from '../../server/feeds/sources/json-map-flaws.ts'
import { planOf } from '../../server/feeds/sources/json-map-plan.ts'
import { tryMap } from '../../server/feeds/sources/json-map-try.ts'
import type { Feed } from '../../shared/feed.ts'
import { PRESETS } from '../../shared/field-map.ts'
import { type Random, seededRandom } from '../../shared/random.ts'
import { NOW } from '../support/intake.ts'
import { BOMBS, mutated, randomBytes } from '../support/mutate.ts'

const SEED = Number(process.env.FUZZ_SEED ?? 20261123)
const feedOf = (map: unknown) => ({ id: 'city', kind: 'json', name: 'x', state: 'active', version: 1, firstAt: 0, map }) as unknown as Feed
const contextOf = (map: unknown) => {
  const feed = feedOf(map)
  return { now: NOW, utcOffset: 480, device: () => undefined, feed: () => feed }
}
const read = (bytes: Uint8Array, context: ReturnType<typeof contextOf>) =>
  jsonMap({ source: 'json', transport: 'http', feed: 'city', bytes }, context)

describe.each(PRESETS.map(({ id, map, sample }) => [id, map, Buffer.from(sample)] as const))('%s', (_id, map, good) => {
  test(`[I3] a broken message is read, skipped or set aside, and none throws (seed ${SEED})`, () => {
    const random = seededRandom(SEED)
    const context = contextOf(map)
    for (let n = 0; n < 500; n++) {
      const bytes = random.chance(0.2) ? randomBytes(random) : mutated(good, good, random)
      const { drafts, rejects, ignored = 0 } = read(bytes, context)
      for (const { time, id } of drafts) expect([Number.isFinite(time), id !== '']).toEqual([true, true])
      for (const { detail, where } of rejects) expect([typeof where, detail !== '']).toEqual(['string', true])
      const empty = /\[\s*\]/.test(bytes.toString())
      expect(drafts.length + rejects.length + ignored > 0 || empty).toBe(true)
    }
    expect(Object.prototype).not.toHaveProperty('x')
  })

  test.each(Object.entries(BOMBS))('[I3] %s ends in a moment', (_name, make) => {
    const bytes = make()
    const begun = performance.now()
    expect(read(bytes, contextOf(map)).drafts.length).toBeLessThan(100)
    expect(performance.now() - begun).toBeLessThan(3_000)
  })
})

const WORDS = [
  '/a',
  '/a/0',
  '^/b',
  '{/a}-{/b}',
  '{/a',
  '/~2',
  'linwang.contact',
  'linwang.report',
  '',
  '__proto__',
  'at',
  'cases',
  'x'.repeat(600),
]
const KEYS = [
  'at',
  'as',
  'cases',
  'otherwise',
  'times',
  'equals',
  'exists',
  'const',
  'format',
  'zone',
  'body',
  'status',
  'open',
  '__proto__',
  '1',
]
function anything(random: Random, depth = 0): unknown {
  if (depth > 3 || random.chance(0.5)) return random.pick([...WORDS, 0, -1, 1e300, true, false, null])
  const size = random.int(0, 4)
  if (random.chance(0.2)) return Array.from({ length: size }, () => anything(random, depth + 1))
  return JSON.parse(
    `{${Array.from({ length: size }, () => `${JSON.stringify(random.pick(KEYS))}:${JSON.stringify(anything(random, depth + 1))}`).join(',')}}`,
  )
}

test(`[I3] a map of anything has flaws or can be used (seed ${SEED})`, () => {
  const random = seededRandom(SEED)
  const base: Record<string, unknown> = {
    id: '/n',
    address: '/d',
    type: 'linwang.contact',
    data: { open: '/open' },
    time: '/t',
    skipWhen: { at: '/s', equals: 1 },
  }
  const sample = JSON.stringify([{ n: 1, d: 'x', open: true, a: ['1', { b: 2 }], s: 0 }, { a: {} }])
  let usable = 0
  for (let n = 0; n < 3_000; n++) {
    const map = {
      ...base,
      [random.pick(['each', 'skipWhen', 'id', 'time', 'address', 'type', 'status', 'data', 'answer', 'more'])]: anything(random),
    }
    const flaws = flawsOf(map)
    for (const { field, detail, fix } of flaws) expect([field, detail, fix].every((text) => text.length > 0)).toBe(true)
    if (flaws.length > 0) continue
    usable++
    const { decoded } = tryMap(planOf(map as never), sample, { feedId: 'city', feed: undefined, context: { now: NOW, utcOffset: 480 } })
    expect(decoded.drafts.length + decoded.rejects.length + (decoded.ignored ?? 0)).toBeGreaterThan(0)
  }
  expect(usable).toBeGreaterThan(200)
})
