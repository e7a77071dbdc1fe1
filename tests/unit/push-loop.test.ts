import { expect, test } from 'vitest'
import { createDayCounts } from '../../server/push/day-counts.ts'
import { diffStates } from '../../shared/patch.ts'
import type { Report } from '../../shared/report.ts'
import { someIncident, someOrder, testCenter } from '../support/push.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld, tinyStaff, tinyTeamStaff, tinyTeams } from '../support/world.ts'

const DAY = 86_400_000
const report = (id: string, more: Partial<Report> = {}): Report => ({
  ...{ id, no: '1', channel: 'hotline', kind: 'leak', status: 'actual', text: '', placeId: 'caihong-b01', reporter: { kind: 'caller' } },
  ...{ photos: [], at: MONDAY_TEN, receivedAt: MONDAY_TEN, steps: [], version: 1 },
  ...more,
})
const counts = () => {
  const day = createDayCounts(() => 480)
  day.turn(MONDAY_TEN)
  return day
}

test("[X1] today's loop counts each thing once, as it now is, and no exercise", () => {
  const day = counts()
  day.report('report-1', report('report-1'))
  day.report('report-1', report('report-1', { rating: { stars: 5, at: MONDAY_TEN } }))
  day.report('report-2', report('report-2', { channel: 'resident', rating: { stars: 4, at: MONDAY_TEN } }))
  day.report('report-3', report('report-3', { withdrawnAt: MONDAY_TEN }))
  day.report('report-4', report('report-4', { status: 'exercise', rating: { stars: 1, at: MONDAY_TEN } }))
  day.report('report-5', report('report-5', { receivedAt: MONDAY_TEN - DAY }))
  const reopened = { at: MONDAY_TEN, by: 'x', what: 'incident.reopened' }
  day.incident(
    'incident-1',
    someIncident('incident-1', { state: 'closed', closedAt: MONDAY_TEN, timeline: [reopened, { ...reopened, at: 0 }] }),
  )
  day.incident('incident-2', someIncident('incident-2', { state: 'closed', closedAt: MONDAY_TEN, drilled: true, timeline: [reopened] }))
  day.order('order-1', someOrder('order-1', { state: 'rejected', handledAt: MONDAY_TEN }))
  day.order('order-2', someOrder('order-2', { state: 'rejected' }))
  expect(day.loop()).toEqual({
    reports: [
      { channel: 'hotline', count: 1 },
      { channel: 'resident', count: 1 },
    ],
    ...{ closed: 1, onTimePercent: null, reopened: 1, refused: 1, ratings: 2, rating: 4.5 },
  })
  day.turn(MONDAY_TEN + DAY)
  expect(day.loop()).toMatchObject({ reports: [], closed: 0, reopened: 0, refused: 0, ratings: 0, rating: null })
})

const world = () => testWorld({ staff: [...tinyStaff(), ...tinyTeamStaff()], teams: tinyTeams() })

test('[D1] an order shows its pool, its ladder step and what it waits for, and the totals count them', () => {
  const center = testCenter(world())
  center.commit(true)
  const rung = { level: 4, of: 6, name: '社区党支部' }
  center.put('orders', someOrder('order-1', { pool: 'party' }))
  center.put('orders', someOrder('order-2', { teamId: 'property', rung, overdue: true }))
  center.put('orders', someOrder('order-3', { teamId: 'property', heldBy: 'order-2', dueAt: null }))
  center.put('orders', someOrder('order-4', { state: 'paused', pausedUntil: MONDAY_TEN + DAY, dueAt: null }))
  center.put('orders', someOrder('order-5', { status: 'exercise', pool: 'party', rung }))
  center.commit()
  const { orders, orderTotals } = center.engine.state()
  const of = (id: string) => orders.find((order) => order.id === id)
  expect(of('order-1')).toMatchObject({ pool: true, team: '试party' })
  expect(of('order-2')).toMatchObject({ team: '试property', rung })
  expect(of('order-2')?.pool).toBeUndefined()
  expect(of('order-3')).toMatchObject({ held: true })
  expect(of('order-4')).toMatchObject({ pausedUntil: MONDAY_TEN + DAY })
  expect(orderTotals).toMatchObject({ pooled: 1, held: 1, escalated: 1, paused: 1, overdue: 1 })
})

test('[P1] a reported matter is named by its register and waits for triage; a patch holds what changed and no more', () => {
  const center = testCenter(world())
  center.commit(true)
  center.put('incidents', someIncident('incident-1', { kind: 'report.street-light', priority: 4, triageBy: MONDAY_TEN + DAY }))
  center.put('incidents', someIncident('incident-2', { callBy: MONDAY_TEN + DAY }))
  center.commit()
  const before = center.engine.state()
  expect(before.incidents.find(({ id }) => id === 'incident-1')).toMatchObject({ name: '路灯不亮', triageBy: MONDAY_TEN + DAY })
  expect(before.incidentTotals).toMatchObject({ open: 2, triage: 1, triageLate: 0, call: 1 })
  center.put('incidents', { ...center.work.incidents.get('incident-1')!, triageLate: true, version: 2 })
  const ops = center.commit()
  expect(ops.map((op) => (op.op === 'set' ? op.field : op.list)).sort()).toEqual(['incidentTotals', 'incidents'])
  expect(diffStates(before, center.engine.state()).length).toBe(2)
  expect(JSON.stringify(ops)).not.toMatch(/试/)
})
