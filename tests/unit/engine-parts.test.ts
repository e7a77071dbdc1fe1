import { expect, test } from 'vitest'
import { createCore } from '../../server/engine/core.ts'
import { createFaults } from '../../server/engine/faults.ts'
import { createHealth } from '../../server/engine/health.ts'
import { firstGroup, GROUP_BYTES, type Item } from '../../server/engine/items.ts'
import { packArrivals, unpackArrivals } from '../../server/engine/packing.ts'
import type { FromEngine } from '../../server/engine/protocol.ts'
import type { Written } from '../../server/engine/unit.ts'
import type { Writer } from '../../server/engine/writer.ts'
import type { Arrival } from '../../shared/arrival.ts'

const arrival = (text: string, more: Partial<Arrival> = {}): Arrival => ({
  source: 'cloudevents',
  transport: 'http',
  bytes: new TextEncoder().encode(text),
  ...more,
})
const item = (...texts: string[]): Item => ({
  kind: 'arrivals',
  arrivals: texts.map((text) => arrival(text)),
  bytes: texts.join('').length,
})
const textOf = ({ bytes }: Arrival) => new TextDecoder().decode(bytes)

test('arrivals cross the threads as they are', () => {
  const sent = [arrival('one', { feed: 'gates' }), arrival(''), arrival('三', { topic: 'a/b', retained: true, headers: { 'ce-id': '1' } })]
  const got = unpackArrivals(structuredClone(packArrivals(sent)))
  expect(got.map(textOf)).toEqual(['one', '', '三'])
  expect(got.map(({ bytes: _, ...rest }) => rest)).toEqual(sent.map(({ bytes: _, ...rest }) => rest))
})

test('a group is bounded, keeps the order and loses nothing; a single huge arrival still fits', () => {
  const big = 'x'.repeat(GROUP_BYTES / 2)
  let rest: Item[] = [item('a', big, big, 'b'), { kind: 'second' }, item('y'.repeat(GROUP_BYTES * 2), 'c')]
  const seen: string[] = []
  for (let rounds = 0; rest.length > 0; rounds++) {
    expect(rounds).toBeLessThan(10)
    const taken = firstGroup(rest)
    expect(taken.group.length).toBeGreaterThan(0)
    for (const one of taken.group) seen.push(...(one.kind === 'arrivals' ? one.arrivals.map((a) => textOf(a)[0]!) : [one.kind]))
    rest = taken.rest
  }
  expect(seen).toEqual(['a', 'x', 'x', 'b', 'second', 'y', 'c'])
})

/** A writer that fails on whatever holds a word. */
function failingWriter(error: Error, word: string) {
  const stored: string[] = []
  let reloads = 0
  const write = (group: readonly Item[]): Written => {
    const all = group.flatMap((one) => (one.kind === 'arrivals' ? one.arrivals.map((a) => ({ text: textOf(a), plain: one.plain })) : []))
    if (all.some(({ text, plain }) => text.includes(word) && !plain)) throw error
    stored.push(...all.map(({ text }) => text))
    return { receipts: all.map(() => ({ accepted: 1, duplicates: 0, quarantined: 0, ids: [] })), answers: [] }
  }
  const writer = { write, reload: () => void reloads++ } as unknown as Writer
  return { writer, stored, reloads: () => reloads }
}

function run(error: Error, texts: string[]) {
  const failing = failingWriter(error, 'bad')
  const faults = createFaults()
  const posted: FromEngine[] = []
  const core = createCore(
    failing.writer,
    createHealth(faults.all, () => 0),
    (done) => posted.push(done),
    faults.note,
  )
  core.add([item(...texts)])
  core.drain()
  const receipts = posted.flatMap((done) => (done.kind === 'done' ? done.receipts : []))
  return { ...failing, receipts, faults: faults.all() }
}

test('[A3] one message that cannot be worked through takes nobody with it: it is stored and the fault is counted', () => {
  const { stored, receipts, faults } = run(new TypeError('oops'), ['one', 'bad', 'two'])
  expect(stored).toEqual(['one', 'bad', 'two'])
  expect(receipts.map((receipt) => 'accepted' in receipt)).toEqual([true, true, true])
  expect(faults.commit).toEqual({ count: 2, last: 'oops' })
})

test('[A3] a disk that fails refuses the whole group, in its order, once', () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  const { stored, receipts, reloads } = run(full, ['one', 'bad', 'two'])
  expect(stored).toEqual([])
  expect(receipts).toHaveLength(3)
  expect(receipts.every((receipt) => 'problem' in receipt && receipt.problem.status === 503)).toBe(true)
  expect(reloads()).toBe(1)
})
