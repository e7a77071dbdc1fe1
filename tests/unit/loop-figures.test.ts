import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { groupOf } from '../../server/api/loop-group.ts'
import { createLoopStore, firstDayOf, LOOP_TABLES, monthOf, readLoop, spansOf } from '../../server/store/loop.ts'
import { add, addBytes, encodeCell, newCell, newSketch, quantile } from '../../server/store/sketch.ts'
import type { Ended } from '../../shared/loop.ts'
import { channelOf, incidentEnded, orderEnded, stepSeconds, targetsFrom } from '../../shared/loop-times.ts'
import type { Order } from '../../shared/order.ts'
import { seededRandom } from '../../shared/random.ts'
import { someAlert, someIncident, someOrder } from '../support/push.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const at = (minutes: number) => MONDAY_TEN + minutes * MINUTE
const targetOf = targetsFrom(testWorld().threshold)

/** dispatched at 0, accepted at 1, arrived at 5, handled at 35, verified at 65 minutes */
const done = (more: Partial<Order> = {}): Order =>
  someOrder('order-1', {
    ...{ state: 'verified', acceptedAt: at(1), arrivedAt: at(5), handledAt: at(35), verifiedAt: at(65), handledBy: 'g1-day' },
    steps: [
      { at: at(0), act: 'dispatched', by: 'system' },
      { at: at(65), act: 'verified', by: 'officer-a' },
    ],
    ...more,
  })

test('[D1] an ended order gives the time of each step beside its own deadline', () => {
  const ended = orderEnded(done(), targetOf)
  expect(ended).toMatchObject({ at: at(65), team: '', counts: { orders: 1, refused: 0, rejected: 0 } })
  expect(ended?.took).toEqual({
    accept: { seconds: 60, target: 120, within: true },
    arrive: { seconds: 240, target: 600, within: true },
    handle: { seconds: 1800, target: 3600, within: true },
    verify: { seconds: 1800, target: 7200, within: true },
  })
})

test('[D1] a pause is no time at work, waiting for another order is none, and a pool begins the clock anew', () => {
  const paused = done({
    steps: [
      { at: at(0), act: 'dispatched', by: 'system' },
      { at: at(10), act: 'paused', by: 'g1-day' },
      { at: at(20), act: 'resumed', by: 'system' },
    ],
  })
  expect(stepSeconds(paused, 'handle')).toBe(20 * 60)
  expect(stepSeconds(paused, 'arrive')).toBe(4 * 60)
  const held = { at: at(0.5), act: 'begun', by: 'system' }
  expect(stepSeconds(done({ steps: [held] }), 'accept')).toBe(30)
  expect(stepSeconds(done({ steps: [{ ...held, act: 'passed' }] }), 'accept')).toBe(30)
})

test('[D1] what missed its deadline is not within it, however long it took by the clock', () => {
  const missed = { at: at(7), act: 'deadline.missed', by: 'system', from: 'arrive' }
  const ended = orderEnded(done({ steps: [missed] }), targetOf)
  expect(ended?.took.arrive?.within).toBe(false)
  expect(ended?.took.handle?.within).toBe(true)
})

test('[X1] exercises, open orders and those of a drill give nothing', () => {
  expect(orderEnded(done({ status: 'exercise' }), targetOf)).toBeUndefined()
  expect(orderEnded(done({ state: 'handled' }), targetOf)).toBeUndefined()
  const closed = someIncident('incident-1', { state: 'closed', closedAt: at(70) })
  const nothing = { alerts: [], orders: [], reports: [] }
  expect(incidentEnded({ ...closed, drilled: true }, nothing, targetOf)).toBeUndefined()
  expect(incidentEnded({ ...closed, status: 'test' }, nothing, targetOf)).toBeUndefined()
  expect(incidentEnded({ ...closed, state: 'merged' }, nothing, targetOf)).toBeUndefined()
})

test('refused is the verifier, rejected the owner', () => {
  expect(orderEnded(done({ state: 'rejected' }), targetOf)?.counts).toMatchObject({ refused: 1, rejected: 0 })
  expect(orderEnded(done({ state: 'rejected', handledBy: undefined }), targetOf)?.counts).toMatchObject({ refused: 0, rejected: 1 })
})

test('a closed incident gives acknowledgement, dispatch, the whole way, how it came in, and what went wrong', () => {
  const incident = someIncident('incident-1', {
    ...{ state: 'closed', closedAt: at(70), orders: ['order-1'], alerts: ['alert-1'] },
    timeline: [{ at: at(80), by: 'x', what: 'incident.reopened' }],
  })
  const alerts = [someAlert('alert-1', { acknowledgedAt: at(0.25), steps: [{ at: at(0), act: 'raised', by: 'system' }] })]
  const orders = [done({ teamId: 'party', lead: true, dispatchedAt: at(2) })]
  const reports = [{ rating: { stars: 4, at: 1 } }, {}] as never
  const ended = incidentEnded(incident, { alerts, orders, reports }, targetOf)
  expect(ended).toMatchObject({ team: 'party', at: at(70) })
  expect(ended?.took.acknowledge).toEqual({ seconds: 15, target: 60, within: true })
  expect(ended?.took.dispatch).toEqual({ seconds: 120, target: 60, within: false })
  expect(ended?.took.close).toEqual({ seconds: 4200, target: (2 + 10 + 60 + 120) * 60, within: true })
  expect(ended?.counts).toEqual({ incidents: 1, overdue: 0, reopened: 1, ratings: 1, stars: 4, alert: 1 })
})

test('what is reported is acknowledged when it is triaged, against the deadline of triage', () => {
  const incident = someIncident('incident-1', {
    ...{ kind: 'report.street-light', priority: 3, channels: ['resident', 'hotline'], state: 'closed' as const },
    ...{ triagedAt: at(31), triageLate: true, closedAt: at(70) },
  })
  const ended = incidentEnded(incident, { alerts: [], orders: [], reports: [] }, targetOf)
  expect(ended?.took.acknowledge).toEqual({ seconds: 31 * 60, target: 1800, within: false })
  expect(ended?.counts).toMatchObject({ resident: 1, overdue: 1 })
  expect(channelOf({ kind: 'report.other', channels: ['fax'] })).toBe('alert')
})

test('a quantile of a sketch is right to 2.5 %, over seven orders of magnitude', () => {
  const random = seededRandom(20261123)
  const values = Array.from({ length: 20_001 }, () => Math.exp(random.next() * 16)).sort((a, b) => a - b)
  const whole = newSketch()
  for (const seconds of values) add(whole, { seconds, target: 9, within: true }, 1)
  for (const share of [0.1, 0.5, 0.9, 0.99]) {
    const exact = values[Math.ceil(share * values.length) - 1]!
    expect(Math.abs(quantile(whole, share)! - exact) / exact, String(share)).toBeLessThan(0.025)
  }
  expect(quantile(newSketch(), 0.5)).toBeNull()
})

test('a cell comes back from its bytes as it was', () => {
  const cell = newCell()
  cell.counts[3] = 300_000
  for (const seconds of [0, 1, 59, 60, 86_400, 3e7]) add(cell.sketches[2]!, { seconds, target: 5_000_000, within: seconds > 9 }, 1)
  expect(addBytes(newCell(), encodeCell(cell))).toEqual(cell)
  const twice = addBytes(addBytes(newCell(), encodeCell(cell)), encodeCell(cell))
  expect([twice.counts[3], twice.sketches[2]?.count, quantile(twice.sketches[2]!, 0.5)]).toEqual([
    600_000,
    12,
    quantile(cell.sketches[2]!, 0.5),
  ])
})

function openLoop() {
  const db = new Database(':memory:')
  db.exec(LOOP_TABLES)
  const store = createLoopStore(db, () => 480)
  const areas = ['caihong-g1', 'caihong', 'xinan']
  const put = (id: string, ended: Partial<Ended> | undefined) => store.put([{ id, areas, ended: ended && { ...blank(id), ...ended } }])
  const day = Math.floor((MONDAY_TEN + 8 * 3_600_000) / DAY)
  const read = (dim: 'all' | 'kind' = 'all', area = 'caihong') => readLoop(db, area, dim, 0, [day, day])
  return { db, put, read, day }
}
const blank = (id: string): Ended => ({
  ...{ id, at: MONDAY_TEN, placeId: 'x', kind: 'help', team: '', priority: 1 },
  ...{ took: { accept: { seconds: 60, target: 120, within: true } }, counts: { orders: 1 } },
})

test('what ends twice counts once, as it ended last; what is open again counts no more', () => {
  const { db, put, read, day } = openLoop()
  put('order-1', {})
  put('order-2', { took: { accept: { seconds: 240, target: 120, within: false } } })
  put('order-2', { kind: 'gas', took: { accept: { seconds: 120, target: 60, within: false } } })
  const all = groupOf('', '', read().get('')!, { open: 0 })
  expect(all.orders).toBe(2)
  expect(all.steps.find(({ step }) => step === 'accept')).toMatchObject({ count: 2, within: 50, target: 90 })
  expect([...read('kind').keys()].sort()).toEqual(['gas', 'help'])
  expect(readLoop(db, 'xinan', 'all', 1, [monthOf(day), monthOf(day)]).get('')?.counts[1]).toBe(2)
  put('order-2', undefined)
  put('order-1', undefined)
  expect(read().size).toBe(0)
  expect(db.prepare('SELECT count(*) FROM loop_cells').pluck().get()).toBe(0)
})

test('a short time is read by days, a long one by whole months', () => {
  const today = 20_000
  expect(spansOf(today - 29, today + 3, today)).toEqual({ from: today - 29, to: today, grain: 0, spans: [today - 29, today] })
  const year = spansOf(today - 365, today, today)
  expect(year).toMatchObject({ grain: 1, to: today, spans: [monthOf(today - 365), monthOf(today)] })
  expect(year.from).toBe(firstDayOf(monthOf(today - 365)))
})
