import { describe, expect, test } from 'vitest'
import { moveAlert } from '../../server/analysis/alert-changes.ts'
import { alertCommands } from '../../server/analysis/alert-commands.ts'
import { applyFindings, closeAlerts, tickAlerts } from '../../server/analysis/alerts.ts'
import type { AlertShelf } from '../../server/work.ts'
import { ALERT_STATES, type Alert, type AlertState } from '../../shared/alert.ts'
import { ALERT_ACTS, ALERT_TRANSITIONS, type AlertAct, type AlertEvent } from '../../shared/alert-transitions.ts'
import type { Finding } from '../../shared/finding.ts'
import { FLAT, HOUR, MINUTE } from '../support/analysis.ts'
import { refusal } from '../support/refusal.ts'
import { actor, command, testWork } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const officer = actor('officer', 'officer-a')
type Raise = Extract<Finding, { act: 'raise' }>
const RAISE: Raise = {
  act: 'raise',
  key: `fire/${FLAT}`,
  kind: 'hazard.smoke',
  priority: 2,
  status: 'actual',
  placeId: FLAT,
  deviceId: 'smoke',
  at: 0,
  evidence: { hazard: 'smoke' },
}

function desk() {
  const work = testWork(testWorld())
  const shelf: AlertShelf = work.alerts
  shelf.latest = (key) => [...work.alerts.things.values()].findLast((alert) => alert.key === key)
  const raise = (more: Partial<Raise> = {}) => applyFindings(work, [{ ...RAISE, at: work.now, ...more }])[0]!
  const clear = (key = RAISE.key) => applyFindings(work, [{ act: 'clear', key, at: work.now }])[0]
  const alert = (id = 'alert-1') => work.alerts.get(id)!
  const ask = (act: AlertAct, body: Record<string, unknown> = {}, of = alert()) =>
    alertCommands[`alert.${act}`](work, command(`alert.${act}`, of, officer, body))
  const shelve = (ms = HOUR) => ask('shelve', { until: work.now + ms, reason: '检修' })
  const pass = (ms: number) => {
    work.now += ms
  }
  return { work, raise, clear, alert, ask, shelve, pass }
}

/** An alert in each state, by the ways that lead there. */
const REACH: Record<AlertState, (one: ReturnType<typeof desk>) => unknown> = {
  'active-unacknowledged': () => undefined,
  'active-acknowledged': (one) => one.ask('acknowledge'),
  'returned-unacknowledged': (one) => one.clear(),
  normal: (one) => [one.ask('acknowledge'), one.clear()],
  shelved: (one) => one.shelve(),
  suppressed: (one) => one.ask('suppress', { reason: '施工' }),
  'out-of-service': (one) => one.ask('take-out-of-service', { reason: '更换' }),
}
function inState(state: AlertState) {
  const one = desk()
  one.raise()
  REACH[state](one)
  expect(one.alert().state).toBe(state)
  return one
}

const ARGUMENTS: Partial<Record<AlertAct, object>> = {
  shelve: { until: '2026-03-02T12:00:00+08:00', reason: '检修' },
  suppress: { reason: '施工' },
  'take-out-of-service': { reason: '更换' },
}

describe('ISA-18.2 states', () => {
  const every = ALERT_STATES.flatMap((state) => (Object.keys(ALERT_TRANSITIONS) as AlertEvent[]).map((event) => [state, event] as const))
  test.each(every)('%s, %s: as the table says, or refused', (state, event) => {
    const alert = inState(state).alert()
    const after = moveAlert(alert, event, { at: 1, by: 'officer-a', why: 'so' })
    const target = (ALERT_TRANSITIONS[event] as Partial<Record<AlertState, string>>)[state]
    if (target === undefined) return expect(after).toBeUndefined()
    expect(after).toMatchObject({ version: alert.version + 1 })
    expect(after!.steps.at(-1)).toEqual({ at: 1, act: event, by: 'officer-a', why: 'so', from: state, to: after!.state })
    if (target === 'same') expect(after!.state).toBe(state)
    else if (target !== 'underlying') expect(after!.state).toBe(target)
  })

  const asked = ALERT_STATES.flatMap((state) => ALERT_ACTS.map((act) => [state, act] as const))
  test.each(asked)('%s, asked to %s: done with its audit row, or refused with what is possible', (state, act) => {
    const one = inState(state)
    const before = one.work.audits.length
    if (state in ALERT_TRANSITIONS[act]) {
      expect(one.ask(act, { ...ARGUMENTS[act] }).before!.state).toBe(state)
      expect(one.work.audits.slice(before)).toMatchObject([{ by: 'officer-a', act: `alert.${act}`, subject: 'alert-1' }])
      return
    }
    const problem = refusal(() => one.ask(act, { ...ARGUMENTS[act] }))
    expect(problem).toMatchObject({ status: 409, current: { id: 'alert-1', state } })
    expect(problem.detail).toMatch(`${act} does not fit. Possible now:`)
    expect(one.work.audits).toHaveLength(before)
  })

  test('after shelving or suppression an alert is what it would be by then', () => {
    const over = (state: 'shelved' | 'suppressed', act: AlertAct, meanwhile: (one: ReturnType<typeof desk>) => unknown) => {
      const one = inState(state)
      meanwhile(one)
      one.ask(act)
      return one.alert().state
    }
    expect(over('shelved', 'unshelve', () => undefined)).toBe('active-unacknowledged')
    expect(over('shelved', 'unshelve', (one) => one.clear())).toBe('returned-unacknowledged')
    expect(over('suppressed', 'restore', (one) => one.clear())).toBe('returned-unacknowledged')
    const known = inState('active-acknowledged')
    known.shelve()
    known.clear()
    expect(known.ask('unshelve').alert.state).toBe('normal')
  })

  test('what comes again while it is put aside is unacknowledged when it is back', () => {
    const one = inState('active-acknowledged')
    one.shelve()
    one.clear()
    one.raise()
    expect(one.alert().state).toBe('shelved')
    expect(one.ask('unshelve').alert.state).toBe('active-unacknowledged')
  })
})

describe('shelving', () => {
  test('ends at its time, always', () => {
    const one = inState('shelved')
    one.pass(HOUR - 1)
    expect(tickAlerts(one.work)).toEqual([])
    one.pass(1)
    expect(tickAlerts(one.work)).toMatchObject([{ act: 'unshelved', by: 'system', alert: { state: 'active-unacknowledged' } }])
    expect(one.alert().shelvedUntil).toBeUndefined()
  })

  test.each([
    [{ reason: '检修' }, 400, 'until'],
    [{ until: '2026-03-02T09:00:00+08:00', reason: '检修' }, 422, 'until'],
    [{ until: '2026-03-03T10:00:01+08:00', reason: '检修' }, 422, 'until'],
    [{ until: '2026-03-02T12:00:00+08:00' }, 400, 'reason'],
    [{ until: 'tomorrow', reason: '检修' }, 422, 'until'],
  ])('with %j is refused with %i, naming %s', (body, status, field) => {
    const one = inState('active-unacknowledged')
    expect(refusal(() => one.ask('shelve', body))).toMatchObject({ status, errors: [{ field }] })
    expect(one.alert().state).toBe('active-unacknowledged')
  })
})

describe('[D2] commands', () => {
  test('carry the version that was seen', () => {
    const one = inState('active-unacknowledged')
    const seen = one.alert()
    one.ask('acknowledge')
    expect(refusal(() => one.ask('shelve', ARGUMENTS.shelve as Record<string, unknown>, seen))).toMatchObject({
      status: 409,
      current: { version: 2 },
    })
    expect(
      refusal(() => alertCommands['alert.acknowledge'](one.work, { ...command('', seen, officer), version: undefined })),
    ).toMatchObject({
      status: 400,
      errors: [{ field: 'version' }],
    })
  })

  test('a chattering device does not turn an officer’s click into a conflict', () => {
    const one = inState('active-unacknowledged')
    const seen = one.alert()
    for (let n = 0; n < 50; n++) one.raise()
    expect(one.ask('acknowledge', {}, seen).alert).toMatchObject({ state: 'active-acknowledged', count: 51 })
  })

  test('an alert that is not there is 404', () => {
    const problem = refusal(() => desk().ask('acknowledge', {}, { id: 'alert-9', version: 1 } as Alert))
    expect(problem.status).toBe(404)
  })

  test('acknowledging says who and when', () => {
    const one = inState('active-unacknowledged')
    one.pass(MINUTE)
    expect(one.ask('acknowledge')).toMatchObject({
      act: 'acknowledged',
      by: 'officer-a',
      alert: { acknowledgedBy: 'officer-a', acknowledgedAt: one.work.now },
    })
  })
})

describe('[A4] one matter, one alert', () => {
  test('what is raised again counts up', () => {
    const one = desk()
    expect(one.raise()).toMatchObject({ act: 'raised', before: undefined, alert: { count: 1, version: 1, raisedAt: one.work.now } })
    one.pass(MINUTE)
    expect(one.raise()).toMatchObject({ act: 'counted', alert: { id: 'alert-1', count: 2, lastAt: one.work.now } })
  })

  test('10,000 repeats leave one alert with few steps', () => {
    const one = desk()
    for (let n = 0; n < 5000; n++) {
      one.raise()
      one.clear()
    }
    expect(one.work.alerts.things.size).toBe(1)
    expect(one.alert().count).toBe(5000)
    expect(one.alert().steps.length).toBeLessThanOrEqual(200)
    expect(one.alert().steps[0]!.act).toBe('raise')
  })

  test.each([
    ['returned-unacknowledged', 30 * MINUTE, 'alert-1'],
    ['normal', 4 * MINUTE, 'alert-1'],
    ['normal', 6 * MINUTE, 'alert-2'],
  ] as const)('smoke on an alert that is %s for %d ms: %s', (state, ms, id) => {
    const one = inState(state)
    one.pass(ms)
    const change = one.raise()
    expect(change.alert).toMatchObject({ id, state: 'active-unacknowledged', active: true })
    if (id === 'alert-1') expect(change).toMatchObject({ act: 'reactivated', alert: { count: 2, acknowledgedAt: undefined } })
  })

  test('another place is another alert', () => {
    const one = desk()
    one.raise()
    expect(one.raise({ key: 'fire/elsewhere' }).alert.id).toBe('alert-2')
  })

  test('what grows more urgent is told anew, whoever had acknowledged it', () => {
    const one = inState('active-acknowledged')
    expect(one.raise({ priority: 1 })).toMatchObject({
      act: 'reactivated',
      alert: { state: 'active-unacknowledged', priority: 1, version: 3 },
    })
    expect(one.raise({ priority: 3 })).toMatchObject({ act: 'counted', alert: { priority: 1 } })
  })

  test('a late press that is pressed again now is late no more', () => {
    const one = desk()
    expect(one.raise({ late: true }).alert.late).toBe(true)
    expect(one.raise({ late: true }).alert.late).toBe(true)
    expect(one.raise({ late: false }).alert.late).toBeUndefined()
  })
})

describe('an alert goes', () => {
  test('not by the device’s word when it is latched, but with its incident', () => {
    const one = desk()
    one.raise({ latched: true })
    expect(one.clear()).toBeUndefined()
    one.work.incidents.put({ id: 'incident-1', alerts: ['alert-1'] } as never)
    expect(closeAlerts(one.work, ['incident-1'])).toMatchObject([{ act: 'closed', alert: { state: 'normal', active: false } }])
    expect(closeAlerts(one.work, ['incident-1'])).toEqual([])
  })

  test('not with its incident while its condition holds', () => {
    const one = inState('active-acknowledged')
    one.work.incidents.put({ id: 'incident-1', alerts: ['alert-1'] } as never)
    expect(closeAlerts(one.work, ['incident-1'])).toEqual([])
    one.clear()
    expect(one.alert().state).toBe('normal')
  })

  test('with its incident when it had returned unseen', () => {
    const one = inState('returned-unacknowledged')
    one.work.incidents.put({ id: 'incident-1', alerts: ['alert-1'] } as never)
    expect(closeAlerts(one.work, ['incident-1'])).toMatchObject([{ alert: { state: 'normal', acknowledgedBy: 'system' } }])
  })

  test('never by silence', () => {
    const one = desk()
    one.raise()
    one.pass(365 * 24 * HOUR)
    expect(tickAlerts(one.work)).toEqual([])
    expect(one.alert().state).toBe('active-unacknowledged')
  })

  test('a note without an open alert is dropped, with one it adds to what is known', () => {
    const one = desk()
    const note = { act: 'note', key: RAISE.key, at: 5, evidence: { level: 3 } } as const
    expect(applyFindings(one.work, [note])).toEqual([])
    one.raise()
    expect(applyFindings(one.work, [note])).toMatchObject([
      { act: 'noted', alert: { count: 1, version: 1, evidence: { hazard: 'smoke', level: 3 } } },
    ])
  })
})
