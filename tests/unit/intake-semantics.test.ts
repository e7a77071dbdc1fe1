import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createIntake, type Intake } from '../../server/intake/intake.ts'
import { type Db, openStore } from '../../server/store/open.ts'
import { readSenders } from '../../server/store/quarantine-lists.ts'
import { readSignals } from '../../server/store/signal-lists.ts'
import { signalsAfter } from '../../server/store/signal-replay.ts'
import type { SignalDraft } from '../../shared/signal.ts'
import { feedDevices, NOW } from '../support/intake.ts'
import { testWorld } from '../support/world.ts'

/** An intake whose source hands over the drafts that the test writes. */
let dir: string
let db: Db
let intake: Intake
let now = NOW
let world = testWorld({ devices: feedDevices() })
const open = () =>
  createIntake({
    db,
    world: () => world,
    sources: { plain: ({ bytes }) => ({ drafts: JSON.parse(String(Buffer.from(bytes))) as SignalDraft[], rejects: [] }) },
  })
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'linwang-semantics-'))
  db = openStore(dir, 'demo')
  world = testWorld({ devices: feedDevices() })
  intake = open()
  now = NOW
})
afterEach(() => {
  db.close()
  rmSync(dir, { recursive: true, force: true })
})
let id = 0
const draft = (more: Partial<SignalDraft> = {}) =>
  ({
    feed: 'frigate',
    id: `d${++id}`,
    type: 'linwang.camera',
    address: 'cam-001',
    time: now,
    offset: 480,
    status: 'actual',
    data: { event: 'fall' },
    ...more,
  }) as SignalDraft
function take(drafts: SignalDraft[], end: 'COMMIT' | 'ROLLBACK' = 'COMMIT') {
  db.exec('BEGIN IMMEDIATE')
  const result = intake.take([{ source: 'plain', transport: 'http', bytes: Buffer.from(JSON.stringify(drafts)) }], now, 1)
  db.exec(end)
  if (end === 'COMMIT') intake.committed()
  else intake.rolledBack()
  return result
}
const repeats = (drafts: SignalDraft[]) => take(drafts).signals.map(({ repeat }) => repeat === true)
const feed = (name: string) => intake.health(now).find((view) => view.id === name)

test('[I2] the device is found by the first alias that the register knows', () => {
  const { signals } = take([draft({ address: 'aa:bb/1', aliases: ['aa:bb', 'cam-001', 'smoke-1'] })])
  expect(signals).toMatchObject([{ deviceId: 'cam-001' }])
})

test('[I2] its own address goes before an alias, and an alias of another feed is nobody', () => {
  expect(take([draft({ address: 'cam-001', aliases: ['x'] })]).signals).toHaveLength(1)
  expect(take([draft({ address: 'x', aliases: ['smoke-1'] })]).receipts).toMatchObject([{ quarantined: 1 }])
})

test('[I3] what waits is found by any name of the device, and each device of one message waits for itself', () => {
  take([draft({ address: 'aa:bb/1', aliases: ['aa:bb', '10.0.0.7'] }), draft({ address: 'cc:dd/1' })])
  expect(readSenders(db, 10)).toMatchObject([
    { address: 'aa:bb/1', guess: { kind: 'camera', aliases: ['aa:bb', '10.0.0.7'] } },
    { address: 'cc:dd/1' },
  ])
  world = testWorld({ devices: [...feedDevices(), { ...feedDevices()[0]!, id: 'cam-9', feed: 'frigate', address: '10.0.0.7' }] })
  db.exec('BEGIN')
  const { answer, signals } = intake.replay({ feed: 'frigate', address: '10.0.0.7' }, now, 2)
  db.exec('COMMIT')
  expect(answer).toMatchObject({ accepted: 1, held: 0 })
  expect(signals).toMatchObject([{ deviceId: 'cam-9' }])
  expect(readSenders(db, 10)).toMatchObject([{ address: 'cc:dd/1', held: 1 }])
})

test('[I3] a public warning needs no device: it is about the community', () => {
  const data = {
    identifier: 'w1',
    msgType: 'alert',
    references: [],
    event: '11B03',
    colour: 'red',
    headline: '暴雨红色预警',
    areas: ['xx'],
  } as const
  const { signals } = take([
    draft({ feed: 'weather', type: 'linwang.warning', address: undefined, data: { ...data, references: [], areas: ['xx'] } }),
  ])
  expect(signals).toMatchObject([{ deviceId: '/feeds/weather', placeId: 'caihong', type: 'linwang.warning' }])
})

test('[I2] a repeat is stored as one, and told as one on lists and in a replay', () => {
  take([draft({ repeat: true }), draft()])
  expect(readSignals(db, { limit: 10 }).items.map(({ repeat }) => repeat)).toEqual([undefined, true])
  expect([...signalsAfter(db, 0)].map(({ repeat }) => repeat)).toEqual([true, undefined])
})

test('[A4] the same happening with a new id within five minutes is a repeat', () => {
  expect(repeats([draft({ sameAs: 'BA 101' })])).toEqual([false])
  now += 4 * 60_000
  expect(repeats([draft({ sameAs: 'BA 101' }), draft({ sameAs: 'BA 102' }), draft()])).toEqual([true, false, false])
  now += 61_000
  expect(repeats([draft({ sameAs: 'BA 101' })])).toEqual([false])
})

test('[A4] the same words of another device are its own', () => {
  expect(repeats([draft({ sameAs: 'BA' }), draft({ sameAs: 'BA', feed: 'zigbee2mqtt', address: 'smoke-1' })])).toEqual([false, false])
})

test('[A3] what a failed commit remembered is forgotten, and what it replaced comes back', () => {
  take([draft({ sameAs: 'old' })])
  now += 6 * 60_000
  take([draft({ sameAs: 'old' }), draft({ sameAs: 'new' })], 'ROLLBACK')
  expect(repeats([draft({ sameAs: 'new' }), draft({ sameAs: 'old' }), draft({ sameAs: 'old' })])).toEqual([false, false, true])
})

test('[A1] a checkpoint remembers what was said', () => {
  take([draft({ sameAs: 'BA' })])
  const saved = JSON.parse(JSON.stringify(intake.checkpoint())) as ReturnType<Intake['checkpoint']>
  intake = open()
  intake.restore(saved)
  expect(repeats([draft({ sameAs: 'BA' })])).toEqual([true])
})

test('[I2] repeats are counted apart from duplicates', () => {
  const first = draft({ sameAs: 'BA' })
  take([first, first, draft({ sameAs: 'BA' }), draft({ repeat: true })])
  expect(feed('frigate')).toMatchObject({ accepted: 3, duplicates: 1, repeats: 2 })
})

test('[I5] a sender that never says the same twice fills no memory', () => {
  for (let n = 0; n < 20; n++) take(Array.from({ length: 1000 }, (_, i) => draft({ sameAs: `${n} ${i}` })))
  expect(intake.checkpoint().repeats!.length).toBeLessThanOrEqual(16_384)
})

test('[P4] of signs of life that come every ten seconds one a minute is kept; all of them are heard', () => {
  const beat = (more: object = {}) =>
    draft({ type: 'linwang.heartbeat', routine: true, data: { online: true, said: String(now), ...more } as never })
  let stored = 0
  for (let n = 0; n < 60; n++) {
    stored += take([beat()]).signals.length
    now += 10_000
  }
  expect(stored).toBe(10)
  expect(intake.lastHeard('cam-001')).toBe(now - 10_000)
  expect(feed('frigate')).toMatchObject({ accepted: 10, duplicates: 0, lastHeard: now - 10_000 })
  expect(take([beat({ battery: 5 })]).signals).toHaveLength(1)
  expect(take([beat({ online: false })]).signals).toHaveLength(1)
})

test('[A3] a sign of life whose commit failed is none: the next one is kept', () => {
  const beat = () => draft({ type: 'linwang.heartbeat', routine: true, data: { online: true } })
  take([beat()], 'ROLLBACK')
  expect(take([beat()]).signals).toHaveLength(1)
  expect(take([beat()]).signals).toHaveLength(0)
})

test('[P4] signs of life that waited in quarantine are all taken: none of them waits for ever', () => {
  for (let n = 0; n < 3; n++) {
    take([draft({ type: 'linwang.heartbeat', routine: true, data: { online: true }, address: 'new' })])
    now += 10_000
  }
  world = testWorld({ devices: [...feedDevices(), { ...feedDevices()[0]!, id: 'cam-9', feed: 'frigate', address: 'new' }] })
  db.exec('BEGIN')
  const { answer } = intake.replay({ feed: 'frigate', address: 'new' }, now, 2)
  db.exec('COMMIT')
  expect(answer).toMatchObject({ accepted: 3, held: 0 })
})
