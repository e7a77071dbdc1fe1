import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareItems } from '../../shared/list-order.ts'
import { applyOps, applyPatch, diffStates, emptyState, GapError, mergeOps, type Op, type Patch } from '../../shared/patch.ts'
import type { AlertView, OrderView, WallState } from '../../shared/wall.ts'
import { busyCommunity } from '../support/push.ts'
import { testWorld } from '../support/world.ts'

const alert = (id: string, more: Partial<AlertView> = {}): AlertView => ({
  ...{ id, kind: 'help', state: 'active-unacknowledged', priority: 1, status: 'actual', placeId: 'p', place: 'p' },
  ...{ raisedAt: 0, lastAt: 0, count: 1, evidence: {}, version: 1 },
  ...more,
})
const anAlert = fc
  .record({ id: fc.integer({ min: 0, max: 30 }), priority: fc.constantFrom(1, 2, 3, 4), raisedAt: fc.nat(5) })
  .map((some) => alert(`alert-${some.id}`, { priority: some.priority as 1, raisedAt: some.raisedAt }))
const anOp: fc.Arbitrary<Op> = fc.oneof(
  anAlert.map((item): Op => ({ op: 'put', list: 'alerts', item })),
  fc.integer({ min: 0, max: 30 }).map((n): Op => ({ op: 'drop', list: 'alerts', id: `alert-${n}` })),
  fc.nat(9).map((open): Op => ({ op: 'set', field: 'incidentTotals', value: { open, today: 0, closedToday: 0 } })),
)
const someRuns = fc.array(fc.array(anOp, { maxLength: 12 }), { maxLength: 12 })
const patchOf = (ops: Op[], from: number): Patch => ({ from, to: from + 1, at: from, ops })
const fold = (runs: Op[][], state = emptyState()) => runs.reduce((before, ops, i) => applyPatch(before, patchOf(ops, i)), state)
const content = ({ revision: _, at: __, ...rest }: WallState) => rest

test('[P1] the fold of patches to N is the state at N', () => {
  const { engine, step } = busyCommunity(testWorld(), 7)
  const states: WallState[] = [engine.state()]
  const patches: Patch[] = []
  engine.onCommit(({ revision, ops }) => patches.push({ from: revision - 1, to: revision, at: engine.state().at, ops: [...ops] }))
  for (let i = 0; i < 200; i++) {
    step()
    states.push(engine.state())
  }
  let state = emptyState()
  patches.forEach((patch, i) => {
    state = applyPatch(state, JSON.parse(JSON.stringify(patch)))
    expect(JSON.parse(JSON.stringify(state))).toEqual(JSON.parse(JSON.stringify(states[i + 1])))
  })
  expect(state.revision).toBe(200)
})

test('[P1] merged patches do what all of them did', () => {
  fc.assert(
    fc.property(someRuns, (runs) => {
      const merged = applyOps(emptyState(), mergeOps(...runs))
      expect(content(merged)).toEqual(content(fold(runs)))
    }),
  )
})

test('[P1] the difference of two states leads from one to the other', () => {
  fc.assert(
    fc.property(someRuns, someRuns, (runs, more) => {
      const before = fold(runs)
      const after = more.reduce((state, ops) => applyOps(state, ops), before)
      expect(applyOps(before, diffStates(before, after))).toEqual(after)
    }),
  )
})

test('[P1] lists stay in the order of their comparator, whatever order the ops come in', () => {
  fc.assert(
    fc.property(someRuns, (runs) => {
      const { alerts } = fold(runs)
      expect(alerts).toEqual([...alerts].sort(compareItems('alerts')))
      expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length)
    }),
  )
})

test('[P1] a patch that overlaps what is known changes nothing twice', () => {
  fc.assert(
    fc.property(someRuns, fc.nat(12), (runs, known) => {
      const at = Math.min(known, runs.length)
      const resumed = applyPatch(fold(runs.slice(0, at)), { from: 0, to: runs.length, at: runs.length - 1, ops: mergeOps(...runs) })
      expect(content(resumed)).toEqual(content(fold(runs)))
    }),
  )
})

test('[P2] a patch that begins after the state is a gap; a wholly old one changes nothing', () => {
  const state = fold([[], [], []])
  expect(() => applyPatch(state, patchOf([], 4))).toThrow(GapError)
  expect(applyPatch(state, patchOf([{ op: 'put', list: 'alerts', item: alert('alert-1') }], 1))).toBe(state)
})

test('[P1] untouched lists, fields and items keep their identity', () => {
  const [first, second] = [alert('alert-1'), alert('alert-2', { raisedAt: 9 })]
  const before = applyOps(
    emptyState(),
    [first, second].map((item): Op => ({ op: 'put', list: 'alerts', item })),
  )
  const after = applyPatch(before, patchOf([{ op: 'put', list: 'alerts', item: { ...first, count: 2 } as AlertView }], 0))
  expect(after.orders).toBe(before.orders)
  expect(after.figures).toBe(before.figures)
  expect(after.alerts).not.toBe(before.alerts)
  expect(after.alerts.find(({ id }) => id === 'alert-2')).toBe(second)
})

test('[P3] alerts: unacknowledged first, then actual before exercise, then priority, people living alone, the newest', () => {
  const wanted = [
    alert('a', { livingAlone: true, raisedAt: 1 }),
    alert('b', { raisedAt: 5 }),
    alert('c', { raisedAt: 2 }),
    alert('d', { raisedAt: 2 }),
    alert('e', { priority: 2, livingAlone: true, raisedAt: 9 }),
    alert('f', { status: 'exercise', livingAlone: true, raisedAt: 9 }),
    alert('g', { state: 'active-acknowledged', raisedAt: 9 }),
    alert('h', { state: 'shelved', livingAlone: true }),
  ]
  expect([...wanted].reverse().sort(compareItems('alerts'))).toEqual(wanted)
})

test('[P3] orders: overdue first, then the nearest deadline; one without a deadline last', () => {
  const order = (id: string, more: Partial<OrderView>) =>
    ({ id, overdue: false, status: 'actual', dueAt: null, priority: 1, ...more }) as OrderView
  const wanted = [
    order('a', { overdue: true, dueAt: 7 }),
    order('b', { dueAt: 3 }),
    order('c', { dueAt: 4 }),
    order('d', { priority: 2, dueAt: 4 }),
    order('e', {}),
  ]
  expect([...wanted].reverse().sort(compareItems('orders'))).toEqual(wanted)
})
