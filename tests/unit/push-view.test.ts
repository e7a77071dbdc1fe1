import { expect, test } from 'vitest'
import { createPublicView } from '../../server/push/view.ts'
import { diffStates, emptyState } from '../../shared/patch.ts'
import type { Resident } from '../../shared/person.ts'
import type { CareView } from '../../shared/wall.ts'
import { busyCommunity, MODE, someAlert, someIncident, someOrder, testCenter } from '../support/push.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const HOME = 'caihong-b01-u1-101'
const alone: Resident = {
  ...{ id: 'r1', placeId: HOME, name: '郑伯安', sex: 'm', birthDate: '1944-03-03', relation: 'head', categories: ['living-alone'] },
}
const care = (more: Partial<CareView> = {}): CareView => ({
  ...{ id: 'care-r1', residentId: 'r1', placeId: HOME, clusterId: 'caihong-c001', place: '1栋 1单元 101' },
  ...{ presence: 'home', state: 'usual', silentSince: null, usual: [1], today: [1] },
  ...more,
})
const cluster = (center: ReturnType<typeof testCenter>, id = 'caihong-c001') =>
  center.engine.state().clusters.find((each) => each.id === id)

test('[P1] an alert is there at once, with its place, grid and cluster', () => {
  const center = testCenter(testWorld({ residents: [alone] }))
  center.commit(true)
  center.put('alerts', someAlert('alert-1', { residentId: 'r1' }))
  center.commit()
  expect(center.engine.state().alerts).toMatchObject([
    {
      id: 'alert-1',
      place: '1栋 1单元 101',
      buildingId: 'caihong-b01',
      clusterId: 'caihong-c001',
      gridId: 'caihong-g1',
      livingAlone: true,
    },
  ])
  expect(cluster(center)).toMatchObject({ state: 'alert', alerts: 1, priority: 1 })
  expect(center.engine.state().grids[0]).toMatchObject({ id: 'caihong-g1', urgent: 1, workerId: 'g1-day', onDuty: true })
  expect(center.engine.state().alertTotals).toMatchObject({ open: 1, unacknowledged: 1, byPriority: { 1: 1 } })
})

test('[P1] an alert leaves the list when it is back to normal', () => {
  const center = testCenter(testWorld())
  center.put('alerts', someAlert('alert-1'))
  center.commit()
  center.put('alerts', someAlert('alert-1', { state: 'normal' }))
  expect(center.commit()).toContainEqual({ op: 'drop', list: 'alerts', id: 'alert-1' })
  expect(cluster(center)?.state).toBe('calm')
})

test('[P1] an alert shows the order of its incident, and changes with it', () => {
  const center = testCenter(testWorld())
  center.put('alerts', someAlert('alert-1', { incidentId: 'incident-1' }))
  center.put('incidents', someIncident('incident-1', { alerts: ['alert-1'], orders: ['order-1'] }))
  center.put('orders', someOrder('order-1'))
  center.commit()
  expect(center.engine.state().alerts[0]).toMatchObject({ orderId: 'order-1', orderState: 'dispatched', assignee: 'g1-day' })
  center.put('orders', someOrder('order-1', { state: 'accepted', assignee: 'head-c001' }))
  center.commit()
  expect(center.engine.state().alerts[0]).toMatchObject({ orderState: 'accepted', assignee: 'head-c001' })
})

test('[P1] slow numbers wait for the full update; nothing changed says nothing', () => {
  let signals = 0
  const figures = () => ({ ...emptyState().figures, perMinute: signals })
  const center = testCenter(testWorld(), { figures })
  center.commit(true)
  signals = 5
  expect(center.commit()).toEqual([])
  expect(center.commit(true)).toEqual([{ op: 'set', field: 'figures', value: { ...emptyState().figures, perMinute: 5 } }])
  expect(center.commit(true)).toEqual([])
})

test('[A2] a home that is not heard makes its cluster blind, not calm; an alert weighs more, a silent device alone does not', () => {
  let home = care()
  const center = testCenter(testWorld(), { care: () => [home] })
  center.commit(true)
  expect(cluster(center)?.state).toBe('calm')
  home = care({ state: 'blind' })
  center.put('alerts', someAlert('alert-1', { kind: 'device-silent', priority: 4 }))
  center.commit(true)
  expect(cluster(center)?.state).toBe('blind')
  expect(center.engine.state().alertTotals.blind).toBe(1)
  center.put('alerts', someAlert('alert-2', { kind: 'inactivity', priority: 3 }))
  center.commit()
  expect(cluster(center)?.state).toBe('attention')
})

test('[X1] an exercise is shown and counts in no figure', () => {
  const center = testCenter(testWorld())
  center.put('alerts', someAlert('alert-1', { status: 'exercise' }))
  center.put('orders', someOrder('order-1', { status: 'exercise' }))
  center.commit(true)
  const state = center.engine.state()
  expect(state.alerts[0]).toMatchObject({ id: 'alert-1', status: 'exercise' })
  expect([state.alertTotals.open, state.orderTotals.dispatched, state.orderTotals.today]).toEqual([0, 0, 0])
  expect(cluster(center)?.state).toBe('calm')
})

test('[P3] lists are windows of 200, totals count everything', () => {
  const center = testCenter(testWorld())
  for (let i = 0; i < 450; i++) center.put('alerts', someAlert(`alert-${i}`, { raisedAt: i, priority: i === 3 ? 1 : 2 }))
  center.commit()
  const { alerts, alertTotals } = center.engine.state()
  expect([alerts.length, alerts[0]?.id, alertTotals.open]).toEqual([200, 'alert-3', 450])
  center.put('alerts', someAlert('alert-3', { state: 'normal' }))
  center.commit()
  expect(center.engine.state().alerts.at(-1)?.id).toBe('alert-250')
})

test('[P1] today counts each thing once and begins anew at local midnight', () => {
  const center = testCenter(testWorld())
  const verified = { state: 'verified', verifiedAt: MONDAY_TEN } as const
  center.put('orders', someOrder('order-1', verified))
  center.put('orders', someOrder('order-2', { ...verified, steps: [{ at: 0, act: 'deadline.missed', by: 'system' }] }))
  center.put('incidents', someIncident('incident-1', { state: 'closed', closedAt: MONDAY_TEN }))
  center.commit(true)
  center.put('orders', someOrder('order-1', verified))
  center.commit()
  expect(center.engine.state().orderTotals).toMatchObject({ today: 2, verifiedToday: 2, onTimePercent: 50 })
  expect(center.engine.state().incidentTotals).toMatchObject({ open: 0, today: 1, closedToday: 1 })
  center.work.now = Date.parse('2026-03-03T00:00:01+08:00')
  center.commit(true)
  expect(center.engine.state().orderTotals).toMatchObject({ today: 0, verifiedToday: 0, onTimePercent: null })
})

test('[A3] a commit that failed leaves the view as it was', () => {
  const center = testCenter(testWorld())
  center.put('alerts', someAlert('alert-1'))
  center.commit(true)
  const before = center.view.state()
  center.put('alerts', someAlert('alert-1', { priority: 2 }))
  center.put('alerts', someAlert('alert-2', { raisedAt: 1 }))
  center.fail(() => {
    center.work.alerts.things.delete('alert-2')
    center.work.alerts.put(someAlert('alert-1'))
  })
  expect(center.view.state()).toBe(before)
  center.put('alerts', someAlert('alert-3', { raisedAt: 2 }))
  center.commit()
  expect(center.engine.state().alerts.map(({ id }) => id)).toEqual(['alert-1', 'alert-3'])
  expect(center.engine.state().alertTotals).toMatchObject({ open: 2, byPriority: { 1: 2, 2: 0 } })
})

test('[A3] after a restart the first update tells only what differs from the last commit', () => {
  const center = testCenter(testWorld())
  center.put('alerts', someAlert('alert-1'))
  center.commit(true)
  const last = JSON.parse(JSON.stringify(center.engine.state()))
  const restarted = createPublicView({ mode: MODE, last })
  const changed = { alerts: [], incidents: [], orders: [] }
  expect(restarted.update({ work: center.work, changed, full: true, reports: {} })).toEqual([])
})

test('[P1] kept up step by step, the view is what a fresh one would make of the shelves', () => {
  const { work, engine, step } = busyCommunity(testWorld({ residents: [alone] }), 3)
  for (let i = 0; i < 400; i++) step()
  const fresh = createPublicView({ mode: MODE })
  fresh.update({ work, changed: { alerts: [], incidents: [], orders: [] }, full: true, reports: {} })
  const { alerts, incidents, orders, alertTotals, clusters, grids } = fresh.state()
  const kept = engine.state()
  expect(JSON.parse(JSON.stringify({ alerts, incidents, orders }))).toEqual(
    JSON.parse(JSON.stringify({ alerts: kept.alerts, incidents: kept.incidents, orders: kept.orders })),
  )
  expect(kept.alertTotals).toEqual({ ...alertTotals, blind: kept.alertTotals.blind })
  expect(kept.grids).toEqual(grids)
  expect(kept.clusters.map(({ alerts: count }) => count)).toEqual(clusters.map(({ alerts: count }) => count))
})

test('[P1] an import tells the new ground and nothing else', () => {
  const center = testCenter(testWorld())
  center.commit(true)
  const before = center.engine.state()
  center.commit(false, testWorld({ residents: [alone] }))
  const fields = diffStates(before, center.engine.state()).map((op) => (op.op === 'set' ? op.field : op.list))
  expect(new Set(fields)).toEqual(new Set(['totals', 'grids', 'clusters']))
  expect(center.engine.state().totals).toMatchObject({ residents: 1, livingAlone: 1 })
})
