import { describe, expect, test } from 'vitest'
import { alertCommands } from '../../server/analysis/alert-commands.ts'
import { applyFindings } from '../../server/analysis/alerts.ts'
import { createPipeline, type Stages } from '../../server/pipeline.ts'
import { type CarePlan, careStateOf, createCareBook, quietUntil } from '../../shared/care.ts'
import { type Call, contactsFor, nextContact } from '../../shared/care-call.ts'
import type { Finding } from '../../shared/finding.ts'
import type { Resident } from '../../shared/person.ts'
import { DAUGHTER, GRANNY, HEAD, plan } from '../support/care.ts'
import { MONDAY_TEN, testWork } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const DAY = 86_400_000
const bookOf = (own: CarePlan | undefined) => createCareBook((id) => (id === 'r1' ? own : undefined))
const worldOf = (own: CarePlan | undefined) => testWorld({ residents: [GRANNY], care: bookOf(own) })
const away = { id: 'a1', kind: 'hospital', from: MONDAY_TEN, until: MONDAY_TEN + DAY, by: 'u1' } as const
const consent = { at: MONDAY_TEN - DAY, by: 'self', until: MONDAY_TEN }

describe('[P5] what a plan says of watching', () => {
  test.each([
    ['nothing: on, and said to be missing', plan(), MONDAY_TEN, 'on', 'consent-missing'],
    ['consent without an end', plan({ consent: { ...consent, until: null } }), MONDAY_TEN, 'on', 'watched'],
    ['a moment before the end of consent', plan({ consent }), MONDAY_TEN - 1, 'on', 'watched'],
    ['at the end of consent', plan({ consent }), MONDAY_TEN, 'consent-ended', 'consent-ended'],
    ['switched off', plan({ consent: { ...consent, until: null }, detectors: { inactivity: false } }), MONDAY_TEN, 'off', 'watched'],
    ['away from the first moment', plan({ absences: [away] }), MONDAY_TEN, 'away', 'away'],
    ['before the journey', plan({ absences: [away] }), MONDAY_TEN - 1, 'on', 'consent-missing'],
    ['on the day of return', plan({ absences: [away] }), away.until, 'on', 'consent-missing'],
  ] as const)('%s', (_case, own, at, watching, state) => {
    expect(bookOf(own).watching('r1', 'inactivity', at)).toBe(watching)
    expect(bookOf(own).awayUntil('r1', at, at) !== undefined).toBe(watching === 'away')
    expect(careStateOf(own, at)).toBe(state)
  })

  test('away at any time of a span', () => {
    const { awayUntil } = bookOf(plan({ absences: [away] }))
    const isAway = (from: number, to: number) => awayUntil('r1', from, to) !== undefined
    const spans = [
      [-2, -1],
      [-1, 0],
      [-1, DAY + 1],
      [DAY - 1, 2 * DAY],
      [DAY, 2 * DAY],
    ] as const
    expect(spans.map(([from, to]) => isAway(MONDAY_TEN + from, MONDAY_TEN + to))).toEqual([false, true, true, true, false])
  })

  test('a press and smoke are heard whatever the plan says, and nobody else is touched', () => {
    const ended = bookOf(plan({ consent, detectors: { help: false } }))
    expect(['help', 'hazard.smoke', 'camera.fall'].map((kind) => ended.watching('r1', kind, MONDAY_TEN))).toEqual(['on', 'on', 'on'])
    expect(ended.watching('r2', 'inactivity', MONDAY_TEN)).toBe('on')
    expect(careStateOf(undefined, MONDAY_TEN)).toBe('no-plan')
  })

  test.each([
    ['10:00', { from: '09:00', to: '10:30' }, true],
    ['10:00', { from: '09:00', to: '10:00' }, false],
    ['10:00', { from: '22:00', to: '10:01' }, true],
    ['10:00', { from: '22:00', to: '06:00' }, false],
  ])('quiet hours by local time: %s in %o is %s', (_at, hours, is) => {
    expect(quietUntil(plan({ quiet: [hours] }), MONDAY_TEN, 480) !== undefined).toBe(is)
  })
})

describe('[P5] after the end of consent the detectors stop', () => {
  const finding: Finding = {
    ...{ act: 'raise', key: 'k', kind: 'inactivity', priority: 3, status: 'actual', placeId: GRANNY.placeId },
    ...{ residentId: 'r1', at: MONDAY_TEN, evidence: {} },
  }
  function raisedWith(own: CarePlan | undefined, more: object = {}) {
    const work = { ...testWork(worldOf(own)), revision: 1 }
    const quiet = { onSignal: () => [], onTick: () => [{ ...finding, ...more } as Finding], observe: () => {} }
    const alerts = { applyFindings, onTick: () => [], onIncidentsClosed: () => [], commands: alertCommands }
    createPipeline({ analysis: quiet, alerts, proposer: { onAlerts: () => {}, onTick: () => {} }, commands: {} } as unknown as Stages).tick(
      work,
    )
    return work.alerts.things.size
  }

  test('whatever the detector finds, and for that person alone', () => {
    expect(raisedWith(undefined)).toBe(1)
    expect(raisedWith(plan({ consent }))).toBe(0)
    expect(raisedWith(plan({ consent }), { residentId: 'r2' })).toBe(1)
    expect(raisedWith(plan({ consent }), { kind: 'help' })).toBe(1)
    expect(raisedWith(plan({ detectors: { inactivity: false } }))).toBe(0)
  })

  test('an absence is for the detector itself, which knows what to do on the day of return', () => {
    expect(raisedWith(plan({ absences: [away] }))).toBe(1)
  })
})

describe('[D1] whom to call', () => {
  const ids = (own: CarePlan | undefined) => contactsFor(worldOf(own), 'r1', GRANNY.placeId, MONDAY_TEN).map(({ id }) => id)

  test('the person, then the plan in its order, with the numbers of the staff register', () => {
    const contacts = contactsFor(worldOf(plan({ contacts: [HEAD, DAUGHTER] })), 'r1', GRANNY.placeId, MONDAY_TEN)
    expect(contacts.map(({ id, phone }) => [id, phone])).toEqual([
      ['self', GRANNY.phone],
      ['c2', '13800000000'],
      ['c1', DAUGHTER.phone],
    ])
  })

  test('without a plan the staff for the place; a contact who has left the staff is passed over', () => {
    expect(ids(undefined)).toEqual(['self', 'cluster-head', 'grid-worker', 'community'])
    expect(ids(plan({ contacts: [{ ...HEAD, staffId: 'gone' }, DAUGHTER] }))).toEqual(['self', 'c1'])
  })

  const LI: Resident = {
    ...GRANNY,
    id: 'li',
    name: '李小宝',
    birthDate: '2016-03-11',
    phone: '13900003333',
    categories: ['left-behind-child'],
  }
  const idsOfLi = (own: CarePlan | undefined) => {
    const family = [
      LI,
      { ...GRANNY, id: 'granny' },
      { ...LI, id: 'brother', birthDate: '2010-03-11' },
      { ...GRANNY, id: 'mute', phone: undefined },
    ]
    const world = testWorld({ residents: family as Resident[], care: createCareBook((id) => (id === 'li' ? own : undefined)) })
    return contactsFor(world, 'li', LI.placeId, MONDAY_TEN).map(({ id, relation }) => `${id} ${relation}`)
  }
  test('about a left-behind child the guardians first: the family of the plan, else the grown-ups of the flat', () => {
    expect(idsOfLi(undefined)).toEqual([
      'granny family',
      'self self',
      'cluster-head cluster-head',
      'grid-worker grid-worker',
      'community community',
    ])
    expect(idsOfLi(plan({ contacts: [HEAD, DAUGHTER] }))).toEqual(['c1 family', 'self self', 'c2 cluster-head'])
    expect(idsOfLi(plan({ contacts: [HEAD] }))).toEqual(['granny family', 'self self', 'c2 cluster-head'])
  })

  test('the next one is the first not called in vain since somebody answered', () => {
    const call = (contactId: string, outcome: Call['outcome'] = 'no-answer'): Call => ({ at: 0, by: 'u', contactId, outcome })
    const list = [{ id: 'self' }, { id: 'c1' }]
    expect(nextContact(list, [call('c1')])).toEqual({ id: 'self' })
    expect(nextContact(list, [call('self'), call('c1')])).toBeUndefined()
    expect(nextContact(list, [call('self'), call('c1', 'ok')])).toEqual({ id: 'self' })
  })
})
