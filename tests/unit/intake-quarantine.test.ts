import { afterEach, beforeEach, expect, test } from 'vitest'
import { SOURCES } from '../../server/feeds/sources/index.ts'
import { createIntake } from '../../server/intake/intake.ts'
import { createQuarantineStore, type Quarantined } from '../../server/store/quarantine.ts'
import { readCrowdedOut, readQuarantine, readQuarantined, readSenders } from '../../server/store/quarantine-lists.ts'
import { readSignals } from '../../server/store/signal-lists.ts'
import { ProblemError } from '../../shared/problem.ts'
import {
  arrivalOf,
  bytesOf,
  cloudEvent,
  DAY,
  event,
  feedDevice,
  feedDevices,
  mqttArrival,
  NOW,
  type TestIntake,
  testIntake,
} from '../support/intake.ts'
import { testWorld } from '../support/world.ts'

let t: TestIntake
beforeEach(() => {
  t = testIntake()
})
afterEach(() => t.close())

const held = () => readQuarantine(t.db, { limit: 1000 }).items

/** the same store under registers that know one device more */
function afterRegistering(id: string, kind: 'gate' | 'help-button', feed: string) {
  const world = testWorld({ devices: [...feedDevices(), feedDevice(id, kind, feed)] })
  return createIntake({ db: t.db, world: () => world, sources: SOURCES })
}
function retry(id: string, now: number, intake = t.intake) {
  t.db.exec('BEGIN')
  const result = intake.retry(id, now, 99)
  t.db.exec('COMMIT')
  intake.committed()
  return result
}

test('[I3] the bytes of the part that was not understood are kept, with what was wrong', () => {
  t.take(arrivalOf([cloudEvent(), cloudEvent({ id: 'e2', subject: 'gate-9' })]))
  const [item] = held()
  const whole = readQuarantined(t.db, item!.id)!
  expect(JSON.parse(whole.body)).toEqual(cloudEvent({ id: 'e2', subject: 'gate-9' }))
  expect(whole).toMatchObject({ id: 'quarantine-1', encoding: 'utf-8', source: 'cloudevents', transport: 'http', count: 1 })
})

test('[I3] the same message again is one row with a count', () => {
  for (let n = 0; n < 5; n++) {
    t.take(event({ subject: 'gate-9' }))
    t.now += 1_000
  }
  expect(held()).toMatchObject([{ count: 5, receivedAt: new Date(NOW).toISOString(), lastAt: new Date(NOW + 4_000).toISOString() }])
})

test('[I3] strangers are listed by feed and address, with how often they spoke', () => {
  t.take(
    event({ id: 'a', subject: 'gate-9' }),
    event({ id: 'b', subject: 'gate-9' }),
    mqttArrival('zigbee2mqtt/0xa4c1', { contact: true }, { ref: 'r' }),
  )
  expect(readSenders(t.db, 10)).toMatchObject([
    { feed: 'gates', address: 'gate-9', reason: 'unknown-device', total: 2, kept: 2 },
    { feed: 'zigbee2mqtt', address: '0xa4c1', reason: 'unknown-device', total: 1 },
  ])
})

test('[I3] a retry after the device was registered stores the message with its own times', () => {
  t.take(event({ subject: 'gate-9', time: undefined }))
  const { answer, signals } = retry('quarantine-1', NOW + 60_000, afterRegistering('gate-9', 'gate', 'gates'))
  expect(answer).toEqual({ id: 'quarantine-1', state: 'accepted', accepted: 1, duplicates: 0 })
  expect(signals[0]).toMatchObject({ deviceId: 'gate-9', time: NOW, receivedAt: NOW, at: NOW })
  expect(signals[0]).not.toHaveProperty('replay')
  expect(held()[0]).toMatchObject({ state: 'accepted' })
  expect(readSignals(t.db, { limit: 10 }).items[0]).toMatchObject({ receivedAt: new Date(NOW).toISOString(), revision: 99 })
})

test('[I3] a retry of an old message raises nothing: it is a replay', () => {
  t.take(mqttArrival('zigbee2mqtt/help-9', { action: 'emergency' }, { ref: 'r' }))
  const { signals } = retry('quarantine-1', NOW + 11 * 60_000, afterRegistering('help-9', 'help-button', 'zigbee2mqtt'))
  expect(signals[0]).toMatchObject({ type: 'linwang.help', at: NOW, replay: true })
})

test('[I3] a retry that is still not understood says why and goes on waiting', () => {
  t.take(event({ subject: 'gate-9' }))
  const { answer } = retry('quarantine-1', NOW)
  expect(answer).toMatchObject({ state: 'held', accepted: 0 })
  expect(answer.detail).toContain('gate-9')
  expect(held()[0]).toMatchObject({ state: 'held' })
})

test('[I3] a retry never stores twice what the sender sent again', () => {
  t.take(event({ subject: 'gate-9' }))
  const intake = afterRegistering('gate-9', 'gate', 'gates')
  intake.take([event({ subject: 'gate-9' })], NOW, 2)
  intake.committed()
  expect(retry('quarantine-1', NOW, intake).answer).toMatchObject({ state: 'accepted', accepted: 0, duplicates: 1 })
})

test('[I3] what is accepted or discarded cannot be retried, and what is not there is not found', () => {
  t.take(event({ subject: 'gate-9' }))
  expect(t.intake.discard('quarantine-1')).toEqual({ id: 'quarantine-1', state: 'discarded' })
  expect(statusOf(() => retry('quarantine-1', NOW))).toBe(409)
  t.db.exec('ROLLBACK')
  for (const id of ['quarantine-7', 'x', '', '1e99']) {
    expect(statusOf(() => retry(id, NOW))).toBe(404)
    t.db.exec('ROLLBACK')
  }
})
function statusOf(act: () => unknown) {
  try {
    act()
  } catch (error) {
    return error instanceof ProblemError ? error.problem.status : error
  }
  return undefined
}

test('[I3] a failed commit leaves nothing in quarantine', () => {
  t.fail(event({ subject: 'gate-9' }))
  expect(held()).toEqual([])
  t.take(event({ subject: 'gate-9' }))
  expect(held()).toMatchObject([{ count: 1 }])
})

const entry = (n: number, more: Partial<Quarantined> = {}): Quarantined => {
  const arrival = arrivalOf(`message ${n}`)
  return { reason: 'unknown-device', detail: '', feed: 'gates', address: 'gate-9', arrival, length: 9, receivedAt: n, ...more }
}

test('[I5] one chattering stranger keeps its newest and crowds nobody out', () => {
  const store = createQuarantineStore(t.db, { rows: 100, bytes: 1e6, perSender: 10 })
  store.put(entry(0, { address: 'quiet' }))
  for (let n = 1; n <= 500; n++) store.put(entry(n))
  expect(held()).toHaveLength(11)
  expect(held().at(-1)).toMatchObject({ address: 'quiet' })
  expect(readSenders(t.db, 10)[0]).toMatchObject({ address: 'gate-9', total: 500, kept: 10 })
  expect(readCrowdedOut(t.db)).toBe(490)
})

test('[I5] rows and bytes are bounded over all senders, also after a restart', () => {
  for (let round = 0; round < 3; round++) {
    const store = createQuarantineStore(t.db, { rows: 50, bytes: 2_000, perSender: 10 })
    for (let n = 0; n < 200; n++) {
      const arrival = arrivalOf(`${round}/${n}`.padEnd(100, '.'))
      store.put(entry(round * 1000 + n, { address: `a${round}/${n}`, arrival }))
    }
  }
  expect(held()).toHaveLength(20)
  expect(held()[0]).toMatchObject({ address: 'a2/199' })
  // of the others the counts stay for a while: nobody is forgotten without a trace
  expect(readSenders(t.db, 1000).length).toBeLessThanOrEqual(100 + 64)
  expect(readCrowdedOut(t.db)).toBe(580)
})

test('[I5] of a message beyond 256 KiB the beginning is kept, its hash and length', () => {
  t.take({ source: 'telegraph', transport: 'http', bytes: bytesOf('?'.repeat(1_000_000)) })
  const kept = t.db.prepare('SELECT length(bytes) FROM quarantine').pluck().get() as number
  expect(kept).toBeLessThan(300_000)
  expect(held()[0]).toMatchObject({ length: 1_000_000 })
})

test('[S2] what is past its time goes, once somebody has opened it', () => {
  t.take(event({ subject: 'gate-9' }))
  expect(t.intake.purge(NOW + 31 * DAY)).toBe(0)
  expect(held()).toMatchObject([{ seen: false }])
  t.intake.see(held()[0]!.id)
  expect(held()).toMatchObject([{ seen: true }])
  expect(t.intake.purge(NOW + 29 * DAY)).toBe(0)
  expect(t.intake.purge(NOW + 31 * DAY)).toBe(1)
  expect(held()).toEqual([])
  expect(readSenders(t.db, 10)).toEqual([])
})

test('[S2] what was understood or discarded needs nobody to open it', () => {
  t.take(event({ subject: 'gate-9' }), event({ id: 'e2', subject: 'gate-8' }))
  retry('quarantine-1', t.now, afterRegistering('gate-9', 'gate', 'gates'))
  t.intake.discard('quarantine-2')
  t.intake.purge(NOW + 31 * DAY)
  expect(held()).toEqual([])
})

test('[I5] the feed that fills the quarantine makes room, not the others', () => {
  const store = createQuarantineStore(t.db, { rows: 50, bytes: 1e6, perSender: 10 })
  store.put(entry(0, { feed: 'quiet', address: 'first' }))
  for (let n = 1; n <= 200; n++) store.put(entry(n, { address: `made-up-${n}` }))
  expect(held()).toHaveLength(50)
  expect(held().at(-1)).toMatchObject({ feed: 'quiet', address: 'first' })
})

test('[I3] the signs of life of a stranger do not crowd out what it reported', () => {
  t.take(event({ id: 'news', subject: 'gate-9' }))
  const beats = (n: number) => event({ id: `beat-${n}`, subject: 'gate-9', type: 'linwang.heartbeat', data: { online: true } })
  for (let n = 0; n < 300; n++) t.take(beats(n))
  expect(held().map(({ eventId }) => eventId)).toEqual(['beat-299', 'beat-298', 'beat-297', 'beat-296', 'beat-295', 'news'])
  expect(readSenders(t.db, 10)).toMatchObject([{ total: 301, kept: 6, held: 6, lost: 0 }])
})

test('[I3] a stranger is guessed by what it says, rather than by its signs of life', () => {
  const guess = () => readSenders(t.db, 10)[0]!.guess
  t.take(event({ subject: 'x', type: 'linwang.heartbeat', data: { online: true } }))
  expect(guess()).toEqual({ type: 'linwang.heartbeat' })
  t.take(event({ id: 'e2', subject: 'x', type: 'linwang.meter', data: { quantity: 'power', reading: 1, unit: 'kWh' } }))
  expect(guess()).toEqual({ type: 'linwang.meter', kind: 'power-meter' })
  t.take(event({ id: 'e3', subject: 'x', type: 'linwang.heartbeat', data: { online: true } }))
  expect(guess()).toMatchObject({ kind: 'power-meter' })
  expect(held()[0]).toMatchObject({ guess: { type: 'linwang.heartbeat' } })
})

test('[I3] a broken message says where it breaks', () => {
  const where = (bytes: Uint8Array) => {
    t.take({ source: 'cloudevents', transport: 'mqtt', bytes })
    return held()[0]!.where
  }
  expect(where(bytesOf('{"a": 1,\n "b": }'))).toBe('byte 15 (line 2, column 7)')
  expect(where(bytesOf('{"楼": 1, "b"'))).toBe('byte 14 (line 1, column 13)')
  expect(where(Buffer.from([0x7b, 0x22, 0xb9, 0xe3, 0x22]))).toBe('byte 2 (line 1, column 3)')
  expect(where(bytesOf('<a/>'))).toBeUndefined()
})

function replay(feed: string, address: string, intake: typeof t.intake, after?: number) {
  t.db.exec('BEGIN')
  const result = intake.replay({ feed, address, after }, t.now, 99)
  t.db.exec('COMMIT')
  intake.committed()
  return result
}

test('[I3] all that waits from a sender is read again in slices, oldest first, with its own times; what is old raises nothing', () => {
  for (let n = 0; n < 70; n++) {
    t.take(event({ id: `e${n}`, subject: 'gate-9', time: new Date(t.now).toISOString() }))
    t.now += 20_000
  }
  t.take(event({ id: 'other', subject: 'gate-8' }))
  const intake = afterRegistering('gate-9', 'gate', 'gates')
  const first = replay('gates', 'gate-9', intake)
  const second = replay('gates', 'gate-9', intake, first.answer.next!)
  expect([first.answer, second.answer]).toMatchObject([
    { accepted: 50, duplicates: 0, held: 0 },
    { accepted: 20, next: null },
  ])
  const signals = [...first.signals, ...second.signals]
  expect(signals.map(({ id }) => id)).toEqual(Array.from({ length: 70 }, (_, n) => `e${n}`))
  expect(signals.map(({ receivedAt }) => receivedAt)).toEqual(Array.from({ length: 70 }, (_, n) => NOW + n * 20_000))
  const boundary = t.now - 10 * 60_000
  expect(signals.every(({ replay = false, at }) => replay === at < boundary)).toBe(true)
  expect(readSenders(t.db, 10)).toMatchObject([{ address: 'gate-8' }])
  expect(replay('gates', 'gate-9', intake).answer).toEqual({ accepted: 0, duplicates: 0, held: 0, next: null })
})

test('[I3] what cannot be read still waits after a replay', () => {
  t.take(event({ id: 'good', subject: 'gate-9' }), event({ id: 'bad', subject: 'gate-9', data: { direction: 'up' } }))
  const { answer } = replay('gates', 'gate-9', afterRegistering('gate-9', 'gate', 'gates'))
  expect(answer).toMatchObject({ accepted: 1, held: 1 })
  expect(readSenders(t.db, 10)).toMatchObject([{ address: 'gate-9', held: 1 }])
})

test('[I3] a sender that is dealt with and speaks again is listed again', () => {
  t.take(event({ subject: 'gate-9' }))
  t.intake.discard('quarantine-1')
  expect(readSenders(t.db, 10)).toEqual([])
  t.take(event({ subject: 'gate-9' }))
  expect(readSenders(t.db, 10)).toMatchObject([{ total: 2, held: 1 }])
})

test('[I3] lists page by cursor and filter', () => {
  t.take(...Array.from({ length: 7 }, (_, n) => event({ id: `e${n}`, subject: n % 2 ? 'odd' : 'even' })))
  const first = readQuarantine(t.db, { limit: 3 })
  const second = readQuarantine(t.db, { limit: 3, after: first.next! })
  const third = readQuarantine(t.db, { limit: 3, after: second.next! })
  expect([first, second, third].map(({ items }) => items.map(({ eventId }) => eventId))).toEqual([
    ['e6', 'e5', 'e4'],
    ['e3', 'e2', 'e1'],
    ['e0'],
  ])
  expect(third.next).toBeNull()
  expect(readQuarantine(t.db, { limit: 10, address: 'odd' }).items).toHaveLength(3)
  expect(readQuarantine(t.db, { limit: 10, state: 'accepted' }).items).toHaveLength(0)
})

test('[I3] the quarantine of an earlier version is taken over: what waits still waits, and is listed', () => {
  t.take(event({ subject: 'gate-9' }), event({ id: 'e2', subject: 'gate-9' }), event({ id: 'e3', subject: 'gate-8' }))
  t.intake.discard('quarantine-3')
  for (const column of ['guess', 'seen', 'routine']) t.db.exec(`ALTER TABLE quarantine DROP COLUMN ${column}`)
  for (const column of ['guess', 'held', 'lost']) t.db.exec(`ALTER TABLE quarantine_sender DROP COLUMN ${column}`)
  t.restart()
  expect(readSenders(t.db, 10)).toMatchObject([{ address: 'gate-9', held: 2, kept: 2, lost: 0 }])
  expect(held()[0]).toMatchObject({ seen: false })
  t.take(event({ id: 'e4', subject: 'gate-9' }))
  expect(readSenders(t.db, 10)).toMatchObject([{ address: 'gate-9', held: 3 }])
})
