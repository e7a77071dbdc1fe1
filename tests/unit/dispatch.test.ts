import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findOwner } from '../../server/dispatch/ladder.ts'
import { DESK } from '../../shared/incident.ts'
import { ORDER_STATES, type Order, type OrderState } from '../../shared/order.ts'
import { INCIDENT_TRANSITIONS, ORDER_TRANSITIONS, type OrderAct, orderAfter } from '../../shared/transitions.ts'
import { testLoop } from '../support/loop.ts'
import { refusal } from '../support/refusal.ts'
import { actor, MONDAY_TEN, testWork } from '../support/work.ts'
import { testWorld, tinyStaff, tinyTeamStaff, tinyTeams } from '../support/world.ts'

const MINUTE = 60_000
const worker = actor('field', 'g1-day')
const otherWorker = actor('field', 'g1-other')
const officer = actor('officer', 'officer-a')
const supervisor = actor('supervisor', 'supervisor')
const night = Date.parse('2026-03-02T23:30:00+08:00')

const dispatched = (patch = {}, loop = testLoop()) => {
  loop.raise(patch)
  return { loop, order: loop.order() }
}
const handled = () => {
  const { loop, order } = dispatched()
  const done = ['order.accept', 'order.arrive', 'order.handle'].reduce((at: Order, name) => loop.run(name, at, worker), order)
  return { loop, order: done }
}

describe('who gets it', () => {
  test('[D1] the grid worker on duty for the place, with the cluster head as first contact', () => {
    const { order } = dispatched()
    expect(order).toMatchObject({ assignee: 'g1-day', contactId: 'head-c001', state: 'dispatched', next: 'accept', version: 1 })
    expect(dispatched({ placeId: 'caihong-b03-u1-101' }).order).toMatchObject({ assignee: 'g2-day', contactId: 'head-c003' })
  })

  test('[D1] with no grid worker on duty the building head, then the community, then further up', () => {
    const at = testWork(testWorld(), night)
    expect(dispatched({}, testLoop(at)).order.assignee).toBe('b01-head')
    const order = dispatched({ placeId: 'caihong-b02-u1-101' }, testLoop(testWork(testWorld(), night))).order
    expect(order.assignee).toBe('officer-b')
  })

  test('[D1] the fault of a device goes to the engineer', () => {
    expect(dispatched({ kind: 'feed-silent', priority: 2, placeId: 'caihong' }).order.assignee).toBe('engineer')
  })

  test.each(tinyStaff().map((_, n) => n))('[D1] no order is without an owner, with only the first %i of the staff', (n) => {
    const world = testWorld({ staff: tinyStaff().slice(0, n) })
    for (const placeId of ['caihong-b01-u1-101', 'caihong-square', 'caihong']) {
      for (const hour of [0, 6, 12, 18]) {
        const owner = findOwner(world, 'help', placeId, MONDAY_TEN + hour * 60 * MINUTE)
        expect(n === 0 ? owner.staffId === DESK : owner.staffId.length > 0).toBe(true)
      }
    }
  })

  test('[D1] priority 1 tells all rungs at once, priority 2 only its owner', () => {
    const told = (order: Order) => order.steps.filter(({ act }) => act === 'told')
    const [step] = told(dispatched().order)
    expect(step).toMatchObject({
      to: 'head-c001 g1-day community party supervisor admin',
      why: '联户长、网格员与楼栋长、社区工作人员、社区党支部、街道党工委、区',
    })
    expect(told(dispatched({ priority: 2 }).order)).toEqual([])
  })

  test('[A4] two alerts of one place in one batch send one person, at the greater urgency', () => {
    const loop = testLoop()
    loop.tell(loop.change('raised', undefined, { kind: 'inactivity', priority: 2 }), loop.change('raised', undefined, { priority: 1 }))
    expect([...loop.work.orders.things.values()]).toMatchObject([{ id: 'order-1', priority: 1, dueAt: loop.work.now + 2 * MINUTE }])
    expect(loop.incident()).toMatchObject({ alerts: ['alert-1', 'alert-2'], orders: ['order-1'], priority: 1 })
  })

  test('[X1] the order of an exercise is an exercise', () => {
    expect(dispatched({ status: 'exercise' }).order.status).toBe('exercise')
  })

  test.each(['exercise', 'test'] as const)('[X1] of %s no rung is told, not even by priority 1', (status) => {
    const told = ({ steps }: Order) => steps.filter(({ act }) => act === 'told')
    const { loop, order } = dispatched({ priority: 1, status })
    expect(told(order)).toEqual([])
    loop.tick(30)
    const { overdue, steps } = loop.now('orders', order)
    expect([overdue, steps.at(-1)?.act, steps.at(-1)?.to]).toEqual([true, 'deadline.missed', undefined])
  })
})

describe('the table', () => {
  const bodies: Partial<Record<OrderAct, Record<string, unknown>>> = {
    reject: { reason: '不在本网格' },
    pause: { reason: '等消防', until: MONDAY_TEN + 90 * MINUTE },
    transfer: { assignee: 'b01-head', reason: '换班' },
    cancel: { reason: '重复' },
    pass: { pool: 'party', reason: '请党员接单' },
    note: { text: '已联系物业' },
    check: { index: 0, done: true },
    help: { text: '需要梯子' },
    ring: { how: 'phone', outcome: 'no-answer' },
  }
  const commands: Partial<Record<OrderAct, string>> = { pass: 'transfer', ring: 'verify' }
  const world = () => testWorld({ staff: [...tinyStaff(), ...tinyTeamStaff()], teams: tinyTeams() })
  const acts = Object.keys(ORDER_TRANSITIONS) as OrderAct[]
  const cases = ORDER_STATES.flatMap((state) => acts.map((act) => [act, state] as const))
  const next = { dispatched: 'accept', accepted: 'arrive', arrived: 'handle', handled: 'verify', paused: 'arrive' } as const
  const inState = (state: OrderState, act: OrderAct) => {
    const { loop, order } = dispatched({}, testLoop(testWork(world())))
    const placed: Order = {
      ...order,
      checklist: [{ text: '关阀', done: false }],
      ...(act === 'claim' && { pool: 'party' }),
      state,
      next: next[state as keyof typeof next] ?? null,
      remaining: state === 'paused' ? MINUTE : undefined,
    }
    loop.work.orders.put(placed)
    return { loop, order: placed }
  }

  test.each(cases)('[D1] %s when %s', (act, state) => {
    const { loop, order } = inState(state, act)
    const before = loop.work.orders.get(order.id)
    const by = act === 'claim' ? actor('field', 'member-a') : supervisor
    const click = () => loop.run(`order.${commands[act] ?? act}`, order, by, { ...bodies[act] })
    const to = orderAfter(act, order)
    if (to) return expect(click()).toMatchObject({ state: to, version: order.version + 1 })
    const problem = refusal(click)
    expect(problem).toMatchObject({ status: 409, current: before })
    expect(problem.detail).toContain(`${order.id} is ${state}`)
    expect(loop.work.orders.get(order.id)).toBe(before)
  })

  test('[D1] what the table says, written out', () => {
    const lines = acts.map((act) => `${act}: ${ORDER_TRANSITIONS[act].from.join(' ')} → ${ORDER_TRANSITIONS[act].to}`)
    expect(lines).toEqual([
      'accept: dispatched → accepted',
      'claim: dispatched → accepted',
      'arrive: accepted → arrived',
      'handle: arrived → handled',
      'verify: handled → verified',
      'reject: dispatched accepted arrived handled → rejected',
      'pause: dispatched accepted arrived → paused',
      'resume: paused → step',
      'transfer: dispatched accepted arrived paused → same',
      'pass: dispatched accepted arrived paused → dispatched',
      'help: dispatched accepted arrived paused → same',
      'check: accepted arrived → same',
      'note: dispatched accepted arrived paused handled → same',
      'ring: handled → same',
      'cancel: dispatched accepted arrived paused handled → cancelled',
    ])
  })

  test('[D1] docs/incidents.md says the same', () => {
    const rows = readFileSync(join(import.meta.dirname, '../../docs/incidents.md'), 'utf8').split('\n')
    for (const [act, { from }] of [...Object.entries(ORDER_TRANSITIONS), ...Object.entries(INCIDENT_TRANSITIONS)]) {
      expect(rows.some((row) => row.startsWith(`| ${act} `) && row.includes(`| ${from.join(', ')} |`))).toBe(true)
    }
  })

  test.each(['reject', 'pause', 'transfer', 'cancel'] as const)('%s without its reason names the field', (act) => {
    const { loop, order } = dispatched()
    const problem = refusal(() => loop.run(`order.${act}`, order, officer, { ...bodies[act], reason: '' }))
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'reason' }] })
  })
})

describe('the clock of each step', () => {
  test('[D1] every step has its deadline, which runs from the step before', () => {
    const { loop, order } = dispatched()
    const dues = ['accept', 'arrive', 'handle', 'verify'].map((act, n) => {
      const at = loop.now('orders', order)
      const left = at.dueAt! - loop.work.now
      loop.work.now += MINUTE
      const after = loop.run(`order.${act}`, at, n === 3 ? officer : worker)
      expect(after.since).toBe(loop.work.now)
      return [at.next, left / MINUTE]
    })
    expect(dues).toEqual([
      ['accept', 2],
      ['arrive', 10],
      ['handle', 60],
      ['verify', 120],
    ])
    expect(loop.now('orders', order)).toMatchObject({ state: 'verified', dueAt: null, next: null })
  })

  test('[D1] a place may have a deadline of its own', () => {
    const world = testWorld({ thresholds: { 'deadline.p1.accept@caihong-b01-u1-101': 7 } })
    const { order, loop } = dispatched({}, testLoop(testWork(world)))
    expect(order.dueAt).toBe(loop.work.now + 7 * MINUTE)
  })

  test('[I4] the deadline of a late alert runs from its receipt', () => {
    const { order, loop } = dispatched({ raisedAt: MONDAY_TEN - 5 * 60 * MINUTE, late: true })
    expect(order.dueAt).toBe(loop.work.now + 2 * MINUTE)
  })

  test('[D1] a missed deadline is said once, tells the next rung, and the next step starts afresh', () => {
    const { loop, order } = dispatched({ priority: 2 })
    expect(loop.tick(4)).toEqual([])
    expect(loop.tick(1)).toHaveLength(1)
    expect(loop.tick(1)).toEqual([])
    const late = loop.now('orders', order)
    expect(late).toMatchObject({ overdue: true, state: 'dispatched', version: order.version })
    expect(late.steps.at(-1)).toMatchObject({
      act: 'deadline.missed',
      by: 'system',
      from: 'accept',
      to: 'g1-day community',
      why: '社区工作人员',
    })
    expect(loop.incident().timeline.at(-1)).toMatchObject({
      what: 'deadline.missed',
      ref: order.id,
      to: 'g1-day community',
      note: '社区工作人员',
    })
    expect(loop.run('order.accept', order, worker)).toMatchObject({ overdue: false, dueAt: loop.work.now + 20 * MINUTE })
  })

  test('a pause keeps what was left of the clock and ends by itself', () => {
    const { loop, order } = dispatched()
    loop.tick(1)
    const paused = loop.run('order.pause', order, worker, { reason: '等电梯', until: new Date(loop.work.now + 30 * MINUTE).toISOString() })
    expect(paused).toMatchObject({ state: 'paused', dueAt: null, remaining: MINUTE })
    expect(loop.tick(29)).toEqual([])
    const end = loop.work.now + MINUTE
    loop.tick(1)
    expect(loop.now('orders', order)).toMatchObject({ state: 'dispatched', next: 'accept', dueAt: end + MINUTE, overdue: false })
    expect(loop.now('orders', order).remaining).toBeUndefined()
  })

  test('a pause without an end of its own ends after half an hour', () => {
    const { loop, order } = dispatched()
    const paused = loop.run('order.pause', order, worker, { reason: '等电梯' })
    expect(paused).toMatchObject({ state: 'paused', pausedUntil: loop.work.now + 30 * MINUTE })
    loop.tick(31)
    expect(loop.now('orders', order).state).toBe('dispatched')
  })

  test('a pause that ended while nobody ticked has its missed deadline at once', () => {
    const { loop, order } = dispatched()
    loop.run('order.pause', order, worker, { reason: '等电梯', until: loop.work.now + 30 * MINUTE })
    loop.tick(45)
    expect(loop.now('orders', order)).toMatchObject({ state: 'dispatched', overdue: true })
    expect(
      loop
        .now('orders', order)
        .steps.map(({ act }) => act)
        .slice(-4),
    ).toEqual(['resumed', 'deadline.missed', 'escalated', 'escalated'])
  })

  test.each([
    ['that ends now', MONDAY_TEN],
    ['of a year', MONDAY_TEN + 365 * 1440 * MINUTE],
    ['until no time at all', 'soon'],
    ['until infinity', Number.POSITIVE_INFINITY],
  ])('a pause %s is refused', (_name, until) => {
    const { loop, order } = dispatched()
    const problem = refusal(() => loop.run('order.pause', order, worker, { reason: '等', until }))
    expect(problem).toMatchObject({ status: 422, errors: [{ field: 'until' }] })
  })

  test('an overdue order that is paused and resumed is overdue still', () => {
    const { loop, order } = dispatched()
    loop.tick(5)
    const paused = loop.run('order.pause', loop.now('orders', order), worker, { reason: '等电梯', until: loop.work.now + MINUTE })
    expect(loop.run('order.resume', paused, worker)).toMatchObject({ overdue: true, dueAt: order.dueAt })
  })
})

describe('hands', () => {
  test('[D2] the second of two clicks gets the order as it now stands', () => {
    const { loop, order } = dispatched()
    loop.run('order.accept', order, officer)
    const problem = refusal(() => loop.run('order.accept', order, supervisor))
    expect(problem).toMatchObject({ status: 409, current: { id: order.id, state: 'accepted', version: 2 } })
    expect(problem.detail).toContain('accepted by officer-a')
  })

  test('[D2] a command without a version is told to give it', () => {
    const { loop, order } = dispatched()
    const problem = refusal(() => loop.run('order.accept', { ...order, version: undefined as never }, worker))
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'version' }] })
  })

  test.each([
    ['who handled it', worker, 422],
    ['another worker', otherWorker, 0],
    ['an officer', officer, 0],
  ] as const)('[D3] verification by %s', (_name, by, status) => {
    const { loop, order } = handled()
    const verify = () => loop.run('order.verify', order, by)
    if (status) return expect(refusal(verify)).toMatchObject({ status })
    expect(verify()).toMatchObject({ state: 'verified', verifiedAt: loop.work.now, handledBy: 'g1-day' })
  })

  test('[D3] an officer who finished the order himself, and the worker he did it for, both may not verify', () => {
    const { loop, order } = dispatched()
    const done = ['order.accept', 'order.arrive', 'order.handle'].reduce((at: Order, name) => loop.run(name, at, officer), order)
    expect(refusal(() => loop.run('order.verify', done, officer)).status).toBe(422)
    expect(refusal(() => loop.run('order.verify', done, worker)).status).toBe(422)
    expect(loop.run('order.verify', done, supervisor).state).toBe('verified')
  })

  test('[S3] a worker acts on the own orders alone; a demo worker without a staff record on all of the scope', () => {
    const { loop, order } = dispatched()
    expect(refusal(() => loop.run('order.accept', order, otherWorker))).toMatchObject({ status: 403 })
    expect(loop.run('order.accept', order, actor('field')).state).toBe('accepted')
  })

  test('[S3] a worker may not cancel', () => {
    const { loop, order } = dispatched()
    expect(refusal(() => loop.run('order.cancel', order, worker, { reason: '没空' })).status).toBe(403)
  })

  test('[D1] a rejected order is followed at once by one for the next person', () => {
    const { loop, order } = dispatched()
    const first = loop.run('order.reject', order, worker, { reason: '我在外地' })
    expect(first.state).toBe('rejected')
    const second = loop.order()
    expect(second).toMatchObject({ state: 'dispatched', assignee: 'b01-head', incidentId: order.incidentId })
    loop.run('order.reject', second, actor('field', 'b01-head'), { reason: '腿脚不便' })
    expect(loop.order().assignee).toBe('community')
    expect(loop.incident()).toMatchObject({ state: 'open', orders: ['order-1', 'order-2', 'order-3'] })
  })

  test('[D3] a verifier who is not content sends the worker back', () => {
    const { loop, order } = handled()
    expect(refusal(() => loop.run('order.reject', order, worker, { reason: '再来' })).status).toBe(422)
    loop.run('order.reject', order, officer, { reason: '烟感未复位' })
    expect(loop.order()).toMatchObject({ id: 'order-2', state: 'dispatched', assignee: 'g1-day' })
    expect(loop.incident().state).toBe('open')
  })

  test('a handover keeps step and clock', () => {
    const { loop, order } = dispatched()
    const accepted = loop.run('order.accept', order, worker)
    loop.tick(3)
    const after = loop.run('order.transfer', accepted, worker, { assignee: 'g1-other', reason: '换班' })
    expect(after).toMatchObject({ state: 'accepted', assignee: 'g1-other', dueAt: accepted.dueAt, version: accepted.version + 1 })
    expect(refusal(() => loop.run('order.arrive', after, worker)).status).toBe(403)
    expect(loop.run('order.arrive', after, otherWorker).state).toBe('arrived')
  })

  test('a handover to nobody known is refused by its field', () => {
    const { loop, order } = dispatched()
    const problem = refusal(() => loop.run('order.transfer', order, worker, { assignee: 'nobody', reason: '换班' }))
    expect(problem).toMatchObject({ status: 422, errors: [{ field: 'assignee' }] })
  })

  test('an officer sends a second person to the same incident', () => {
    const { loop } = dispatched()
    const order = loop.run('incident.dispatch', loop.incident(), officer, { assignee: 'b01-head', reason: '带钥匙' })
    expect(order).toMatchObject({ id: 'order-2', assignee: 'b01-head' })
    expect(loop.incident().orders).toEqual(['order-1', 'order-2'])
  })

  test('[S2] every command leaves its audit row', () => {
    const { loop, order } = dispatched()
    const accepted = loop.run('order.accept', order, worker)
    loop.run('order.transfer', accepted, officer, { assignee: 'g1-other', reason: '换班' })
    expect(loop.work.audits).toMatchObject([
      { by: 'g1-day', act: 'order.accept', subject: 'order-1' },
      { by: 'officer-a', act: 'order.transfer', subject: 'order-1', why: '换班' },
    ])
  })
})
