import { beforeEach, expect, test } from 'vitest'
import { applyFindings, tickAlerts } from '../../server/analysis/alerts.ts'
import { createCareBook, type QuietHours, quietUntil } from '../../shared/care.ts'
import type { Finding } from '../../shared/finding.ts'
import { GRANNY, plan } from '../support/care.ts'
import { testLoop } from '../support/loop.ts'
import { testWork } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const at = (time: string, day = 2) => Date.parse(`2026-03-0${day}T${time}:00+08:00`)
const NIGHT: QuietHours = { from: '21:00', to: '07:00' }
const MISSED: Extract<Finding, { act: 'raise' }> = {
  ...{ act: 'raise', key: 'not-returned/x', kind: 'not-returned', priority: 3, status: 'actual', placeId: GRANNY.placeId },
  ...{ residentId: 'r1', at: at('22:00'), evidence: {} },
}

let loop: ReturnType<typeof testLoop>
beforeEach(() => {
  loop = testLoop(testWork(testWorld({ residents: [GRANNY], care: createCareBook(() => plan({ quiet: [NIGHT] })) }), at('22:00')))
})
const find = (more: Partial<Finding> = {}) => loop.tell(...applyFindings(loop.work, [{ ...MISSED, at: loop.work.now, ...more } as Finding]))
const turnTo = (when: number) => {
  loop.work.now = when
  loop.tell(...tickAlerts(loop.work))
}
const alert = () => [...loop.work.alerts.things.values()][0]!
const incidents = () => loop.work.incidents.things.size

test('[P5] a small matter of habits waits until the quiet hours end, and comes by itself then', () => {
  find()
  expect(alert()).toMatchObject({
    state: 'shelved',
    shelvedUntil: at('07:00', 3),
    steps: [{}, { act: 'shelve', by: 'system', why: '安静时段' }],
  })
  turnTo(at('06:59', 3))
  expect(incidents()).toBe(0)
  turnTo(at('07:00', 3))
  expect(alert().state).toBe('active-unacknowledged')
  expect(loop.incident()).toMatchObject({ kind: 'not-returned', orders: [], callBy: at('07:05', 3) })
})

test('[P5] what is over by then calls nobody', () => {
  find()
  find({ act: 'clear' })
  turnTo(at('07:00', 3))
  expect(alert().state).toBe('returned-unacknowledged')
  expect(incidents()).toBe(0)
})

test('[P5] what has grown worse waits no longer', () => {
  find({ kind: 'child-not-home' })
  find({ kind: 'child-not-home' })
  expect(alert()).toMatchObject({ state: 'shelved', count: 2 })
  find({ kind: 'child-not-home', priority: 2 })
  expect(alert()).toMatchObject({ state: 'active-unacknowledged', priority: 2 })
  expect(alert().shelvedUntil).toBeUndefined()
  expect(incidents()).toBe(1)
})

test('[P5] what a person shelved stays so, worse or not', () => {
  turnTo(at('20:00'))
  find()
  loop.work.alerts.put({ ...alert(), state: 'shelved', steps: [...alert().steps, { at: 0, act: 'shelve', by: 'officer-a' }] })
  find({ priority: 2 })
  expect(alert().state).toBe('shelved')
})

test.each([
  ['urgent', { kind: 'inactivity', priority: 1 }],
  ['rather urgent', { kind: 'night-out', priority: 2 }],
  ['no conclusion from habits', { kind: 'device-silent', priority: 4 }],
  ['about nobody with quiet hours', { residentId: undefined }],
] as const)('[P5] what is %s never waits', (_what, more) => {
  find(more)
  expect(alert().state).toBe('active-unacknowledged')
})

test('[P5] by day nothing waits', () => {
  turnTo(at('20:59'))
  find()
  expect(alert().state).toBe('active-unacknowledged')
})

test.each([
  ['22:00', [NIGHT], at('07:00', 3)],
  ['03:00', [NIGHT], at('07:00')],
  ['22:00', [NIGHT, { from: '07:00', to: '08:30' }], at('08:30', 3)],
  ['12:00', [NIGHT], undefined],
  ['07:00', [NIGHT], undefined],
  [
    '12:00',
    [
      { from: '00:00', to: '12:30' },
      { from: '12:30', to: '00:00' },
    ],
    at('12:00', 3),
  ],
])('[P5] at %s with %o the quiet ends at %i', (time, quiet, end) => {
  expect(quietUntil(plan({ quiet }), at(time), 480)).toBe(end)
})
