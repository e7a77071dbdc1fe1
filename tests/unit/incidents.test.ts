import { describe, expect, test } from 'vitest'
import { INCIDENT_STATES } from '../../shared/incident.ts'
import { INCIDENT_TRANSITIONS } from '../../shared/transitions.ts'
import { testLoop } from '../support/loop.ts'
import { refusal } from '../support/refusal.ts'
import { actor } from '../support/work.ts'

const officer = actor('officer', 'officer-a')
const supervisor = actor('supervisor', 'supervisor')
const worker = actor('field', 'g1-day')
const smoke = { kind: 'hazard.smoke', latched: false, priority: 1 } as const

describe('opening', () => {
  test('[D1] priority 1 and 2 open an incident, 3 and 4 do not', () => {
    const opened = ([1, 2, 3, 4] as const).map((priority) => testLoop().raise({ kind: 'camera.intrusion', priority }).incidentId)
    expect(opened).toEqual(['incident-1', 'incident-1', undefined, undefined])
  })

  test('[A2] a welfare check opens an incident though it is no emergency', () => {
    const loop = testLoop()
    loop.raise({ kind: 'welfare-check', priority: 3 })
    expect(loop.incident()).toMatchObject({ kind: 'welfare-check', priority: 3, state: 'open', orders: ['order-1'] })
  })

  test('[D1] an alert that grows to priority 2 opens its incident then', () => {
    const loop = testLoop()
    const alert = loop.raise({ kind: 'inactivity', priority: 3 })
    expect(alert.incidentId).toBeUndefined()
    expect(loop.alter('counted', alert, { priority: 2, count: 2 }).incidentId).toBe('incident-1')
  })

  test('[A4] an alert that is suppressed asks for nobody until it comes back', () => {
    const loop = testLoop()
    const alert = loop.raise({ state: 'suppressed' })
    expect(alert.incidentId).toBeUndefined()
    expect(loop.alter('restored', alert, { state: 'active-unacknowledged' }).incidentId).toBe('incident-1')
  })

  test('the cluster head is named as first contact', () => {
    const loop = testLoop()
    loop.raise({ placeId: 'caihong-b02-u2-201' })
    expect(loop.incident().contactId).toBe('head-c002')
  })
})

describe('one place, one matter', () => {
  test.each([
    ['another kind in the same flat', {}, { ...smoke }, true],
    ['the neighbours pressing for help', {}, { placeId: 'caihong-b01-u1-102' }, false],
    ['smoke in the next unit of the building', smoke, { ...smoke, placeId: 'caihong-b01-u2-201' }, true],
    ['fire seen by the camera of the building', smoke, { kind: 'camera.fire', placeId: 'caihong-b01' }, true],
    ['smoke in the next building', smoke, { ...smoke, placeId: 'caihong-b02-u1-101' }, false],
    ['water downstairs', { kind: 'hazard.leak', placeId: 'caihong-b01-u1-201' }, { kind: 'hazard.leak' }, true],
    ['water in another unit', { kind: 'hazard.leak', placeId: 'caihong-b01-u2-201' }, { kind: 'hazard.leak' }, false],
    ['gas and smoke in different flats', smoke, { kind: 'hazard.gas', placeId: 'caihong-b01-u1-201' }, false],
    [
      'the same at the same spot',
      { kind: 'camera.crowd', placeId: 'caihong-square' },
      { kind: 'camera.crowd', placeId: 'caihong-square' },
      true,
    ],
    [
      'another kind at that spot',
      { kind: 'camera.crowd', placeId: 'caihong-square' },
      { kind: 'camera.fall', placeId: 'caihong-square' },
      false,
    ],
    ['an exercise beside the actual', {}, { ...smoke, status: 'exercise' }, false],
    ['a test beside an exercise', { status: 'exercise' }, { ...smoke, status: 'test' }, false],
  ] as const)('[A4] %s', (_name, first, second, joins) => {
    const loop = testLoop()
    loop.raise(first)
    const { incidentId } = loop.raise(second)
    expect(incidentId).toBe(joins ? 'incident-1' : 'incident-2')
    expect(loop.work.orders.things.size).toBe(joins ? 1 : 2)
  })

  test('[A4] 10,000 repeats in one batch are one line with the number, and no new version', () => {
    const loop = testLoop()
    const alert = loop.raise(smoke)
    loop.alter('counted', alert, { count: 2 })
    const { version } = loop.incident()
    loop.tell(...Array.from({ length: 10_000 }, (_, n) => loop.change('counted', alert, { count: n + 3 })))
    expect(loop.incident().timeline.filter(({ what }) => what === 'alert.counted')).toEqual([
      { at: loop.work.now, by: 'system', what: 'alert.counted', ref: alert.id, note: '×10002' },
    ])
    expect(loop.incident().version).toBe(version)
  })

  test('[A4] a flapping condition keeps one line for each way', () => {
    const loop = testLoop()
    const alert = loop.raise(smoke)
    for (let n = 0; n < 50; n++) {
      loop.alter('returned', alert, { active: false })
      loop.alter('reactivated', alert, { active: true })
    }
    const { timeline, alerts } = loop.incident()
    const flaps = timeline.filter(({ what }) => what === 'alert.returned' || what === 'alert.reactivated')
    expect(flaps.map(({ what, note }) => `${what} ${note}`)).toEqual(['alert.returned ×50', 'alert.reactivated ×50'])
    expect(alerts).toEqual([alert.id])
    expect(loop.work.orders.things.size).toBe(1)
  })

  test('[A4] a more urgent alert makes the matter and its order more urgent', () => {
    const loop = testLoop()
    loop.raise({ kind: 'hazard.leak', priority: 2 })
    const slow = loop.order()
    loop.work.now += 60_000
    loop.raise({ kind: 'help', priority: 1 })
    expect(loop.incident()).toMatchObject({ priority: 1, alerts: ['alert-1', 'alert-2'] })
    expect(loop.order()).toMatchObject({ id: slow.id, priority: 1, state: 'dispatched', dueAt: loop.work.now + 2 * 60_000 })
  })

  test('[A4] an alert that comes in when all work was said to be done sends somebody again', () => {
    const loop = testLoop()
    loop.raise(smoke)
    let order = loop.order()
    for (const name of ['order.accept', 'order.arrive', 'order.handle']) order = loop.run(name, order, worker)
    loop.raise({ kind: 'hazard.fire', latched: false })
    expect(loop.incident().orders).toEqual(['order-1', 'order-2'])
    expect(loop.incident().state).toBe('handling')
  })

  test('[A4] a repeat of what people closed stays closed; when it comes back after an end it is a new matter', () => {
    const loop = testLoop()
    const alert = loop.raise(smoke)
    loop.run('order.cancel', loop.order(), officer, { reason: '误报' })
    loop.run('incident.close', loop.incident(), officer, { reason: '油烟误报' })
    expect(loop.alter('counted', alert, { count: 2 }).incidentId).toBe('incident-1')
    loop.alter('returned', alert, { active: false })
    expect(loop.work.incidents.things.size).toBe(1)
    expect(loop.alter('reactivated', alert, { active: true }).incidentId).toBe('incident-2')
  })
})

describe('after people closed it though the condition held', () => {
  const closed = () => {
    const loop = testLoop()
    const alert = loop.raise({ ...smoke, priority: 2 })
    loop.run('order.cancel', loop.order(), officer, { reason: '误报' })
    loop.run('incident.close', loop.incident(), officer, { reason: '油烟' })
    return { loop, alert }
  }
  test.each([
    ['a repeat', 'counted', { count: 2 }, 'incident-1'],
    ['a worse repeat', 'counted', { count: 2, priority: 1 }, 'incident-2'],
    ['its return', 'returned', { active: false }, 'incident-1'],
    ['the end of shelving', 'unshelved', {}, 'incident-2'],
    ['the end of shelving, when it has gone', 'unshelved', { active: false }, 'incident-1'],
    ['an acknowledgement', 'acknowledged', {}, 'incident-1'],
  ] as const)('[A4] %s', (_name, act, patch, incidentId) => {
    const { loop, alert } = closed()
    expect(loop.alter(act, alert, patch).incidentId).toBe(incidentId)
    expect(loop.now('incidents', { id: 'incident-1' }).state).toBe('closed')
  })
})

describe('commands', () => {
  const opened = () => {
    const loop = testLoop()
    loop.raise()
    return loop
  }

  test('a note is a line and an audit row, and needs no version', () => {
    const loop = opened()
    const after = loop.run('incident.note', { ...loop.incident(), version: undefined as never }, worker, { text: '敲门无人应' })
    expect(after.timeline.at(-1)).toEqual({ at: loop.work.now, by: 'g1-day', what: 'note', note: '敲门无人应' })
    expect(loop.work.audits.at(-1)).toMatchObject({ by: 'g1-day', act: 'incident.note', subject: 'incident-1', why: '敲门无人应' })
  })

  test('closing is refused while an order is open, and says which', () => {
    const loop = opened()
    const problem = refusal(() => loop.run('incident.close', loop.incident(), officer, { reason: '已处理' }))
    expect(problem.status).toBe(409)
    expect(problem.detail).toContain('order-1 (dispatched)')
    expect(problem.current).toEqual(loop.incident())
  })

  test('[S3] a worker may not close', () => {
    const loop = opened()
    expect(refusal(() => loop.run('incident.close', loop.incident(), worker, { reason: '好了' })).status).toBe(403)
  })

  test('[D3] who did the work cannot cancel the order and close the incident', () => {
    const loop = opened()
    let order = loop.order()
    for (const name of ['order.accept', 'order.arrive', 'order.handle']) order = loop.run(name, order, officer)
    expect(refusal(() => loop.run('order.cancel', order, officer, { reason: '完成' })).status).toBe(422)
    order = loop.run('order.cancel', order, supervisor, { reason: '重复' })
    expect(refusal(() => loop.run('incident.close', loop.incident(), officer, { reason: '完成' })).detail).toContain('You did the work')
    expect(loop.run('incident.close', loop.incident(), supervisor, { reason: '完成' }).state).toBe('closed')
  })

  test.each(['incident.close', 'incident.reopen'])('%s without a reason names the field', (name) => {
    const loop = opened()
    loop.run('order.cancel', loop.order(), officer, { reason: '误报' })
    if (name === 'incident.reopen') loop.run('incident.close', loop.incident(), officer, { reason: '误报' })
    const problem = refusal(() => loop.run(name, loop.incident(), officer, { reason: ' ' }))
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'reason' }] })
  })

  test('[D2] a late click is told what stands now', () => {
    const loop = opened()
    const seen = loop.incident()
    loop.run('order.cancel', loop.order(), officer, { reason: '误报' })
    loop.run('incident.close', loop.incident(), officer, { reason: '误报' })
    const problem = refusal(() => loop.run('incident.close', seen, supervisor, { reason: '也关' }))
    expect(problem).toMatchObject({ status: 409, current: loop.incident() })
  })

  test('a reopened incident has an order again', () => {
    const loop = opened()
    loop.run('order.cancel', loop.order(), officer, { reason: '误报' })
    loop.run('incident.close', loop.incident(), officer, { reason: '误报' })
    const after = loop.run('incident.reopen', loop.incident(), supervisor, { reason: '老人又来电' })
    expect(after).toMatchObject({ state: 'open', orders: ['order-1', 'order-2'] })
    expect(after.closedAt).toBeUndefined()
    expect(loop.order()).toMatchObject({ state: 'dispatched', assignee: 'g1-day' })
  })

  test('a merger moves alerts and orders, and both records say so', () => {
    const loop = opened()
    const second = loop.raise({ placeId: 'caihong-b01-u1-102' })
    const [a, b] = [loop.now('incidents', { id: 'incident-1' }), loop.incident()]
    const accepted = loop.run('order.accept', loop.order(), worker)
    const after = loop.run('incident.merge', loop.now('incidents', b), officer, { into: a.id, reason: '同一家人' })
    expect(after).toMatchObject({ id: b.id, state: 'merged' })
    expect(loop.now('alerts', second).incidentId).toBe(a.id)
    expect(loop.now('orders', accepted).incidentId).toBe(a.id)
    const into = loop.now('incidents', a)
    expect(into).toMatchObject({ state: 'handling', alerts: ['alert-1', second.id], orders: ['order-1', accepted.id] })
    expect(into.timeline.map(({ what }) => what)).toContain('incident.took-over')
    expect(loop.run('order.arrive', loop.now('orders', accepted), worker).state).toBe('arrived')
  })

  test('a merger sends nobody again, though the work of both was done', () => {
    const loop = opened()
    loop.raise({ placeId: 'caihong-b01-u1-102' })
    for (const id of ['order-1', 'order-2']) {
      for (const name of ['order.accept', 'order.arrive', 'order.handle']) loop.run(name, loop.now('orders', { id }), worker)
    }
    loop.run('incident.merge', loop.incident(), officer, { into: 'incident-1' })
    const into = loop.now('incidents', { id: 'incident-1' })
    expect(into).toMatchObject({ state: 'awaiting-verification', orders: ['order-1', 'order-2'] })
    expect(loop.work.orders.things.size).toBe(2)
  })

  test('[X1] an exercise is not merged into what is actual', () => {
    const loop = opened()
    loop.raise({ status: 'exercise' })
    const problem = refusal(() => loop.run('incident.merge', loop.incident(), officer, { into: 'incident-1' }))
    expect(problem).toMatchObject({ status: 422, errors: [{ field: 'into' }] })
  })
})

test('[D1] every act in every state does what the table says, or is refused with the incident as it stands', () => {
  const body = { close: { reason: '好了' }, reopen: { reason: '又来' }, merge: { into: 'incident-2' } }
  for (const state of INCIDENT_STATES) {
    for (const act of ['close', 'reopen', 'merge'] as const) {
      const loop = testLoop()
      loop.raise({ kind: 'camera.crowd' })
      loop.run('order.cancel', loop.order(), officer, { reason: '误报' })
      loop.raise({ placeId: 'caihong-b03-u1-101' })
      const incident = { ...loop.now('incidents', { id: 'incident-1' }), state }
      loop.work.incidents.put(incident)
      const row = INCIDENT_TRANSITIONS[act]
      const click = () => loop.run(`incident.${act}`, incident, supervisor, body[act])
      if ((row.from as readonly string[]).includes(state)) expect(click().state).toBe(row.to)
      else expect(refusal(click)).toMatchObject({ status: 409, current: { id: 'incident-1', state } })
    }
  }
})
