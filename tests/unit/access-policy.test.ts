import { describe, expect, test } from 'vitest'
import { ACTIONS, type Action, createPolicy, mayHandle } from '../../server/access/policy.ts'
import { type Role, STANDINGS, type Standing, type Viewer } from '../../shared/access.ts'
import { HELPER_ROLES, STAFF_ROLES } from '../../shared/person.ts'
import { testWorld } from '../support/world.ts'

const world = testWorld()
const may = createPolicy(() => world.places)

/** The whole table once more, as a person would say it: a change of one is a change of both. */
const ALLOWED: Record<Action, string> = {
  'wall.view': 'wall visitor resident helper field officer supervisor engineer admin',
  'places.view': 'wall visitor resident helper field officer supervisor engineer admin',
  'clock.view': 'wall visitor resident helper field officer supervisor engineer admin',
  'devices.view': 'wall visitor field officer supervisor engineer admin',
  'feeds.view': 'wall visitor field officer supervisor engineer admin',
  'alerts.view': 'wall visitor field officer supervisor engineer admin',
  'incidents.view': 'wall visitor field officer supervisor engineer admin',
  'orders.view': 'wall visitor field officer supervisor engineer admin',
  'residents.view': 'wall field officer supervisor admin',
  'residents.search': 'field officer supervisor admin',
  'residents.unmask': 'officer supervisor admin',
  'photo.add': 'resident helper field officer supervisor admin',
  'photo.view': 'resident helper field officer supervisor admin',
  'speakers.view': 'field officer supervisor engineer admin',
  'speakers.speak': 'officer supervisor admin',
  'speakers.manage': 'engineer admin',
  'publications.view': 'resident helper field officer supervisor admin',
  'publications.sign-up': 'resident',
  'publications.manage': 'officer supervisor admin',
  'kinds.view': 'wall visitor resident helper field officer supervisor engineer admin',
  'report.add': 'resident helper field officer supervisor admin',
  'reports.own': 'resident helper field officer supervisor admin',
  'reports.view': 'field officer supervisor admin',
  'reports.unmask': 'officer supervisor admin',
  'callers.view': 'officer supervisor admin',
  'queue.view': 'field officer supervisor admin',
  'care.view': 'field officer supervisor admin',
  'care.absence': 'field officer supervisor admin',
  'care.manage': 'officer supervisor admin',
  'care.unmask': 'officer supervisor admin',
  'detectors.view': 'field officer supervisor engineer admin',
  'signals.view': 'field officer supervisor engineer admin',
  'quarantine.view': 'officer supervisor engineer admin',
  'quarantine.retry': 'engineer admin',
  'feeds.manage': 'engineer admin',
  'devices.manage': 'engineer admin',
  'audit.view': 'supervisor admin',
  'notices.own': 'resident helper field officer supervisor engineer admin',
  'outbox.view': 'supervisor engineer admin',
  'outbox.retry': 'engineer admin',
  'notify.manage': 'admin',
  'clock.set': 'officer supervisor engineer admin',
  'clock.step': 'wall visitor resident helper field officer supervisor engineer admin',
  'registers.import': 'engineer admin',
  'users.manage': 'admin',
  'kiosks.manage': 'admin',
  'alert.acknowledge': 'officer supervisor engineer admin',
  'alert.shelve': 'officer supervisor engineer admin',
  'alert.unshelve': 'officer supervisor engineer admin',
  'alert.suppress': 'officer supervisor engineer admin',
  'alert.restore': 'officer supervisor engineer admin',
  'alert.verdict': 'officer supervisor admin',
  'incident.call': 'officer supervisor admin',
  'incident.note': 'field officer supervisor admin',
  'incident.handle': 'officer supervisor admin',
  'order.work': 'helper field officer supervisor admin',
  'order.cancel': 'officer supervisor admin',
  'teams.view': 'field officer supervisor admin',
  'dangers.view': 'field officer supervisor admin',
  'loop.view': 'field officer supervisor admin',
  'mediations.view': 'field officer supervisor admin',
  'incident.mediate': 'field officer supervisor admin',
}
const cells = ACTIONS.flatMap((action) => STANDINGS.map((standing) => [standing, action] as const))
const viewer = (standing: Standing, scope: string): Pick<Viewer, 'role' | 'helper' | 'scope'> =>
  standing === 'helper' ? { role: 'field', helper: true, scope } : { role: standing, scope }

describe('[S3] least privilege by role', () => {
  test.each(cells)('%s: %s', (standing, action) => {
    expect(may(viewer(standing, 'xinan'), action)).toBe(ALLOWED[action].split(' ').includes(standing))
  })

  test('an action that is not in the table is nobody’s', () => {
    for (const standing of STANDINGS) expect(may(viewer(standing, 'xinan'), 'residents.delete' as Action)).toBe(false)
  })

  test('a helper may do no more than a field worker, and list nothing of an area', () => {
    const theirs = ACTIONS.filter((action) => may(viewer('helper', 'xinan'), action))
    expect(theirs.filter((action) => !may(viewer('field', 'xinan'), action))).toEqual([])
    expect(
      theirs.filter((action) => /^(residents|care|alerts?|incidents?|devices|queue|callers|reports\.view|orders\.view)/.test(action)),
    ).toEqual([])
    expect(STAFF_ROLES.filter((role) => !HELPER_ROLES.includes(role))).toEqual(
      'officer supervisor engineer admin grid-worker cluster-head building-head community-staff party-branch'.split(' '),
    )
  })

  test('an engineer answers for devices, not for people', () => {
    expect(mayHandle({ role: 'engineer' }, { kind: 'device-silent' })).toBe(true)
    expect(mayHandle({ role: 'engineer' }, { kind: 'help' })).toBe(false)
    expect(mayHandle({ role: 'officer' }, { kind: 'help' })).toBe(true)
  })
})

describe('[S3] and by place', () => {
  const of = (role: Role, scope: string) => (placeId: string) => may({ role, scope }, 'alerts.view', placeId)

  test('a grid worker sees the own grid', () => {
    const sees = of('field', 'caihong-g1')
    expect(sees('caihong-b01-u1-101')).toBe(true)
    expect(sees('caihong-c001')).toBe(true)
    expect(sees('caihong-gate-east')).toBe(true)
    expect(sees('caihong-b03-u1-101')).toBe(false)
    expect(sees('caihong-g2')).toBe(false)
    expect(sees('caihong')).toBe(false)
  })

  test('a cluster as scope holds its flats alone', () => {
    expect(of('field', 'caihong-c001')('caihong-b01-u1-101')).toBe(true)
    expect(of('field', 'caihong-c001')('caihong-b02-u1-101')).toBe(false)
  })

  test.each(cells)('nobody reaches outside the scope — %s: %s', (standing, action) => {
    expect(may(viewer(standing, 'caihong-g1'), action, 'caihong-b03-u1-101')).toBe(false)
  })

  test('an unknown place, or no scope, is nowhere', () => {
    expect(of('admin', 'xinan')('atlantis')).toBe(false)
    expect(of('admin', '')('caihong')).toBe(false)
  })
})
