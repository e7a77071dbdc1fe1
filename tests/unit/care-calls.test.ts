import { beforeEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../shared/alert.ts'
import { createCareBook } from '../../shared/care.ts'
import type { Incident } from '../../shared/incident.ts'
import { GRANNY, plan } from '../support/care.ts'
import { testLoop } from '../support/loop.ts'
import { refusal } from '../support/refusal.ts'
import { actor, testWork } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const officer = actor('officer', 'officer-a')
const supervisor = actor('supervisor', 'supervisor')
const worker = actor('field', 'g1-day')
const SILENT: Partial<Alert> = { kind: 'inactivity', priority: 2, latched: false, residentId: 'r1', placeId: GRANNY.placeId }

let loop: ReturnType<typeof testLoop>
let alert: Alert
beforeEach(() => {
  loop = testLoop(testWork(testWorld({ residents: [GRANNY], care: createCareBook(() => plan()) })))
  alert = loop.raise(SILENT)
  // nobody called in time, so somebody is on the way
  loop.tick(5)
})
const call = (outcome: string, contactId = 'self', more: object = {}, by = officer): Incident =>
  loop.run('incident.call', loop.incident(), by, { contactId, outcome, ...more })
const said = () => loop.incident().timeline.map(({ what }) => what)

describe('[D1] somebody answers and is well', () => {
  test('who has not arrived need not go, and the matter waits for another to verify it', () => {
    const after = call('ok', 'c1', { note: '在女儿家' })
    expect(after).toMatchObject({
      state: 'awaiting-verification',
      answered: { by: 'officer-a' },
      calls: [{ contactId: 'c1', outcome: 'ok' }],
    })
    expect(loop.order()).toMatchObject({ state: 'cancelled', steps: [{}, { act: 'cancelled', by: 'officer-a', why: '在女儿家' }] })
    expect(after.timeline).toContainEqual(expect.objectContaining({ what: 'call.ok', ref: 'c1', note: '在女儿家' }))
    expect(loop.run('incident.close', after, supervisor, { reason: '已核实' })).toMatchObject({ state: 'closed' })
  })

  test('[D3] who called is not who closes it', () => {
    call('ok')
    const problem = refusal(() => loop.run('incident.close', loop.incident(), officer, { reason: '好' }))
    expect(problem).toMatchObject({ status: 422, errors: [{ field: 'actor' }] })
    expect(loop.incident().state).toBe('awaiting-verification')
  })

  test('a worker who is at the door finishes, and is verified as ever', () => {
    for (const act of ['accept', 'arrive']) loop.run(`order.${act}`, loop.order(), worker)
    expect(call('ok')).toMatchObject({ state: 'handling', answered: {} })
    expect(loop.order().state).toBe('arrived')
    loop.run('order.handle', loop.order(), worker)
    loop.alter('returned', alert, { active: false, state: 'normal' })
    loop.run('order.verify', loop.order(), supervisor)
    expect(loop.incident().state).toBe('closed')
  })

  test('a further alert, or one that grows worse, sends somebody again', () => {
    call('ok')
    loop.raise({ ...SILENT, kind: 'help', priority: 1 })
    expect(loop.incident()).toMatchObject({ state: 'open', priority: 1, orders: ['order-1', 'order-2'] })
    expect(loop.incident().answered).toBeUndefined()
    call('ok')
    expect(loop.incident().state).toBe('awaiting-verification')
  })

  test('another matter that is merged in was not asked about: somebody goes', () => {
    const well = call('ok')
    const other = loop.raise({ ...SILENT, placeId: 'caihong-b02-u1-101' })
    loop.run('incident.merge', loop.work.incidents.get(other.incidentId!)!, officer, { into: well.id })
    const into = loop.work.incidents.get(well.id)!
    expect(into).toMatchObject({ state: 'open', orders: ['order-1', 'order-2'] })
    expect(into.answered).toBeUndefined()
  })

  test('grown worse alone is enough', () => {
    call('ok')
    loop.alter('counted', alert, { priority: 1 })
    expect(loop.incident()).toMatchObject({ state: 'open', priority: 1, orders: ['order-1', 'order-2'] })
    expect(loop.order()).toMatchObject({ state: 'dispatched', priority: 1 })
  })
})

describe('[D1] somebody answers and needs help', () => {
  test('the matter is as urgent as can be, and so is the order that is out', () => {
    const before = loop.order().dueAt!
    expect(call('help')).toMatchObject({ state: 'open', priority: 1, orders: ['order-1'] })
    expect(loop.order()).toMatchObject({ state: 'dispatched', priority: 1 })
    expect(loop.order().dueAt).toBeLessThan(before)
    expect(said()).toEqual(expect.arrayContaining(['call.help', 'incident.priority']))
  })

  test('somebody is sent when nobody is on the way any more', () => {
    call('ok')
    expect(call('help')).toMatchObject({ state: 'open', priority: 1, orders: ['order-1', 'order-2'], answered: undefined })
    expect(loop.order()).toMatchObject({ state: 'dispatched', assignee: 'g1-day', priority: 1 })
  })
})

describe('[D1] nobody answers', () => {
  test('the next contact is called; after the last one the worker on the way is told', () => {
    call('no-answer', 'self')
    call('no-answer', 'c1')
    expect(said()).not.toContain('call.unanswered')
    call('no-answer', 'c2')
    expect(said()).toContain('call.unanswered')
    expect(loop.order().steps.at(-1)).toMatchObject({ act: 'call.unanswered', to: 'g1-day' })
    expect(loop.incident()).toMatchObject({ state: 'open', orders: ['order-1'] })
  })

  test('with nobody on the way, the grid worker gets an order at once', () => {
    loop.run('order.cancel', loop.order(), officer, { reason: '先电话' })
    call('no-answer', 'self')
    call('no-answer', 'c1')
    expect(loop.incident().orders).toHaveLength(1)
    expect(call('no-answer', 'c2')).toMatchObject({ state: 'open', orders: ['order-1', 'order-2'] })
    expect(loop.order()).toMatchObject({ state: 'dispatched', assignee: 'g1-day', kind: 'inactivity' })
  })
})

describe('[D2] a call is refused', () => {
  test.each([
    ['contactId', { contactId: 'stranger', outcome: 'ok' }, 422],
    ['contactId', { outcome: 'ok' }, 400],
    ['outcome', { contactId: 'self', outcome: 'busy' }, 422],
    ['outcome', { contactId: 'self' }, 400],
  ])('for its %s', (field, body, status) => {
    expect(refusal(() => loop.run('incident.call', loop.incident(), officer, body))).toMatchObject({ status, errors: [{ field }] })
  })

  test('when the matter has changed since, by a field worker, and once it is closed', () => {
    const seen = loop.incident()
    call('no-answer')
    expect(refusal(() => loop.run('incident.call', seen, officer, { contactId: 'self', outcome: 'ok' }))).toMatchObject({ status: 409 })
    expect(refusal(() => call('ok', 'self', {}, worker))).toMatchObject({ status: 403 })
    call('ok')
    loop.run('incident.close', loop.incident(), supervisor, { reason: '已核实' })
    expect(refusal(() => call('ok'))).toMatchObject({ status: 409, possible: ['reopen'] })
  })
})

test('[S2] a call is in the audit by the id of the contact alone', () => {
  call('no-answer', 'c1', { note: '占线' })
  expect(loop.work.audits.at(-1)).toEqual({
    ...{ by: 'officer-a', act: 'incident.call', subject: 'incident-1', why: '占线' },
    detail: { contactId: 'c1', outcome: 'no-answer', state: 'open' },
  })
})
