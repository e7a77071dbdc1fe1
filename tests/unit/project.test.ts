import { expect, test } from 'vitest'
import { createWorld } from '../../server/registers/world.ts'
import { ROLES, type Role } from '../../shared/access.ts'
import { maskName, maskPhone } from '../../shared/mask.ts'
import { applyPatch } from '../../shared/patch.ts'
import type { Resident } from '../../shared/person.ts'
import { createProjector, project, projectPatch, type Watcher } from '../../shared/project.ts'
import { busyCommunity, someAlert, someIncident, someOrder, testCenter } from '../support/push.ts'
import { pilotRegisters } from '../support/registers.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const pilot = createWorld(pilotRegisters())
const grandfather: Resident = {
  ...{ id: 'r1', placeId: 'caihong-b01-u1-101', name: '郑伯安', sex: 'm', birthDate: '1944-03-03', phone: '13812345678' },
  ...{ relation: 'head', categories: ['living-alone', 'elder', 'low-income'] },
}
const tiny = testWorld({ residents: [grandfather] })
const watcher = (role: Role, scope = 'xinan', staffId?: string): Watcher => ({ role, scope, staffId })

/** One help press of the old man, with the order to g1-day, and one in the other grid. */
function pressed() {
  const center = testCenter(tiny)
  center.put('alerts', someAlert('alert-1', { residentId: 'r1', incidentId: 'incident-1' }))
  center.put('incidents', someIncident('incident-1', { alerts: ['alert-1'], orders: ['order-1'] }))
  center.put('orders', someOrder('order-1'))
  center.put('alerts', someAlert('alert-2', { placeId: 'caihong-b03-u1-101', raisedAt: MONDAY_TEN - 1 }))
  center.commit(true)
  return center
}
const personFor = (who: Watcher) => project(pressed().engine.state(), who, tiny).alerts.find(({ id }) => id === 'alert-1')?.person

test('[P5] names and numbers are masked as people expect', () => {
  expect(['张伟', '张小芳', '欧阳小芳', '李', 'Li Wei', ' 王芳 '].map(maskName)).toEqual(['张*', '张*芳', '欧**芳', '*', 'L***', '王*'])
  expect(['13812340000', '+86 138 1234 0000', '0755-27881234', '12345'].map(maskPhone)).toEqual([
    '138****0000',
    '138****0000',
    '075****1234',
    '****45',
  ])
})

test('[P5] no role without an order of its own is sent the full name or number of any resident', () => {
  const { engine, step } = busyCommunity(pilot, 11)
  for (let i = 0; i < 300; i++) step()
  expect(engine.state().alerts.filter(({ residentId }) => residentId).length).toBeGreaterThan(20)
  const staff = pilot.allStaff().map(({ name }) => name)
  const secrets = new Set(pilot.residents().flatMap(({ name, phone }) => (staff.includes(name) ? [] : [name, phone ?? name])))
  for (const role of ROLES) {
    const text = JSON.stringify(project(engine.state(), watcher(role), pilot))
    const words = wordsOf(staff.reduce((left, name) => left.replaceAll(name, '·'), text))
    expect({ role, told: words.filter((word) => secrets.has(word)) }).toEqual({ role, told: [] })
  }
})

/** Every run of digits, and every two, three or four Chinese characters in a row. */
function wordsOf(text: string): string[] {
  const runs = text.match(/\p{Script=Han}{2,}/gu) ?? []
  const windows = runs.flatMap((run) => [2, 3, 4].flatMap((size) => [...run].map((_, i) => run.slice(i, i + size))))
  return [...new Set([...windows, ...(text.match(/\d{7,}/g) ?? [])])]
}

test('[P5] the public state itself holds no name', () => {
  const { engine, step } = busyCommunity(pilot, 12)
  for (let i = 0; i < 100; i++) step()
  const text = JSON.stringify(engine.state())
  expect([...pilot.residents(), ...pilot.allStaff()].filter(({ name }) => text.includes(name))).toEqual([])
})

test('[P5] each role sees of a person what its table says', () => {
  expect(personFor(watcher('wall'))).toEqual({ name: '郑*安', age: 81, sex: 'm', phone: undefined, categories: ['living-alone', 'elder'] })
  expect(personFor(watcher('officer'))).toMatchObject({ name: '郑*安', phone: '138****5678', categories: grandfather.categories })
  expect(personFor(watcher('visitor'))).toBeUndefined()
  expect(personFor(watcher('engineer'))).toBeUndefined()
  expect(personFor(watcher('field', 'caihong-g1', 'g1-other'))).toMatchObject({ name: '郑*安', phone: undefined })
})

test('[P5] ages change with the community’s midnight', () => {
  const { engine, work, commit } = pressed()
  const projector = createProjector(watcher('wall'), tiny)
  const ageAt = (time: string) => {
    work.now = Date.parse(time)
    commit(true)
    return projector(engine.state()).alerts[0]?.person?.age
  }
  expect([ageAt('2026-03-02T23:59:59+08:00'), ageAt('2026-03-03T00:00:00+08:00')]).toEqual([81, 82])
})

test('[P5] whoever was given the order is told whom it is about', () => {
  expect(personFor(watcher('field', 'caihong-g1', 'g1-day'))).toMatchObject({ name: '郑伯安', phone: '13812345678' })
})

test('[P5] staff are named in full to the office, masked on a wall', () => {
  const order = (role: Role) => project(pressed().engine.state(), watcher(role), tiny).orders[0]
  expect(order('officer')?.assigneeName).toBe('试g1-day')
  expect(order('wall')?.assigneeName).toBe('试***')
  expect(project(pressed().engine.state(), watcher('wall'), tiny).shift).toMatchObject({ officerId: 'officer-a', officer: '试***' })
})

test('[P5] a resident watching sees the community and nobody’s matters', () => {
  const state = project(pressed().engine.state(), watcher('resident'), tiny)
  expect([state.alerts, state.orders, state.incidents, state.care, state.devices]).toEqual([[], [], [], [], []])
  expect(state.alertTotals.open).toBe(0)
  expect(state.totals).toMatchObject({ grids: 2, buildings: 3 })
})

test('[S3] a grid sees itself: items, areas and totals', () => {
  const state = project(pressed().engine.state(), watcher('officer', 'caihong-g2'), tiny)
  expect(state.alerts.map(({ id }) => id)).toEqual(['alert-2'])
  expect([state.orders, state.incidents]).toEqual([[], []])
  expect(state.grids.map(({ id }) => id)).toEqual(['caihong-g2'])
  expect(state.clusters.map(({ id }) => id)).toEqual(['caihong-c003'])
  expect(state.totals).toMatchObject({ grids: 1, clusters: 1, buildings: 1, households: 6, residents: 0 })
  expect(state.alertTotals).toMatchObject({ open: 1, byPriority: { 1: 1 } })
})

test('[S3] a building sees its grid and clusters, a cluster its flats', () => {
  const of = (scope: string) => project(pressed().engine.state(), watcher('officer', scope), tiny)
  expect(of('caihong-b01').clusters.map(({ id }) => id)).toEqual(['caihong-c001'])
  expect(of('caihong-b01').grids.map(({ id }) => id)).toEqual(['caihong-g1'])
  expect(of('caihong-c003').alerts.map(({ id }) => id)).toEqual(['alert-2'])
})

test('[P1] projecting the pilot as a whole keeps the numbers of its registers', () => {
  const { engine, commit } = testCenter(pilot)
  commit(true)
  const wanted = { grids: 5, clusters: 115, buildings: 45, households: 1305, residents: 6908, cameras: 113, speakers: 5 }
  expect(engine.state().totals).toMatchObject(wanted)
  expect(project(engine.state(), watcher('wall'), pilot).totals).toMatchObject(wanted)
  const grids = [1, 2, 3, 4, 5].map((n) => project(engine.state(), watcher('officer', `caihong-g${n}`), pilot).totals)
  expect(grids.reduce((sum, { residents }) => sum + residents, 0)).toBe(6908)
  expect(grids.reduce((sum, { clusters }) => sum + clusters, 0)).toBe(115)
})

test.each([watcher('wall'), watcher('officer', 'caihong-g3'), watcher('resident'), watcher('visitor', 'caihong-b12')])(
  '[P1] projected patches fold to the projected state: %o',
  (who) => {
    const { engine, step } = busyCommunity(pilot, 5)
    step()
    const remembering = createProjector(who, pilot)
    let seen = remembering(engine.state())
    for (let i = 0; i < 60; i++) {
      const before = engine.state()
      step()
      const after = engine.state()
      seen = applyPatch(seen, projectPatch(before, { from: before.revision, to: after.revision, at: after.at, ops: [] }, after, who, pilot))
      expect(seen).toEqual(project(after, who, pilot))
      expect(remembering(after)).toEqual(seen)
    }
  },
)
