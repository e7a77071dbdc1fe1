import { expect, test } from 'vitest'
import type { AlertView } from '../../shared/wall.ts'
import { beganAt, careIndex, careOf, holdsView, needs } from '../../web/ui/alerts.ts'
import { holding, viewsOf } from '../../web/wall/cycle/views.ts'
import { callFor, repeats, shiftKey } from '../../web/wall/sound/rules.ts'
import { wallState } from '../support/wall-state.ts'

const alert = (more: Partial<AlertView>): AlertView => ({
  id: 'alert-1',
  kind: 'help',
  state: 'active-unacknowledged',
  priority: 1,
  status: 'actual',
  placeId: 'caihong-b01-u1-101',
  place: '1栋 1单元 101',
  raisedAt: 1000,
  lastAt: 1000,
  count: 1,
  evidence: {},
  version: 1,
  ...more,
})
const ids = (alerts: AlertView[]) => alerts.map(({ id }) => id)

test('[§7] the most urgent stands first, among equals people living alone, then the newest', () => {
  const { people } = needs([
    alert({ id: 'old', priority: 2, raisedAt: 1 }),
    alert({ id: 'new', priority: 2, raisedAt: 9 }),
    alert({ id: 'alone', priority: 2, raisedAt: 5, livingAlone: true }),
    alert({ id: 'fire', priority: 1, raisedAt: 2 }),
  ])
  expect(ids(people)).toEqual(['fire', 'alone', 'new', 'old'])
})

test('[X1] a drill never stands before what really happens', () => {
  const { people } = needs([alert({ id: 'drill', status: 'exercise', priority: 1 }), alert({ id: 'real', priority: 3 })])
  expect(ids(people)).toEqual(['real', 'drill'])
})

test('[§7] equipment is apart from people, and what is shelved calls nobody', () => {
  const { people, equipment } = needs([
    alert({ id: 'camera', kind: 'device-silent', priority: 4 }),
    alert({ id: 'shelved', state: 'shelved' }),
    alert({ id: 'person' }),
  ])
  expect([ids(people), ids(equipment)]).toEqual([['person'], ['camera']])
})

test('[§7] the running time of a silence is that of the silence, not of the alert', () => {
  expect(beganAt(alert({ kind: 'inactivity', raisedAt: 5000, evidence: { since: 1200 } }))).toBe(1200)
  expect(beganAt(alert({ kind: 'help', raisedAt: 5000, evidence: { since: 1200 } }))).toBe(5000)
})

test('[§7] a person alone keeps the day strip of the own flat', () => {
  const state = wallState('busy')
  const silent = state.alerts.find(({ kind }) => kind === 'inactivity')!
  expect(careOf(silent, careIndex(state.care))?.residentId).toBe(silent.residentId)
})

test('[§7] the round stops for priority 1 and 2 alone, and not for a broken device', () => {
  expect(holdsView(alert({ priority: 3 }))).toBe(false)
  expect(holdsView(alert({ priority: 2, kind: 'feed-silent' }))).toBe(false)
  expect(holding([alert({ id: 'b', priority: 2 }), alert({ id: 'a', priority: 1 })]).map(({ id }) => id)).toEqual(['a', 'b'])
})

test('[§7] the round goes from the estate over each grid to people alone and the figures', () => {
  const views = viewsOf([{ id: 'g1' }, { id: 'g2' }], true)
  expect(views.map((view) => ('gridId' in view ? view.gridId : view.name))).toEqual(['estate', 'g1', 'g2', 'care', 'figures'])
})

test('[§7] many new matters make one sound, the most urgent', () => {
  const now = [alert({ id: 'a', priority: 3 }), alert({ id: 'b', priority: 1 }), alert({ id: 'c', priority: 2 })]
  expect(callFor(new Set(), now)).toBe(1)
  expect(callFor(new Set(['b']), now)).toBe(2)
  expect(callFor(new Set(['a', 'b', 'c']), now)).toBeNull()
})

test('[§7] a silent camera of low priority makes no sound', () => {
  expect(callFor(new Set(), [alert({ kind: 'device-silent', priority: 4 })])).toBeNull()
})

test('[§7] priority 1 calls again until it is acknowledged', () => {
  expect(repeats([alert({})])).toBe(true)
  expect(repeats([alert({ state: 'active-acknowledged' })])).toBe(false)
  expect(repeats([alert({ priority: 2 })])).toBe(false)
})

test('[§7] each shift is asked anew whether the wall is heard', () => {
  const shift = { officerId: 's001', name: '早班', from: '08:00' }
  expect(shiftKey(shift, '23')).not.toBe(shiftKey(shift, '24'))
  expect(shiftKey(null, '23')).toBe('')
})
