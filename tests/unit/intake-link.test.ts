import { afterEach, beforeEach, expect, test } from 'vitest'
import { arrivalOf, cloudEvent, NOW, type TestIntake, testIntake } from '../support/intake.ts'

let t: TestIntake
beforeEach(() => {
  t = testIntake()
})
afterEach(() => t.close())
const link = (report: object, feed = 'gates') => arrivalOf(report, { source: 'feed-link', transport: 'link', feed })
const view = () => t.intake.health(t.now).find(({ id }) => id === 'gates')

test('[P4] a feed without a connection of its own has no link to break', () => {
  expect(view()).toMatchObject({ link: null, reconnects: 0, gap: null })
})

test('[P4] a link that breaks and comes back: state, reconnects and the gap that nobody fills', () => {
  t.take(link({ state: 'up', at: NOW }))
  expect(view()).toMatchObject({ link: { state: 'up', since: NOW }, reconnects: 0, gap: null })
  t.now += 60_000
  t.take(link({ state: 'down', at: t.now - 5_000, reason: 'ECONNRESET' }))
  expect(view()).toMatchObject({ link: { state: 'down', reason: 'ECONNRESET' }, gap: { from: NOW + 55_000, to: null } })
  t.now += 30_000
  t.take(link({ state: 'down', at: t.now, reason: 'ECONNREFUSED' }))
  t.now += 30_000
  t.take(link({ state: 'up', at: t.now }))
  expect(view()).toMatchObject({ link: { state: 'up' }, reconnects: 1, gap: { from: NOW + 55_000, to: NOW + 120_000 } })
})

test('[P4] a client that died without a word: its gap began with the last message', () => {
  t.take(link({ state: 'up' }))
  t.now += 10_000
  t.take(arrivalOf(cloudEvent()))
  t.now += 50_000
  t.take(link({ state: 'up' }))
  expect(view()).toMatchObject({ reconnects: 1, gap: { from: NOW + 10_000, to: NOW + 60_000 } })
})

test('[P4] a device that could never be reached has lost nothing', () => {
  t.take(link({ state: 'down', reason: 'ECONNREFUSED' }))
  t.now += 1_000
  t.take(link({ state: 'up' }))
  expect(view()).toMatchObject({ link: { state: 'up' }, reconnects: 0, gap: null })
})

test('[I3] a time of another clock is not believed, and nonsense changes nothing', () => {
  t.take(
    link({ state: 'up', at: 1 }),
    link({ state: 'sideways' }),
    arrivalOf('{', { source: 'feed-link', transport: 'link', feed: 'gates' }),
  )
  expect(view()).toMatchObject({ link: { state: 'up', since: NOW } })
})

test('[A3] the word of a link goes with a failed commit, and stays in a checkpoint', () => {
  t.take(link({ state: 'up' }))
  t.fail(link({ state: 'down' }))
  expect(view()).toMatchObject({ link: { state: 'up' } })
  const saved = JSON.parse(JSON.stringify(t.intake.checkpoint())) as ReturnType<TestIntake['intake']['checkpoint']>
  t.restart()
  t.intake.restore(saved)
  expect(view()).toMatchObject({ link: { state: 'up', since: NOW } })
})

test('[P4] the word of a link is no message of a device: nothing is heard by it, nothing counted', () => {
  const { receipts } = t.take(link({ state: 'up' }))
  expect(receipts).toEqual([{ accepted: 0, duplicates: 0, quarantined: 0, ids: [] }])
  expect(view()).toMatchObject({ state: 'never', accepted: 0 })
})
