import { describe, expect, test } from 'vitest'
import { createAllowList, isAddressOrBlock, plainAddress } from '../../server/feeds/allow-list.ts'
import { createBucket } from '../../server/feeds/bucket.ts'
import { callerOf } from '../../server/feeds/credentials.ts'
import { createGates, USUAL_RATE } from '../../server/feeds/gates.ts'
import { createLane } from '../../server/feeds/lane.ts'
import { LARGEST_MESSAGE } from '../../server/feeds/receiver.ts'
import { feedOf, testBook } from '../support/feeds.ts'

describe('[I2] the list of addresses', () => {
  test.each([
    [['192.168.1.7'], '192.168.1.7', true],
    [['192.168.1.7'], '192.168.1.70', false],
    [['192.168.1.0/24'], '192.168.1.255', true],
    [['192.168.1.0/24'], '192.168.2.1', false],
    [['192.168.1.0/24'], '::ffff:192.168.1.9', true],
    [['fd00::/8'], 'fd12::1', true],
    [['fd00::/8'], '192.168.1.9', false],
    [['0.0.0.0/0'], '8.8.8.8', true],
    [['10.0.0.0/8', '::1'], '::1', true],
    [[], '8.8.8.8', true],
    [undefined, undefined, true],
    [['10.0.0.0/8'], undefined, false],
  ])('%j and %s: %s', (entries, address, allowed) => {
    expect(createAllowList(entries).has(address)).toBe(allowed)
  })

  test('what can be an entry', () => {
    for (const entry of ['1.2.3.4', '1.2.3.0/24', '::1', 'fd00::/8', ' 10.0.0.1 ']) expect(isAddressOrBlock(entry), entry).toBe(true)
    for (const entry of ['', '1.2.3', '1.2.3.4/33', '1.2.3.4/', '1.2.3.4/24/1', '1.2.3.4/-1', 'gate.local', '::/129', '*', '1.2.3.4/2x'])
      expect(isAddressOrBlock(entry), entry).toBe(false)
    expect(plainAddress('::ffff:7f00:1')).toBe('::ffff:7f00:1')
  })
})

describe('[I5] the rate', () => {
  test('ten seconds’ worth at once, then as many as come back', () => {
    const bucket = createBucket(3)
    for (let n = 0; n < 30; n++) {
      expect(bucket.wait(0)).toBe(0)
      bucket.take(0)
    }
    expect(bucket.wait(0)).toBe(334)
    expect(bucket.wait(333)).toBeGreaterThan(0)
    expect(bucket.wait(334)).toBe(0)
    bucket.take(334)
    expect(bucket.wait(1_000)).toBe(0)
  })

  test('it fills no further than full, and debts are paid', () => {
    const bucket = createBucket(1)
    bucket.take(0)
    bucket.take(1_000_000, 12)
    expect(bucket.wait(1_000_000)).toBe(3_000)
  })

  test('over any ten seconds no more than twice the span passes, whatever the pattern', () => {
    const bucket = createBucket(5)
    let passed = 0
    for (let now = 0; now < 10_000; now += 7)
      if (bucket.wait(now) === 0) {
        bucket.take(now)
        passed++
      }
    expect(passed).toBeLessThanOrEqual(100)
    expect(passed).toBeGreaterThanOrEqual(98)
  })
})

describe('[I5] the gate of a feed', () => {
  test('changes with its record, and keeps what was counted when another feed changes', () => {
    const book = testBook(feedOf('a', { rate: 1 }), feedOf('b'))
    const gates = createGates({ book, now: () => 0 })
    for (let n = 0; n < 10; n++) gates.of('a').count(1)
    expect(gates.of('a').wait()).toBeGreaterThan(0)
    book.put(feedOf('b', { state: 'paused' }))
    expect([gates.of('a').wait() > 0, gates.of('b').paused]).toEqual([true, true])
    book.put(feedOf('a', { rate: 2 }))
    expect(gates.of('a').wait()).toBe(0)
  })

  test('usual limits, where nobody set any: a thousand a second, and what the kind sends', () => {
    const gates = createGates({ book: testBook(feedOf('a'), feedOf('b', { maxBytes: 500 })), now: () => 0 })
    const gate = gates.of('a')
    gate.count(1)
    expect([gate.limited, gate.largest]).toEqual([false, LARGEST_MESSAGE])
    for (let n = 1; n < USUAL_RATE * 10; n++) gate.count(1)
    expect(gate.wait()).toBe(1)
    expect(gates.of('b').largest).toBe(500)
    expect(() => gates.of('b').assertSize(501)).toThrow(/500 bytes/)
  })

  test('names without end cost bounded memory', () => {
    const gates = createGates({ book: testBook(), now: () => 0 })
    const first = gates.of('x0')
    for (let n = 1; n < 6_000; n++) gates.of(`x${n}`)
    expect(gates.of('x0')).not.toBe(first)
  })
})

describe('[I5] the lane of a feed', () => {
  const door = () => Promise.withResolvers<void>()

  test('a large message waits for the others, and always fits alone', async () => {
    const lane = createLane()
    const [one, two] = [door(), door()]
    const began: string[] = []
    const run = (name: string, bytes: number, gate: ReturnType<typeof door>) =>
      lane.run(bytes, () => {
        began.push(name)
        return gate.promise
      })
    const first = run('first', 8 * 1024 * 1024, one)
    const second = run('second', 10, two)
    await Promise.resolve()
    expect(began).toEqual(['first'])
    one.resolve()
    await first
    two.resolve()
    await second
    expect([began, lane.idle()]).toEqual([['first', 'second'], true])
  })

  test('more than can wait are told to come again; a failure frees its place', async () => {
    const lane = createLane()
    const gate = door()
    const waiting = Array.from({ length: 32 + 512 }, () => lane.run(1, () => gate.promise.then(() => Promise.reject(new Error('no')))))
    await expect(lane.run(1, async () => {})).rejects.toMatchObject({ problem: { status: 503, retryAfter: 1 } })
    gate.resolve()
    expect((await Promise.allSettled(waiting)).every(({ status }) => status === 'rejected')).toBe(true)
    expect(lane.idle()).toBe(true)
  })
})

test('[I2] a password may hold colons, and a broken Basic header is nobody', () => {
  const authorize = (header: string | undefined) => (header === 'Bearer a:b' ? { feed: 'x' } : undefined)
  const of = (authorization: string) => callerOf({ authorization, query: undefined, path: undefined }, authorize)
  expect(of(`Basic ${Buffer.from('admin:a:b').toString('base64')}`)).toEqual({ feed: 'x', means: 'device' })
  for (const header of ['Basic', 'Basic ???', `Basic ${Buffer.from('a').toString('base64')}`, 'Digest username="a"', ''])
    expect(of(header), header).toBeUndefined()
})
