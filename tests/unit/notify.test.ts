import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contradicts } from '../../server/notify/city.ts'
import { quietUntil } from '../../server/notify/quiet.ts'
import type { Step } from '../../shared/alert.ts'
import type { Order } from '../../shared/order.ts'
import { incidentOf, openNotify, orderOf } from '../support/notify.ts'
import { refusal } from '../support/refusal.ts'
import { actor, MONDAY_TEN } from '../support/work.ts'

let room: ReturnType<typeof openNotify>
beforeEach(() => {
  room = openNotify()
})
afterEach(() => room.close())

const MINUTE = 60_000
/** an order to which something more happened */
const stepped = (before: Order, step: Partial<Step>, more: Partial<Order> = {}) => {
  const full = { at: 0, act: 'x', by: 'system', ...step }
  return { before, order: { ...before, ...more, steps: [...before.steps, full] }, act: full.act, by: full.by }
}
const told = () => room.rows().map(({ recipient, kind, channel }) => `${recipient} ${kind} ${channel}`)

describe('who is told', () => {
  test('[D1] a new order: its owner', () => {
    room.tell({ orders: [{ before: undefined, order: orderOf(), act: 'dispatched', by: 'system' }] })
    expect(told()).toEqual(['g1-day order.new page'])
  })
  test('[D1] priority 1: every rung, and nobody twice', () => {
    const steps = [...orderOf().steps, { at: 0, act: 'told', by: 'system', to: 'head-c001 g1-day community' }]
    room.tell({ orders: [{ before: undefined, order: orderOf({ priority: 1, steps }), act: 'told', by: 'system' }] })
    expect(told()).toEqual(['g1-day order.new page', 'head-c001 order.urgent page', 'community order.urgent page'])
  })
  test('[D1] a missed deadline: the owner and the rung above', () => {
    room.tell({ orders: [stepped(orderOf(), { act: 'deadline.missed', from: 'accept', to: 'g1-day community' }, { overdue: true })] })
    expect(told()).toEqual(['g1-day order.overdue page', 'community order.escalated page'])
  })
  test.each([
    ['system', 'officer-a'],
    ['supervisor', 'supervisor'],
  ])('a rejected order that %s had sent: %s', (sender, hears) => {
    const order = orderOf({ steps: [{ at: 0, act: 'dispatched', by: sender }] })
    room.tell({ orders: [stepped(order, { act: 'rejected', by: 'g1-day', from: 'dispatched' }, { state: 'rejected' })] })
    expect(told()).toEqual([`${hears} order.rejected page`])
  })
  test('[D3] handled work: those on duty who may judge it, never whoever did it', () => {
    room.tell({ orders: [stepped(orderOf({ assignee: 'officer-a' }), { act: 'handled', by: 'officer-a' }, { handledBy: 'officer-a' })] })
    expect(told()).toEqual(['community order.to-verify page'])
  })
  test('nobody is told of an act of their own', () => {
    room.tell({ orders: [stepped(orderOf(), { act: 'transferred', by: 'officer-a', to: 'officer-a' }, { assignee: 'officer-a' })] })
    expect(told()).toEqual([])
  })
  test.each([
    [1, ['officer-a incident.opened page']],
    [3, []],
  ] as const)('an incident of priority %i opens: %j', (priority, expected) => {
    room.tell({ incidents: [{ before: undefined, incident: incidentOf({ priority }), act: 'opened', by: 'system' }] })
    expect(told()).toEqual(expected)
  })
  test.each(['exercise', 'test'] as const)('[X1] %s pages nobody, and goes to endpoints for drills alone', (status) => {
    room.endpoint('real', { filter: { events: ['order.new'] } })
    room.endpoint('drills', { filter: { events: ['order.new'] }, drills: true })
    room.tell({ orders: [{ before: undefined, order: orderOf({ status }), act: 'dispatched', by: 'system' }] })
    expect(told()).toEqual(['drills order.new webhook'])
  })
})

describe('by which channel, when', () => {
  const dispatch = (more: Partial<Order> = {}) =>
    room.tell({ orders: [{ before: undefined, order: orderOf(more), act: 'x', by: 'system' }] })
  const browser = (id: string) => room.run('push.subscribe', undefined, { id, person: 'g1-day', host: 'push.example', sealed: 's' })

  test('the first channel with an address; of priority 1 all of them', () => {
    room.withMail()
    room.set('g1-day', { channels: ['webpush', 'email'], email: 'g1@example.org' })
    dispatch()
    expect(told().slice(1)).toEqual(['g1-day order.new email'])
    browser('sub-1')
    dispatch()
    expect(told().slice(3)).toEqual(['g1-day order.new webpush'])
    dispatch({ priority: 1 })
    expect(told().slice(5)).toEqual(['g1-day order.new webpush', 'g1-day order.new email'])
  })
  test('what failed for good goes on by the next channel', () => {
    room.withMail()
    browser('sub-1')
    room.set('g1-day', { channels: ['webpush', 'email'], email: 'g1@example.org' })
    dispatch()
    const push = room.rows().at(-1)!
    room.run('outbox.begin', undefined, { ids: [push.id], at: 1 })
    room.run('outbox.settle', undefined, { settled: [{ id: push.id, outcome: 'failed', reason: 'gone', at: 2, error: 'HTTP 410' }] })
    expect(room.rows().slice(-2)).toMatchObject([
      { channel: 'webpush', state: 'failed', lastError: 'HTTP 410', reason: 'gone' },
      { channel: 'email', state: 'waiting', orderId: 'order-1' },
    ])
    expect(room.book.subscriptions('g1-day')).toEqual([])
  })
  test('quiet hours hold mail until their end, show the page at once without a sound, and hold nothing of priority 1', () => {
    room.withMail()
    room.set('g1-day', { channels: ['page', 'email'], email: 'g1@example.org', quiet: { from: '09:00', to: '10:30' } })
    dispatch()
    dispatch({ priority: 1 })
    const [page, mail, loud, urgent] = room.rows()
    expect([page!.params.quiet, mail!.notBefore, loud!.params.quiet, urgent!.notBefore]).toEqual([
      true,
      MONDAY_TEN + 30 * MINUTE,
      false,
      null,
    ])
    expect(room.reader.due('mail', 1, 9).map(({ id }) => id)).toEqual([urgent!.id])
    room.outbox.release(MONDAY_TEN + 29 * MINUTE)
    expect(room.reader.due('mail', 1, 9)).toHaveLength(1)
    room.outbox.release(MONDAY_TEN + 30 * MINUTE)
    expect(room.reader.due('mail', 1, 9)).toHaveLength(2)
  })
  test.each([
    ['22:00', '07:00', '2026-03-02T23:00:00+08:00', '2026-03-03T07:00:00+08:00'],
    ['22:00', '07:00', '2026-03-02T06:59:00+08:00', '2026-03-02T07:00:00+08:00'],
    ['22:00', '07:00', '2026-03-02T07:00:00+08:00', undefined],
    ['12:00', '14:00', '2026-03-02T13:00:00+08:00', '2026-03-02T14:00:00+08:00'],
    ['12:00', '14:00', '2026-03-02T14:00:00+08:00', undefined],
    ['12:00', '12:00', '2026-03-02T12:00:00+08:00', undefined],
  ])('quiet from %s to %s at %s ends %s', (from, to, at, end) => {
    expect(quietUntil({ from, to }, Date.parse(at), 480)).toBe(end && Date.parse(end))
  })
})

describe('endpoints', () => {
  const opened = { before: undefined, incident: incidentOf(), act: 'opened' as const, by: 'system' }
  test.each([
    [{}, 1],
    [{ filter: { priority: 1 as const } }, 0],
    [{ filter: { priority: 2 as const } }, 1],
    [{ filter: { kinds: ['hazard.smoke'] } }, 0],
    [{ filter: { kinds: ['help'] } }, 1],
    [{ filter: { placeId: 'caihong-g2' } }, 0],
    [{ filter: { placeId: 'caihong-g1' } }, 1],
    [{ filter: { events: ['order.overdue' as const] } }, 0],
    [{ format: 'city' as const }, 1],
  ])('%j hears %i of it', (settings, count) => {
    room.endpoint('hook', settings)
    room.tell({ incidents: [opened] })
    expect(room.rows().filter(({ channel }) => channel === 'webhook')).toHaveLength(count)
  })
  test('[P5] nothing in the outbox is a name, a resident or anybody’s words', () => {
    room.endpoint('city', { format: 'city' })
    const incident = incidentOf({ timeline: [{ at: 0, by: 'officer-a', what: 'note', note: '欧阳小试的电话' }] })
    room.tell({ incidents: [{ ...opened, incident }] })
    expect(JSON.stringify(room.rows())).not.toMatch(/欧|r1"/)
  })
  test('the city hears of each change of one incident after the one before, and not of what changed nothing', () => {
    room.endpoint('city', { format: 'city' })
    const later = { before: opened.incident, incident: incidentOf({ state: 'handling', version: 2 }), act: 'moved' as const, by: 'x' }
    room.tell({ incidents: [opened, later, { ...later, before: later.incident }] })
    const lane = 'endpoint:city'
    const [first, second, ...rest] = room.rows().filter((row) => row.lane === lane)
    expect([first?.params.state, second?.params.state, rest]).toEqual(['open', 'handling', []])
    expect(room.reader.due(lane, 1, 9).map(({ id }) => id)).toEqual([first!.id])
    room.outbox.begin([first!.id], 1)
    expect(room.reader.due(lane, 1, 9)).toEqual([])
    room.outbox.settle({ id: first!.id, outcome: 'sent', at: 2 })
    expect(room.reader.due(lane, 1, 9).map(({ id }) => id)).toEqual([second!.id])
  })
  test('five failures are a fault; a success ends it and hurries what waits; 410 ends the endpoint', () => {
    room.endpoint('hook')
    const [id, other] = [0, 1].map(() => (room.run('endpoint.test', 'hook', {}) as { ids: string[] }).ids[0]!) as [string, string]
    for (let n = 1; n <= 5; n++) {
      room.outbox.begin([id], n)
      room.run('outbox.settle', undefined, { settled: [{ id, outcome: 'retry', at: n, nextAt: 1e12, error: 'HTTP 500' }] })
    }
    expect(room.store.endpoint('hook')!.health).toMatchObject({ fault: true, failures: 5, failingSince: 1, lastError: 'HTTP 500' })
    room.outbox.begin([other], 6)
    room.run('outbox.settle', undefined, { settled: [{ id: other, outcome: 'sent', at: 6 }] })
    expect(room.store.endpoint('hook')!.health).toMatchObject({ fault: false, failures: 0, lastOkAt: 6 })
    expect(room.reader.due('endpoint:hook', 7, 9)).toHaveLength(1)
    room.outbox.begin([id], 8)
    room.run('outbox.settle', undefined, { settled: [{ id, outcome: 'failed', at: 8, reason: 'gone', error: 'HTTP 410' }] })
    expect(room.store.endpoint('hook')!.state).toBe('gone')
  })
  test('[D2] a late change gets the endpoint as it stands; a deleted one drops what waited, visibly', () => {
    room.endpoint('hook')
    room.run('endpoint.pause', 'hook', {}, actor('admin'), 1)
    expect(refusal(() => room.run('endpoint.change', 'hook', { settings: {}, sealed: {} }, actor('admin'), 1))).toMatchObject({
      status: 409,
    })
    room.run('endpoint.test', 'hook', {})
    room.run('endpoint.delete', 'hook', {}, actor('admin'), 2)
    expect(room.rows()).toMatchObject([{ state: 'dropped', reason: 'endpoint-deleted' }])
    expect(room.work.audits.map(({ act }) => act)).toEqual(['endpoint.create', 'endpoint.pause', 'endpoint.test', 'endpoint.delete'])
  })
})

describe('the outbox', () => {
  test('[I5] beyond its bound the oldest of the least urgent is dropped, and its row says so', () => {
    const small = openNotify(3)
    small.endpoint('hook', { filter: { events: ['order.new'] } })
    for (const [n, priority] of ([3, 4, 4, 1, 2, 1] as const).entries())
      small.tell({
        orders: [
          {
            before: undefined,
            order: orderOf({ id: `order-${n}`, priority, status: 'actual', assignee: 'nobody' }),
            act: 'x',
            by: 'officer-a',
          },
        ],
      })
    const hooks = small.rows().filter(({ channel }) => channel === 'webhook')
    expect(hooks.map(({ priority, state, reason }) => [priority, state, reason])).toEqual([
      [3, 'dropped', 'outbox-full'],
      [4, 'dropped', 'outbox-full'],
      [4, 'dropped', 'outbox-full'],
      [1, 'waiting', null],
      [2, 'waiting', null],
      [1, 'waiting', null],
    ])
    expect(small.outbox.waiting()).toBe(3)
    small.close()
  })
  test('[I1] what was being sent when the process ended is sent again with its id; what was settled is not', () => {
    room.endpoint('hook')
    const ids = [0, 1].map(() => (room.run('endpoint.test', 'hook', {}) as { ids: string[] }).ids[0]!)
    expect(room.run('outbox.begin', undefined, { ids, at: 1 })).toEqual({ ids })
    expect(room.run('outbox.begin', undefined, { ids, at: 1 })).toEqual({ ids: [] })
    room.run('outbox.settle', undefined, { settled: [{ id: ids[0], outcome: 'sent', at: 2 }] })
    expect(room.run('outbox.recover', undefined, {})).toEqual({ recovered: 1 })
    expect(room.reader.due('endpoint:hook', 3, 9)).toMatchObject([{ id: ids[1], attempts: 1 }])
  })
  test('what was given up is tried again by hand, with the same id; what was sent is not', () => {
    room.endpoint('hook')
    const [id] = (room.run('endpoint.test', 'hook', {}) as { ids: string[] }).ids as [string]
    room.outbox.begin([id], 1)
    room.outbox.settle({ id, outcome: 'failed', at: 2, reason: 'expired' })
    expect(room.run('outbox.retry', id, {})).toMatchObject({ id, state: 'waiting', attempts: 1, reason: null })
    room.outbox.begin([id], 3)
    room.outbox.settle({ id, outcome: 'sent', at: 4 })
    expect(refusal(() => room.run('outbox.retry', id, {}))).toMatchObject({ status: 409 })
  })
  test('[S3] reading marks one’s own list alone', () => {
    const order = orderOf()
    room.tell({
      orders: [{ before: undefined, order, act: 'x', by: 'system' }, stepped(order, { act: 'deadline.missed', to: 'community' })],
    })
    const [own] = room.rows()
    expect(room.run('notice.read', 'community', { ids: [own!.id] })).toEqual({ read: 0 })
    expect(room.run('notice.read', 'g1-day', { ids: [own!.id] })).toEqual({ read: 1 })
    expect([room.reader.unread('g1-day'), room.reader.unread('community')]).toEqual([1, 1])
  })
})

describe('the city says', () => {
  test.each([
    ['open', '处理中', 1, false],
    ['open', '已办结', 1, true],
    ['closed', 'handling', 5, true],
    ['closed', 'handling', 3, false],
    ['closed', 'closed', 3, false],
    ['open', 'x', 9, true],
  ] as const)('ours %s at version 5, theirs %s of version %i: contradiction %s', (state, said, version, is) => {
    expect(contradicts(incidentOf({ state, version: 5 }), said, version)).toBe(is)
  })
  test('its state is a line that leaves the version alone; the same again is no line', () => {
    room.endpoint('city', { format: 'city' })
    room.work.incidents.put(incidentOf({ version: 4 }))
    const say = (state: string) => room.run('city.state', 'incident-1', { endpointId: 'city', state, version: 4 })
    expect([say('受理'), say('受理'), say('已办结')]).toMatchObject([
      { noted: true, conflict: false },
      { noted: false },
      { noted: true, conflict: true },
    ])
    const { version, timeline } = room.work.incidents.get('incident-1')!
    expect(version).toBe(4)
    expect(timeline.slice(1)).toMatchObject([
      { by: 'city:city', what: 'city.state', to: '受理' },
      { what: 'city.conflict', from: '受理', to: '已办结' },
    ])
  })
})
