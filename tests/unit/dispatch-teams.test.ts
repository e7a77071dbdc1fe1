import { describe, expect, test } from 'vitest'
import { suggest } from '../../server/dispatch/suggest.ts'
import type { Order } from '../../shared/order.ts'
import { testLoop } from '../support/loop.ts'
import { refusal } from '../support/refusal.ts'
import { actor, MONDAY_TEN, testWork } from '../support/work.ts'
import { type TinyRegisters, testWorld, tinyStaff, tinyTeamStaff, tinyTeams } from '../support/world.ts'

const MINUTE = 60_000
const officer = actor('officer', 'officer-a')
const worker = actor('field', 'g1-day')
const member = actor('field', 'member-a')
const teamed = (more: TinyRegisters = {}) => testWorld({ staff: [...tinyStaff(), ...tinyTeamStaff()], teams: tinyTeams(), ...more })

function begun(more: TinyRegisters = {}) {
  const loop = testLoop(testWork(teamed(more)))
  loop.raise({ priority: 2 })
  const send = (body: Record<string, unknown>) => loop.run('incident.dispatch', loop.incident(), officer, body) as unknown as Order
  return { loop, first: loop.order(), send }
}

describe('a pool', () => {
  test('[D1] belongs to whoever dispatched it until somebody claims it, and is accepted by that', () => {
    const { loop, send } = begun()
    const order = send({ pool: 'party' })
    expect(order).toMatchObject({ state: 'dispatched', pool: 'party', assignee: 'officer-a' })
    const claimed = loop.run('order.claim', order, member)
    expect(claimed).toMatchObject({ state: 'accepted', assignee: 'member-a', teamId: 'party', next: 'arrive', version: 2 })
    expect(claimed.pool).toBeUndefined()
  })

  test('[D2] whoever comes second is told who has it', () => {
    const { loop, send } = begun()
    const order = send({ pool: 'party' })
    loop.run('order.claim', order, member)
    const problem = refusal(() => loop.run('order.claim', order, actor('field', 'member-b')))
    expect(problem).toMatchObject({ status: 409, current: { assignee: 'member-a', state: 'accepted' } })
    expect(problem.detail).toContain('试member-a has claimed')
  })

  test.each([
    ['who is of another area', actor('field', 'member-far'), 403],
    ['who is not of it', worker, 403],
    ['without a staff record', actor('field'), 422],
  ])('[S3] nobody claims %s', (_name, by, status) => {
    const { loop, send } = begun()
    const order = send({ pool: 'party' })
    expect(refusal(() => loop.run('order.claim', order, by)).status).toBe(status)
  })

  test('what its claimer cannot do goes back into it', () => {
    const { loop, send } = begun()
    const claimed = loop.run('order.claim', send({ pool: 'party' }), member)
    loop.run('order.reject', claimed, member, { reason: '临时有事' })
    expect(loop.order()).toMatchObject({ state: 'dispatched', pool: 'party', assignee: 'officer-a', replaces: claimed.id })
  })

  test('[D1] nobody claims it: whoever dispatched it hears first, then rung by rung', () => {
    const { loop, send } = begun()
    const order = send({ pool: 'party' })
    loop.tick(5)
    const late = loop.now('orders', order)
    expect(late.steps.at(-1)).toMatchObject({ act: 'deadline.missed', to: 'officer-a' })
    loop.tick(10)
    expect(loop.now('orders', order).steps.at(-1)).toMatchObject({ act: 'escalated', to: 'officer-a party', why: '社区党支部' })
  })
})

describe('a team', () => {
  test('is its lead’s until anybody of it takes it up', () => {
    const { loop, send } = begun()
    const order = send({ teamId: 'property' })
    expect(order).toMatchObject({ assignee: 'plumber', teamId: 'property' })
    expect(loop.run('order.accept', order, actor('field', 'mate'))).toMatchObject({ assignee: 'mate', state: 'accepted' })
    expect(refusal(() => loop.run('order.arrive', loop.now('orders', order), actor('field', 'plumber'))).status).toBe(403)
  })

  test('somebody outside is telephoned by the officer, who notes the steps', () => {
    const { loop, send } = begun()
    const order = send({ teamId: 'police' })
    expect(order).toMatchObject({ assignee: 'officer-a', teamId: 'police' })
    expect(loop.run('order.accept', order, officer)).toMatchObject({ assignee: 'officer-a', teamId: 'police' })
  })
})

describe('several orders of one incident', () => {
  test.each([
    ['a person', { assignee: 'g1-day' }],
    ['a pool', { pool: 'party' }],
    ['somebody outside', { teamId: 'police' }],
  ])('nobody is sent twice: %s', (_name, body) => {
    const { send } = begun()
    if (!('assignee' in body)) send(body)
    const problem = refusal(() => send(body))
    expect(problem.status).toBe(409)
    expect(problem.detail).toContain('nobody is sent twice')
  })

  test('one leads; who is made the lead takes it from the other', () => {
    const { loop, first, send } = begun()
    expect(first.lead).toBe(true)
    expect(send({ teamId: 'property', lead: true }).lead).toBe(true)
    expect(loop.now('orders', first).lead).toBeUndefined()
  })

  test('in order: the later one waits without a clock until the earlier is done', () => {
    const { loop, first, send } = begun()
    const second = send({ teamId: 'property', after: first.id })
    expect(second).toMatchObject({ heldBy: first.id, dueAt: null, state: 'dispatched' })
    expect(refusal(() => loop.run('order.accept', second, actor('field', 'plumber'))).detail).toContain(`waits for ${first.id}`)
    loop.tick(200)
    expect(loop.now('orders', second).overdue).toBe(false)
    ;['order.accept', 'order.arrive', 'order.handle'].reduce((at, name) => loop.run(name, at, worker), loop.now('orders', first))
    expect(loop.now('orders', second)).toMatchObject({ dueAt: loop.work.now + 5 * MINUTE })
    expect(loop.now('orders', second).heldBy).toBeUndefined()
  })

  test('in order: when the earlier is rejected the later waits for who comes in its place', () => {
    const { loop, first, send } = begun()
    const second = send({ teamId: 'property', after: first.id })
    loop.run('order.reject', first, worker, { reason: '走不开' })
    const successor = [...loop.work.orders.things.values()].find(({ replaces }) => replaces === first.id)!
    expect(loop.now('orders', second)).toMatchObject({ heldBy: successor.id, dueAt: null })
  })
})

describe('from the phone', () => {
  const accepted = () => {
    const { loop, first } = begun()
    loop.tick(1)
    return { loop, order: loop.run('order.accept', first, worker) }
  }

  test('[I4] what was done without a network keeps its time, and its receipt; the next deadline runs from the receipt', () => {
    const { loop, order } = accepted()
    loop.work.now += 10 * MINUTE
    const done = loop.work.now - 4 * MINUTE
    const arrived = loop.run('order.arrive', order, worker, { doneAt: done })
    expect(arrived).toMatchObject({ arrivedAt: done, since: done, dueAt: loop.work.now + 120 * MINUTE })
    expect(arrived.steps.at(-1)).toMatchObject({ at: done, receivedAt: loop.work.now })
    expect(loop.incident().timeline.findLast(({ what }) => what === 'order.arrived')).toMatchObject({ at: done, receivedAt: loop.work.now })
  })

  test.each([
    ['in the future', 10 * MINUTE],
    ['before the step before', -20 * MINUTE],
    ['over a day ago', -25 * 60 * MINUTE],
    ['at no time', Number.NaN],
  ])('a time %s is refused by its field', (_name, by) => {
    const { loop, order } = accepted()
    const problem = refusal(() => loop.run('order.arrive', order, worker, { doneAt: loop.work.now + by }))
    expect(problem).toMatchObject({ status: 422, errors: [{ field: 'doneAt' }] })
  })

  const spotted = () =>
    teamed({
      places: testWorld()
        .places.all()
        .map((place) => (place.id === 'caihong-b01' ? { ...place, lon: 106.63, lat: 26.58 } : place)),
    })
  test.each([
    ['there', { lon: 106.6303, lat: 26.58, accuracy: 10 }, true],
    ['elsewhere', { lon: 106.64, lat: 26.58, accuracy: 10 }, false],
    ['with a fix that says nothing', { lon: 106.64, lat: 26.58, accuracy: 900 }, 'unknown'],
    ['without a fix', {}, 'unknown'],
  ])('arriving %s is checked and blocks nobody', (_name, body, result) => {
    const loop = testLoop(testWork(spotted()))
    loop.raise({ priority: 2 })
    const order = loop.run('order.accept', loop.order(), worker)
    const arrived = loop.run('order.arrive', order, worker, body)
    expect(arrived).toMatchObject({ state: 'arrived', placeChecked: result })
    expect(JSON.stringify(arrived)).not.toContain('106.6')
  })

  test('help goes to the officer and the next rung, and the clock goes on', () => {
    const { loop, order } = accepted()
    const asked = loop.run('order.help', order, worker, { text: '需要梯子' })
    expect(asked).toMatchObject({ help: { by: 'g1-day', text: '需要梯子' }, dueAt: order.dueAt, state: 'accepted' })
    expect(asked.steps.at(-1)).toMatchObject({ act: 'help', to: 'officer-a community' })
  })
})

describe('verification', () => {
  const handled = () => {
    const { loop, first } = begun()
    return { loop, order: ['order.accept', 'order.arrive', 'order.handle'].reduce((at: Order, name) => loop.run(name, at, worker), first) }
  }

  test('a call that reached nobody is on record and closes nothing; one that confirms does', () => {
    const { loop, order } = handled()
    const rung = loop.run('order.verify', order, officer, { how: 'phone', outcome: 'no-answer' })
    expect(rung).toMatchObject({ state: 'handled', dueAt: order.dueAt })
    expect(loop.run('order.verify', rung, officer, { how: 'phone' })).toMatchObject({ state: 'verified', verifiedHow: 'phone' })
  })

  test('[D3] a refusal by telephone sends whoever did the work back', () => {
    const { loop, order } = handled()
    loop.run('order.verify', order, officer, { how: 'phone', outcome: 'refused', note: '还在漏水' })
    expect(loop.order()).toMatchObject({ state: 'dispatched', assignee: 'g1-day', replaces: order.id })
    expect(loop.incident().state).toBe('open')
  })

  test('by photo there has to be one', () => {
    const { loop, order } = handled()
    expect(refusal(() => loop.run('order.verify', order, officer, { how: 'photo' }))).toMatchObject({ status: 422 })
  })

  test('[D3] with nobody else on duty it says that it waits, and when somebody comes', () => {
    const staff = tinyStaff().filter(({ id }) => ['g1-day', 'officer-a', 'head-c001'].includes(id))
    const loop = testLoop(testWork(teamed({ staff, teams: [] })))
    loop.raise({ priority: 2 })
    const order = ['order.accept', 'order.arrive', 'order.handle'].reduce((at, name) => loop.run(name, at, officer), loop.order())
    expect(order.steps.at(-1)?.act).toBe('verifier.none')
    expect(order.verifier).toBeUndefined()
    loop.tick(1)
    expect(loop.now('orders', order).steps.filter(({ act }) => act === 'verifier.none')).toHaveLength(1)
  })
})

test('the best suggestion has its reasons; who is off duty is not there, and load counts', () => {
  const matter = { kind: 'help', priority: 2 as const, placeId: 'caihong-b01-u1-101' }
  const idle = suggest(teamed(), matter, MONDAY_TEN, () => 0)
  expect(idle[0]).toMatchObject({ assignee: 'g1-day', why: [{ code: 'own-grid' }, { code: 'on-duty', shift: '早班' }] })
  expect(idle.map(({ assignee }) => assignee)).not.toContain('g1-other')
  const laden = suggest(teamed(), matter, MONDAY_TEN, (id) => (id === 'g1-day' ? 6 : 0))
  expect(laden[0]?.assignee).not.toBe('g1-day')
})
