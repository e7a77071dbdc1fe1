import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { progress } from '../../server/notify/reporters.ts'
import { noticeOf } from '../../server/out/notice.ts'
import { wordsOf } from '../../server/out/words.ts'
import type { Incident } from '../../shared/incident.ts'
import type { Order } from '../../shared/order.ts'
import { testLoop } from '../support/loop.ts'
import { openNotify } from '../support/notify.ts'
import { actor } from '../support/work.ts'
import { testWorld, tinyStaff, tinyTeamStaff, tinyTeams } from '../support/world.ts'

const FLAT = 'caihong-b01-u1-101'
const world = testWorld({ staff: [...tinyStaff(), ...tinyTeamStaff()], teams: tinyTeams() })
let room: ReturnType<typeof openNotify>
let loop: ReturnType<typeof testLoop>
beforeEach(() => {
  room = openNotify(undefined, world)
  loop = testLoop(room.work, room.tell)
})
afterEach(() => room.close())

const resident = { id: 'r1', name: '赵一', role: 'resident', scope: FLAT } as const
const neighbour = { id: 'r2', name: '钱二', role: 'resident', scope: 'caihong-b01-u1-102' } as const
const officer = actor('officer', 'officer-a')
const worker = actor('field', 'g1-day')

const rows = (kind: string) => room.rows().filter((row) => row.kind === kind)
const told = (person = 'r1') =>
  rows('report.progress')
    .filter(({ recipient }) => recipient === person)
    .map(({ params }) => params.step)
const incidentOf = (id: string | undefined): Incident => room.work.incidents.get(id!)!
const dispatch = (id: string | undefined) => {
  loop.run('incident.dispatch', incidentOf(id), officer, { assignee: 'g1-day' })
  return loop.order()
}
const run = (act: string, by = worker, body = {}) => loop.run<Order>(`order.${act}`, loop.order(), by, body)

describe('the reporter is told at each step', () => {
  test('[D1] sent, accepted, arrived, done, closed: each once, and no worker is named', () => {
    const made = loop.report(resident, { kind: 'street-light', text: '路灯不亮' })
    expect(told()).toEqual([])
    dispatch(made.incidentId)
    for (const act of ['accept', 'arrive', 'handle']) run(act)
    run('verify', officer)
    expect(told()).toEqual(['dispatched', 'accepted', 'arrived', 'handled', 'closed'])
    const words = rows('report.progress').map((row) => JSON.stringify(noticeOf(row, world)))
    for (const text of words) expect(text).not.toMatch(/g1-day|officer-a|试/)
    expect(JSON.parse(words[4]!)).toMatchObject({ title: '您反映的路灯不亮：已办结，请评价', incidentId: null })
    expect(words[4]).toContain(made.no)
  })

  test('[D3] work that was found wanting, and a closed matter that begins again: reopened', () => {
    const made = loop.report(resident, { kind: 'street-light', text: '路灯不亮' })
    dispatch(made.incidentId)
    for (const act of ['accept', 'arrive', 'handle']) run(act)
    run('reject', officer, { reason: '还是不亮' })
    expect(told().slice(4)).toEqual(['reopened'])
    for (const act of ['accept', 'arrive', 'handle']) run(act)
    run('verify', officer)
    loop.run('incident.reopen', incidentOf(made.incidentId), officer, { reason: '又坏了' })
    expect(told().slice(5)).toEqual(['accepted', 'arrived', 'handled', 'closed', 'reopened'])
  })

  test('two reporters of one matter hear both; merged, the other’s reporter hears that and goes on with it', () => {
    const first = loop.report(resident, { kind: 'street-light', text: '路灯不亮' })
    const other = loop.report(neighbour, { kind: 'noise', text: '装修太吵' })
    dispatch(first.incidentId)
    loop.run('incident.merge', incidentOf(other.incidentId), officer, { into: first.incidentId })
    run('accept')
    expect([told('r1'), told('r2')]).toEqual([
      ['dispatched', 'accepted'],
      ['merged', 'accepted'],
    ])
  })

  test('whoever took the report back hears no more', () => {
    const made = loop.report(resident, { kind: 'street-light', text: '路灯不亮' })
    dispatch(made.incidentId)
    loop.say('report.withdraw', resident, {}, { target: made.id })
    run('accept')
    expect(told()).toEqual(['dispatched'])
  })

  test('a find of a grid worker’s: its finder, but not about the own work', () => {
    const made = loop.report(worker, { kind: 'street-light', text: '路灯不亮', placeId: FLAT })
    loop.run('incident.dispatch', incidentOf(made.incidentId), officer, { assignee: 'g1-other' })
    expect(told('g1-day')).toEqual(['dispatched'])
    loop.run('order.transfer', loop.order(), officer, { assignee: 'g1-day', reason: '换人' })
    run('accept')
    expect(told('g1-day')).toEqual(['dispatched'])
  })

  test('[X1] an exercise tells nobody', () => {
    const made = loop.report(resident, { kind: 'street-light', text: '路灯不亮' })
    room.work.incidents.put({ ...incidentOf(made.incidentId), status: 'exercise' })
    dispatch(made.incidentId)
    expect(told()).toEqual([])
  })

  test('quiet hours hold even of what is most urgent for us: the page makes no sound', () => {
    room.set('r1', { quiet: { from: '00:00', to: '23:59' } })
    const made = loop.report(resident, { kind: 'burst-pipe', text: '水管爆裂' })
    expect(incidentOf(made.incidentId).priority).toBeLessThanOrEqual(2)
    expect(rows('report.progress').map(({ params, priority }) => [params.quiet, priority])).toEqual([[true, 2]])
  })

  test.each([
    [true, ['officer-a']],
    [undefined, []],
  ])('a caller without an account: the officer rings back when it is closed, if so asked (%s)', (callback, expected) => {
    const made = loop.report(officer, {
      kind: 'street-light',
      placeId: FLAT,
      channel: 'hotline',
      reporter: { name: '孙', phone: '13900000001', callback },
    })
    dispatch(made.incidentId)
    for (const act of ['accept', 'arrive', 'handle']) run(act)
    expect(rows('report.call-back')).toEqual([])
    run('verify', officer)
    expect(rows('report.call-back').map(({ recipient }) => recipient)).toEqual(expected)
    for (const row of rows('report.call-back')) expect(JSON.stringify(row)).not.toMatch(/孙|139/)
  })
})

test.each([
  ['received', 'accepted', 'accepted'],
  ['accepted', 'dispatched', 'dispatched'],
  ['handled', 'dispatched', 'reopened'],
  ['closed', 'handled', 'reopened'],
  ['handled', 'arrived', undefined],
  ['dispatched', 'received', undefined],
  ['arrived', 'arrived', undefined],
] as const)('from %s to %s: %s', (was, is, step) => {
  expect(progress(was, is)).toBe(step)
})

test('a kind that people report goes by its name in the register', () => {
  const made = loop.report(resident, { kind: 'street-light', text: '路灯不亮' })
  const order = dispatch(made.incidentId)
  const row = rows('order.new')[0]!
  expect([order.kind, wordsOf(row, world, { detail: 'flat', staffNames: true }).title]).toEqual([
    'report.street-light',
    '新工单 四级 路灯不亮',
  ])
})
