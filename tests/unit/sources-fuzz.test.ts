import { afterAll, beforeAll, expect, test } from 'vitest'
import { SOURCES } from '../../server/feeds/sources/index.ts'
import type { Arrival } from '../../shared/arrival.ts'
import { type Random, seededRandom } from '../../shared/random.ts'
import { cloudEvent, mqttArrival, NOW, type TestIntake, testIntake } from '../support/intake.ts'
import { fixture } from '../support/samples.ts'

let t: TestIntake
beforeAll(() => {
  t = testIntake()
})
afterAll(() => t.close())

const text = (value: unknown) => JSON.stringify(value)
const GOOD: [source: string, topic: string, text: string][] = [
  ['cloudevents', 'linwang/gates/events', text(cloudEvent())],
  ['cloudevents', '', text([cloudEvent(), cloudEvent({ id: 'e2', data: { direction: 'out', granted: false } })])],
  ['cloudevents-batch', '', text([cloudEvent(), cloudEvent({ id: 'e3' })])],
  ['cloudevents-binary', '', '{"direction":"in","granted":true}'],
  ['zigbee2mqtt', 'zigbee2mqtt/door-1', '{"contact":false,"battery":3,"last_seen":"2026-03-02T09:59:00+08:00"}'],
  ['zigbee2mqtt', 'zigbee2mqtt/help-1/action', 'emergency'],
  ['zigbee2mqtt', 'zigbee2mqtt/motion-1/availability', '{"state":"online"}'],
  ['frigate', 'frigate/events', fixture('frigate/accepted/events-update-doc.json').replace('front_door', 'cam-001')],
  ['frigate', 'frigate/stats', '{"cameras":{"cam-001":{"camera_fps":5}},"service":{"last_updated":1772416800}}'],
]
const SCRAPS = [
  'null',
  '{}',
  '[]',
  '""',
  '-1',
  '1e999',
  '"\\ud800"',
  'true',
  '{"__proto__":{"x":1}}',
  '"/9j/',
  '[[[[[[',
  '\u0000',
  '"2026-02-30T00:00:00Z"',
  '9007199254740993',
]

/** Cut, doubled, flipped, spliced: what a broken sender makes of a good message. */
function broken(good: Uint8Array, random: Random): Uint8Array {
  let bytes = Buffer.from(good)
  for (let n = random.int(1, 4); n > 0; n--) {
    const at = random.int(0, bytes.length)
    const to = Math.min(bytes.length, at + random.int(0, 12))
    const scrap = Buffer.from(random.pick(SCRAPS))
    bytes = random.pick([
      () => bytes.subarray(0, at),
      () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]),
      () => Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]),
      () => Buffer.concat([bytes.subarray(0, at), scrap, bytes.subarray(to)]),
      () => Buffer.concat([bytes.subarray(0, at), Buffer.from([random.int(0, 255)]), bytes.subarray(at + 1)]),
    ])()
  }
  return bytes
}

const HEADERS = {
  'ce-specversion': '1.0',
  'ce-id': 'b1',
  'ce-source': '/feeds/gates',
  'ce-type': 'linwang.passage',
  'ce-subject': 'gate-east',
}
function arrivalFrom([source, topic, good]: (typeof GOOD)[number], random: Random): Arrival {
  const arrival = {
    ...mqttArrival(topic, ''),
    transport: source.startsWith('cloudevents') ? 'http' : 'mqtt',
    source,
    bytes: broken(Buffer.from(good), random),
    ref: `${random.int(0, 1e9)}`,
  }
  if (random.chance(0.1)) arrival.feed = random.pick(['gates', 'frigate', 'zigbee2mqtt', ''])
  if (random.chance(0.1)) arrival.source = random.pick(Object.keys(SOURCES))
  if (source === 'cloudevents-binary')
    arrival.headers = {
      ...HEADERS,
      ...(random.chance(0.5) && { [random.pick(Object.keys(HEADERS))]: random.pick(['%', '%ff', '', '1.0', 'x'.repeat(999)]) }),
    }
  return arrival
}

const SEEDS = [1, 2, 3, Number(process.env.FUZZ_SEED ?? 20261123)]
test.each(SEEDS)('[I3] no broken message throws, and each is stored, quarantined, ignored or refused (seed %i)', (seed) => {
  const random = seededRandom(seed)
  const arrivals = Array.from({ length: 2_000 }, () => arrivalFrom(random.pick(GOOD), random))
  const before = t.intake.lastSeq()
  const { receipts, signals } = t.take(...arrivals)
  expect(receipts).toHaveLength(arrivals.length)
  const refused = receipts.filter((receipt) => 'problem' in receipt)
  for (const { problem } of refused) expect([problem.status, problem.errors?.every(({ fix }) => fix !== '')]).toEqual([400, true])
  expect(refused.length).toBeGreaterThan(100)
  expect(refused.length).toBeLessThan(1_500)
  expect(t.intake.lastSeq() - before).toBe(signals.length)
  for (const signal of signals) {
    expect(Number.isSafeInteger(signal.time)).toBe(true)
    expect(signal.at).toBeLessThanOrEqual(NOW)
    expect(signal.deviceId).not.toBe('')
  }
  expect(Object.prototype).not.toHaveProperty('x')
})

test('[A1] a source is pure: the same message gives the same drafts', () => {
  const random = seededRandom(5)
  const context = { now: NOW, utcOffset: 480, device: () => undefined }
  for (let n = 0; n < 500; n++) {
    const arrival = arrivalFrom(random.pick(GOOD), random)
    const source = SOURCES[arrival.source]!
    expect(JSON.stringify(source(arrival, context))).toBe(JSON.stringify(source({ ...arrival, bytes: arrival.bytes.slice() }, context)))
  }
})
