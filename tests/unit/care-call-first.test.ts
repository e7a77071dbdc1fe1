import { beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import { createCareBook } from '../../shared/care.ts'
import type { Incident } from '../../shared/incident.ts'
import { GRANNY, plan } from '../support/care.ts'
import { testLoop } from '../support/loop.ts'
import { actor, MONDAY_TEN, testWork } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const officer = actor('officer', 'officer-a')
const supervisor = actor('supervisor', 'supervisor')
const MINUTE = 60_000
const SILENT: Partial<Alert> = { kind: 'inactivity', priority: 1, latched: false, residentId: 'r1', placeId: GRANNY.placeId }
const GONE = { active: false, state: 'returned-unacknowledged' } as const

let loop: ReturnType<typeof testLoop>
beforeEach(() => {
  loop = testLoop(testWork(testWorld({ residents: [GRANNY], care: createCareBook(() => plan()) })))
})
const call = (outcome: string, contactId = 'self'): Incident =>
  loop.run('incident.call', loop.incident(), officer, { contactId, outcome, note: '电话' })
const orders = () => loop.incident().orders.length
const said = () => loop.incident().timeline.map(({ what }) => what)

describe('[D1] the first act is a telephone call', () => {
  test.each(['inactivity', 'not-returned', 'night-out', 'room-stay', 'child-alone', 'child-not-home'])('about %s', (kind) => {
    loop.raise({ ...SILENT, kind, priority: 2 })
    expect(loop.incident()).toMatchObject({ state: 'open', orders: [], callBy: MONDAY_TEN + 5 * MINUTE, owner: 'officer-a' })
    expect(loop.incident().timeline.at(-1)).toMatchObject({ what: 'call.first', to: 'officer-a', note: '10:05' })
  })

  test.each(['help', 'hazard.smoke', 'camera.fall', 'welfare-check'])('not about %s: somebody goes at once', (kind) => {
    loop.raise({ ...SILENT, kind, priority: kind === 'welfare-check' ? 3 : 1 })
    expect(loop.incident()).toMatchObject({ state: 'open', orders: ['order-1'] })
    expect(loop.incident().callBy).toBeUndefined()
  })

  test('with nobody to call, or where it is set so, somebody goes at once', () => {
    loop = testLoop(testWork(testWorld({ residents: [GRANNY], thresholds: { 'call-first.minutes@r1': 0 } })))
    loop.raise(SILENT)
    expect(orders()).toBe(1)
    loop = testLoop(testWork(testWorld({ residents: [{ ...GRANNY, phone: undefined }], staff: [] })))
    loop.raise(SILENT)
    expect(orders()).toBe(1)
  })

  test('who is well is not visited', () => {
    loop.raise(SILENT)
    expect(call('ok')).toMatchObject({ state: 'awaiting-verification', orders: [], callBy: undefined, answered: { by: 'officer-a' } })
    loop.tick(60)
    expect(orders()).toBe(0)
    expect(loop.run('incident.close', loop.incident(), supervisor, { reason: '已核实' })).toMatchObject({ state: 'closed' })
  })

  test('who needs help gets one order at once, as urgent as there is', () => {
    loop.raise({ ...SILENT, kind: 'not-returned', priority: 3 })
    expect(call('help')).toMatchObject({ state: 'open', priority: 1, orders: ['order-1'], callBy: undefined })
    expect(loop.order()).toMatchObject({ priority: 1, state: 'dispatched', assignee: 'g1-day' })
    loop.tick(10)
    expect(orders()).toBe(1)
  })

  test('nobody answers: the next contact, and after the last one an order, whatever time is left', () => {
    loop.raise(SILENT)
    call('no-answer', 'self')
    expect(call('no-answer', 'c1')).toMatchObject({ orders: [], callBy: MONDAY_TEN + 5 * MINUTE })
    expect(call('no-answer', 'c2')).toMatchObject({ state: 'open', orders: ['order-1'], callBy: undefined, owner: undefined })
    loop.tick(5)
    expect(orders()).toBe(1)
  })
})

describe('[A3] nothing is let go', () => {
  test('without an answered call the order goes out by itself, once', () => {
    loop.raise(SILENT)
    call('no-answer')
    loop.tick(4)
    expect(orders()).toBe(0)
    loop.tick(1)
    expect(loop.incident()).toMatchObject({ orders: ['order-1'], callBy: undefined, owner: undefined })
    expect(loop.order()).toMatchObject({ assignee: 'g1-day', steps: [{ act: 'dispatched', by: 'system' }, { act: 'told' }] })
    loop.tick(1)
    expect(orders()).toBe(1)
  })

  test('the officer may send somebody before', () => {
    loop.raise(SILENT)
    loop.run('incident.dispatch', loop.incident(), officer, { assignee: 'g1-other' })
    expect(loop.incident()).toMatchObject({ orders: ['order-1'], callBy: undefined })
    loop.tick(6)
    expect(orders()).toBe(1)
  })

  test.each(['help', 'hazard.smoke'])('%s that joins sends at once', (kind) => {
    loop.raise(SILENT)
    loop.raise({ ...SILENT, kind, priority: 1 })
    expect(loop.incident()).toMatchObject({ alerts: ['alert-1', 'alert-2'], orders: ['order-1'], callBy: undefined })
  })

  test('both in one batch send at once, and once', () => {
    loop.tell(loop.change('raised', undefined, SILENT), loop.change('raised', undefined, { ...SILENT, kind: 'help' }))
    expect(orders()).toBe(1)
  })

  test('what makes it worse sends at once, what does not is asked about in the same call', () => {
    loop.raise({ ...SILENT, kind: 'room-stay', priority: 2 })
    loop.raise({ ...SILENT, kind: 'night-out', priority: 2 })
    expect(orders()).toBe(0)
    loop.raise(SILENT)
    expect(loop.incident()).toMatchObject({ priority: 1, orders: ['order-1'] })
  })

  test('a leader who closes or reopens it is obeyed', () => {
    loop.raise(SILENT)
    loop.run('incident.close', loop.incident(), supervisor, { reason: '误报' })
    loop.tick(10)
    expect(loop.incident()).toMatchObject({ state: 'closed', orders: [], callBy: undefined })
    loop.run('incident.reopen', loop.incident(), supervisor, { reason: '再看' })
    expect(orders()).toBe(1)
  })

  test('two matters that wait become one that waits for the sooner call', () => {
    loop.raise(SILENT)
    const first = loop.incident()
    loop.work.now += 2 * MINUTE
    loop.raise({ ...SILENT, placeId: 'caihong-b02-u1-101' })
    loop.run('incident.merge', first, officer, { into: loop.incident().id })
    expect(loop.incident()).toMatchObject({ alerts: ['alert-2', 'alert-1'], orders: [], callBy: MONDAY_TEN + 5 * MINUTE })
    loop.tick(3)
    expect(orders()).toBe(1)
  })
})

describe('[D1] nobody is sent for nothing', () => {
  test('all is as usual again before the call: the officer has the last word', () => {
    const alert = loop.raise(SILENT)
    loop.alter('returned', alert, GONE)
    expect(loop.incident()).toMatchObject({ state: 'awaiting-verification', orders: [], callBy: undefined, owner: 'officer-a' })
    loop.tick(30)
    expect(orders()).toBe(0)
    expect(said()).toContain('call.spared')
  })

  test.each(['call', 'sign'])('silent once more after the %s: called once more, and in the end visited', (settledBy) => {
    const alert = loop.raise(SILENT)
    if (settledBy === 'call') call('ok')
    loop.alter('returned', alert, GONE)
    loop.work.now += 3_600_000
    loop.alter('reactivated', alert, { active: true, state: 'active-unacknowledged' })
    expect(loop.incident()).toMatchObject({ state: 'open', orders: [], answered: undefined, callBy: loop.work.now + 5 * MINUTE })
    loop.tick(5)
    expect(orders()).toBe(1)
  })

  test('another conclusion after all was well is asked about as well', () => {
    loop.raise(SILENT)
    call('ok')
    loop.raise({ ...SILENT, kind: 'not-returned', priority: 3 })
    expect(loop.incident()).toMatchObject({ state: 'open', orders: [], answered: undefined, callBy: MONDAY_TEN + 5 * MINUTE })
  })

  test('put aside by an officer, it waits for nobody; back again, for a call', () => {
    const alert = loop.raise(SILENT)
    loop.alter('shelved', alert, { state: 'shelved' }, 'officer-a')
    loop.tick(10)
    expect(orders()).toBe(0)
    loop.alter('unshelved', alert, { state: 'active-unacknowledged' })
    expect(loop.incident()).toMatchObject({ state: 'open', callBy: loop.work.now + 5 * MINUTE })
  })
})

test('[D1] a call about the alert alone came first: who needs help is not called again', () => {
  const alert = loop.raise({ ...SILENT, kind: 'low-water', priority: 3 })
  expect(loop.work.incidents.things.size).toBe(0)
  loop.alter('reactivated', alert, { priority: 1, latched: true }, 'officer-a')
  expect(loop.incident()).toMatchObject({ priority: 1, orders: ['order-1'] })
})
