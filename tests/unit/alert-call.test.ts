import { expect, test } from 'vitest'
import { alertCommands } from '../../server/analysis/alert-commands.ts'
import { createCareBook } from '../../shared/care.ts'
import { GRANNY, plan } from '../support/care.ts'
import { testLoop } from '../support/loop.ts'
import { refusal } from '../support/refusal.ts'
import { actor, command, testWork } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const officer = actor('officer', 'officer-a')

function calling(priority: 2 | 3 = 3) {
  const loop = testLoop(testWork(testWorld({ residents: [GRANNY], care: createCareBook(() => plan()) })))
  const raised = loop.raise({ kind: 'child-alone', priority, latched: false, residentId: 'r1' })
  const now = () => loop.now('alerts', raised)
  const call = (outcome: string, contactId = 'self', by = officer) => {
    loop.tell(alertCommands['alert.call'](loop.work, command('alert.call', now(), by, { outcome, contactId, note: '电话' })))
    return now()
  }
  return { loop, now, call }
}

test('[D1] well: the alert is acknowledged by its table, and nobody goes', () => {
  const { loop, call } = calling()
  expect(call('ok', 'c1')).toMatchObject({ state: 'active-acknowledged', acknowledgedBy: 'officer-a', priority: 3 })
  expect(loop.work.orders.things.size).toBe(0)
  expect(loop.work.audits.at(-1)).toMatchObject({ act: 'alert.call', why: '电话', detail: { contactId: 'c1', outcome: 'ok' } })
})

test('[D1] help: an incident of priority 1 and an order, whatever the sensor said since', () => {
  const { loop, call, now } = calling()
  loop.alter('returned', now(), { active: false, state: 'returned-unacknowledged' })
  expect(call('help')).toMatchObject({ state: 'active-unacknowledged', priority: 1, latched: true, incidentId: 'incident-1' })
  expect(loop.order()).toMatchObject({ state: 'dispatched', priority: 1, assignee: 'g1-day' })
})

test('[D1] nobody answers: only after the last contact does the grid worker go', () => {
  const { loop, call } = calling()
  call('no-answer', 'self')
  call('no-answer', 'c1')
  expect(loop.work.orders.things.size).toBe(0)
  expect(call('no-answer', 'c2')).toMatchObject({ state: 'active-unacknowledged', priority: 2, incidentId: 'incident-1' })
  expect(loop.order()).toMatchObject({ state: 'dispatched', priority: 2, assignee: 'g1-day' })
})

test('[D2] a call that does not fit is refused', () => {
  const { call } = calling()
  expect(refusal(() => call('ok', 'stranger'))).toMatchObject({ status: 422, errors: [{ field: 'contactId' }] })
  expect(refusal(() => call('maybe'))).toMatchObject({ status: 422, errors: [{ field: 'outcome' }] })
  expect(refusal(() => call('ok', 'self', actor('field', 'g1-day')))).toMatchObject({ status: 403 })
  expect(refusal(() => calling(2).call('ok'))).toMatchObject({ status: 409, incidentId: 'incident-1' })
})
