import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSignals, type SignalItem, type SignalQuery } from '../../server/store/signal-lists.ts'
import { SEGMENT } from '../../server/store/signals.ts'
import { seededRandom } from '../../shared/random.ts'
import { arrivalOf, cloudEvent, DAY, NOW, type TestIntake, testIntake } from '../support/intake.ts'

const TOTAL = SEGMENT * 2 + 5_000
let t: TestIntake
/** what was stored, oldest first */
const all: { id: string; device: string; feed: string; type: string; at: number }[] = []

beforeAll(() => {
  t = testIntake()
  const random = seededRandom(7)
  const motion = { source: '/feeds/zigbee2mqtt', type: 'linwang.motion', data: { occupied: true } }
  while (all.length < TOTAL) {
    t.now += 1_000
    const batch = Array.from({ length: 500 }, (_, i) => {
      const id = `e${all.length + i}`
      // the gate speaks a lot, motion-1 now and then, door-1 twice
      if (random.chance(0.99)) return cloudEvent({ id })
      return cloudEvent({ id, ...motion, subject: 'motion-1' })
    })
    if (all.length === 3_000 || all.length === 20_000)
      batch[7] = cloudEvent({ id: `e${all.length + 7}`, ...motion, type: 'linwang.contact', subject: 'door-1', data: { open: true } })
    const { signals } = t.take(arrivalOf(batch))
    all.push(...signals.map(({ id, deviceId, feed, type, receivedAt }) => ({ id, device: deviceId, feed, type, at: receivedAt })))
  }
})
afterAll(() => t.close())

function pages(query: Omit<SignalQuery, 'limit' | 'after'>, limit: number): SignalItem[] {
  const items: SignalItem[] = []
  let after: string | undefined
  for (let page = 0; page < 1000; page++) {
    const found = readSignals(t.db, { ...query, limit, after })
    expect(found.items.length).toBeLessThanOrEqual(limit)
    items.push(...found.items)
    if (found.next === null) return items
    after = found.next
  }
  throw new Error('no end')
}
function expected({ deviceId, feed, type, since, until }: Omit<SignalQuery, 'limit'>) {
  return all
    .filter(
      (s) =>
        (deviceId === undefined || s.device === deviceId) &&
        (feed === undefined || s.feed === feed) &&
        (type === undefined || s.type === type),
    )
    .filter((s) => (since === undefined || s.at >= since) && (until === undefined || s.at <= until))
    .map(({ id }) => id)
    .reverse()
}

const QUERIES: [string, Omit<SignalQuery, 'limit'>, number][] = [
  ['everything', {}, 1000],
  ['a device that speaks a lot', { deviceId: 'gate-east' }, 1000],
  ['a device that speaks now and then', { deviceId: 'motion-1' }, 37],
  ['a device that spoke twice', { deviceId: 'door-1' }, 1],
  ['a device that never spoke', { deviceId: 'help-1' }, 10],
  ['a feed', { feed: 'zigbee2mqtt' }, 50],
  ['a type', { type: 'linwang.contact' }, 10],
  ['a device and a type that do not meet', { deviceId: 'gate-east', type: 'linwang.motion' }, 10],
  ['a time', { since: NOW + 20_000, until: NOW + 40_000 }, 900],
  ['a device over a time', { deviceId: 'motion-1', since: NOW + 10_000, until: NOW + 60_000 }, 10],
  ['after the end', { since: NOW + DAY }, 10],
  ['before the beginning', { until: NOW - 1 }, 10],
]
test.each(QUERIES)('[I3] pages hold every signal once, newest first: %s', (_what, query, limit) => {
  expect(pages(query, limit).map(({ id }) => id)).toEqual(expected(query))
})

test('[I3] an item has the shape that outsiders lean on', () => {
  const [item] = readSignals(t.db, { limit: 1, deviceId: 'door-1' }).items
  expect(item).toEqual({
    source: '/feeds/zigbee2mqtt',
    id: 'e20007',
    type: 'linwang.contact',
    subject: 'door-1',
    placeId: 'caihong-b01-u1-101',
    time: new Date(NOW).toISOString(),
    receivedAt: expect.stringMatching(/Z$/),
    revision: 41,
    status: 'actual',
    data: { open: true },
  })
})

test('[S2] passages go after 30 days, the rest after 90, in slices, and numbers are never given again', () => {
  const count = () => t.db.prepare('SELECT count(*) FROM signal').pluck().get() as number
  const last = t.intake.lastSeq()
  let slices = 0
  while (t.intake.purge(NOW + 31 * DAY) > 0) slices++
  expect(slices).toBeGreaterThan(10)
  const closed = SEGMENT * 2 - 1
  const others = all.slice(0, closed).filter(({ type }) => type !== 'linwang.passage').length
  expect(count()).toBe(others + all.slice(closed).filter(({ type }) => type !== 'linwang.passage').length)
  while (t.intake.purge(NOW + 91 * DAY) > 0) slices++
  expect(count()).toBe(0)
  expect(pages({ deviceId: 'motion-1' }, 100)).toEqual([])
  t.restart()
  expect(t.intake.lastSeq()).toBeGreaterThanOrEqual(SEGMENT * 2 - 1)
  expect(t.intake.lastSeq()).toBeLessThanOrEqual(last)
})
