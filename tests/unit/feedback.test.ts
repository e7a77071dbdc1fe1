import { describe, expect, test } from 'vitest'
import { incidentChange } from '../../server/changes.ts'
import { closedIn } from '../../server/feedback/feedback.ts'
import { responseOf } from '../../shared/durations.ts'
import type { Order } from '../../shared/order.ts'
import { testLoop } from '../support/loop.ts'
import { actor } from '../support/work.ts'

const worker = actor('field', 'g1-day')
const officer = actor('officer', 'officer-a')
const WORK = ['order.accept', 'order.arrive', 'order.handle']
const smoke = { kind: 'hazard.smoke', latched: false } as const

const raised = (patch = {}) => {
  const loop = testLoop()
  return { loop, alert: loop.raise(patch) }
}
const work = (loop: ReturnType<typeof testLoop>, order: Order) => WORK.reduce((at, name) => loop.run(name, at, worker), order)

test('[D1] the incident follows its order: open, handling, awaiting-verification, closed', () => {
  const { loop } = raised()
  const states = [loop.incident().state]
  let order = loop.order()
  for (const [name, by] of [...WORK.map((step) => [step, worker] as const), ['order.verify', officer] as const]) {
    order = loop.run(name, order, by)
    states.push(loop.incident().state)
  }
  expect(states).toEqual(['open', 'handling', 'handling', 'awaiting-verification', 'closed'])
  expect(loop.incident().closedAt).toBe(loop.work.now)
})

test('the record of a whole matter, from the press to its verified closure', () => {
  const { loop, alert } = raised()
  const start = loop.work.now
  const later = <T>(seconds: number, act: () => T): T => {
    loop.work.now += seconds * 1000
    return act()
  }
  later(5, () => loop.alter('counted', alert, { count: 2 }))
  later(15, () => loop.alter('acknowledged', alert, { state: 'active-acknowledged', acknowledgedAt: loop.work.now }, 'officer-a'))
  let order = later(160, () => loop.order())
  loop.tick(0)
  order = later(20, () => loop.run('order.accept', order, worker))
  order = later(300, () => loop.run('order.arrive', order, worker))
  later(60, () => loop.run('incident.note', loop.incident(), worker, { text: '老人摔倒，已叫120' }))
  order = later(600, () => loop.run('order.handle', order, worker, { note: '送医' }))
  later(240, () => loop.run('order.verify', order, officer))
  const { timeline } = loop.incident()
  expect(timeline.map(({ at, by, what, kind, note }) => [(at - start) / 1000, by, what, kind ?? note])).toEqual([
    [0, 'system', 'alert.raised', 'help'],
    [0, 'system', 'order.dispatched', '网格员与楼栋长'],
    [0, 'system', 'order.told', '联户长、网格员与楼栋长、社区工作人员、社区党支部、街道党工委、区'],
    [5, 'system', 'alert.counted', '×2'],
    [20, 'officer-a', 'alert.acknowledged', undefined],
    [120, 'system', 'deadline.missed', '社区工作人员'],
    [200, 'g1-day', 'order.accepted', undefined],
    [200, 'system', 'incident.handling', undefined],
    [500, 'g1-day', 'order.arrived', undefined],
    [560, 'g1-day', 'note', '老人摔倒，已叫120'],
    [1160, 'g1-day', 'order.handled', '送医'],
    [1160, 'system', 'incident.awaiting-verification', undefined],
    [1400, 'officer-a', 'order.verified', undefined],
    [1400, 'system', 'incident.closed', undefined],
  ])
  expect(responseOf(loop.incident(), [loop.now('alerts', alert)], [loop.order()])).toEqual({
    acknowledge: 20,
    accept: 200,
    arrive: 300,
    handle: 660,
    close: 1400,
  })
})

describe('when the condition holds still', () => {
  test('verified work does not close it; the record says why', () => {
    const { loop } = raised(smoke)
    const order = work(loop, loop.order())
    loop.run('order.verify', order, officer)
    expect(loop.incident()).toMatchObject({ state: 'awaiting-verification' })
    expect(loop.incident().timeline.at(-1)).toMatchObject({ what: 'incident.still-active', kind: 'hazard.smoke' })
  })

  test('an officer may say so, and the record keeps that it was active', () => {
    const { loop } = raised(smoke)
    loop.run('order.verify', work(loop, loop.order()), officer)
    loop.run('incident.close', loop.incident(), officer, { reason: '烟感故障，已报修' })
    expect(loop.incident().timeline.slice(-2)).toMatchObject([
      { what: 'incident.closed-while-active', kind: 'hazard.smoke' },
      { what: 'incident.closed', note: '烟感故障，已报修', from: 'awaiting-verification', to: 'closed' },
    ])
  })

  test('it closes when the condition goes after the verification, and not before it', () => {
    const { loop, alert } = raised(smoke)
    const order = work(loop, loop.order())
    loop.alter('returned', alert, { active: false, state: 'returned-unacknowledged' })
    expect(loop.incident().state).toBe('awaiting-verification')
    loop.alter('reactivated', alert, { active: true, state: 'active-unacknowledged' })
    loop.run('order.verify', order, officer)
    loop.alter('returned', alert, { active: false, state: 'returned-unacknowledged' })
    expect(loop.incident()).toMatchObject({ state: 'closed' })
  })

  test.each([
    ['a latched alert', { latched: true }],
    ['a welfare check', { kind: 'welfare-check', latched: false }],
    ['a shelved alert', { ...smoke, state: 'shelved' }],
  ])('%s holds nothing open', (_name, patch) => {
    const { loop, alert } = raised(smoke)
    loop.work.alerts.put({ ...alert, ...patch } as typeof alert)
    loop.run('order.verify', work(loop, loop.order()), officer)
    expect(loop.incident().state).toBe('closed')
  })
})

describe('several orders', () => {
  test('the incident closes with the last of them', () => {
    const { loop } = raised()
    const first = loop.order()
    const second = loop.run('incident.dispatch', loop.incident(), officer, { assignee: 'g1-other' })
    loop.run('order.verify', work(loop, first), officer)
    expect(loop.incident().state).not.toBe('closed')
    const done = WORK.reduce((at, name) => loop.run(name, at, actor('field', 'g1-other')), second)
    expect(loop.incident().state).toBe('awaiting-verification')
    loop.run('order.verify', done, officer)
    expect(loop.incident().state).toBe('closed')
  })

  test('when all are cancelled it is open again, for people to decide', () => {
    const { loop } = raised()
    const order = loop.run('order.accept', loop.order(), worker)
    expect(loop.incident().state).toBe('handling')
    loop.run('order.cancel', order, officer, { reason: '派错' })
    expect(loop.incident()).toMatchObject({ state: 'open', orders: ['order-1'] })
  })
})

test('[D3] with nobody else at hand it waits, visible, and the missed verification is told', () => {
  const { loop } = raised()
  const order = work(loop, loop.order())
  loop.tick(121)
  expect(loop.now('orders', order)).toMatchObject({ state: 'handled', overdue: true, next: 'verify' })
  expect(loop.incident().state).toBe('awaiting-verification')
})

test('closedIn names the incidents whose alerts analysis has to let go', () => {
  const { loop } = raised()
  const before = loop.incident()
  loop.run('order.verify', work(loop, loop.order()), officer)
  expect(closedIn([incidentChange(before, loop.incident()), incidentChange(undefined, before)])).toEqual([before.id])
})
