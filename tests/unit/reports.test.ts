import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Incident } from '../../shared/incident.ts'
import type { Resident } from '../../shared/person.ts'
import { testLoop } from '../support/loop.ts'
import { refusal } from '../support/refusal.ts'
import { actor, testWork } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const FLAT = 'caihong-b01-u1-101'
const UPSTAIRS = 'caihong-b01-u1-201'
const NEXT_UNIT = 'caihong-b01-u2-101'
const officer = actor('officer', 'officer-a')
const worker = actor('field', 'g1-day')
const resident = (id: string, scope = FLAT) => ({ ...actor('resident', undefined, id), scope })
const person = (id: string, categories: Resident['categories'], placeId = FLAT): Resident => ({
  ...{ id, placeId, name: '试居民', sex: 'f', birthDate: '1950-01-01', relation: 'head', categories },
})
const loopWith = (...residents: Resident[]) => testLoop(testWork(testWorld({ residents })))
const pipe = { kind: 'burst-pipe', text: '水管爆裂' }
const leak = { kind: 'hazard.leak', latched: false, priority: 2 } as const
const lines = ({ timeline }: Incident) => timeline.map(({ what }) => what)

describe('opening', () => {
  test('an urgent kind goes out at once, any other waits for triage with a deadline and an owner', () => {
    const urgent = testLoop()
    urgent.report(resident('r1'), pipe)
    expect(urgent.incident()).toMatchObject({ kind: 'report.burst-pipe', priority: 2, orders: ['order-1'], channels: ['resident'] })
    expect(urgent.incident().triageBy).toBeUndefined()
    const later = testLoop()
    later.report(resident('r1'), { kind: 'no-water', text: '停水了' })
    expect(later.incident()).toMatchObject({ priority: 3, orders: [], triageBy: later.work.now + 30 * 60_000, owner: 'officer-a' })
  })

  test('a kind that goes out by rule does so whatever its priority', () => {
    const loop = testLoop()
    loop.report(resident('r1'), { kind: 'sos' })
    expect(loop.incident().orders).toEqual(['order-1'])
  })

  test('where somebody lives alone it is one step more urgent, and the record says why', () => {
    const loop = loopWith(person('r1', ['living-alone']))
    loop.report(resident('r1'), { kind: 'leak', text: '漏水' })
    expect(loop.incident()).toMatchObject({ priority: 2 })
    expect(loop.incident().timeline[1]).toMatchObject({ what: 'incident.people-at-risk', from: '3', to: '2', note: 'living-alone' })
    const parking = loopWith(person('r1', ['living-alone']))
    parking.report(resident('r1'), { kind: 'illegal-parking', text: '堵门' })
    expect(parking.incident().priority).toBe(4)
  })

  test('the record names no resident and no caller', () => {
    const loop = loopWith(person('r1', []))
    loop.report(resident('r1'), pipe)
    loop.report(
      officer,
      { kind: 'noise', placeId: FLAT, channel: 'hotline', reporter: { name: '王试', phone: '13900001111' } },
      { callerKey: 'k' },
    )
    const said = JSON.stringify([...loop.work.incidents.things.values()])
    expect(said).not.toMatch(/r1\b|王试|13900001111/)
  })

  test('a whistle names the teams that are called', () => {
    const { report } = testLoop()
    expect(refusal(() => report(officer, { kind: 'other', placeId: FLAT, channel: 'whistle' })).errors).toMatchObject([{ field: 'teams' }])
  })

  test.each([
    ['kind', { kind: 'nonsense' }, 422],
    ['kind', {}, 400],
    ['placeId', { kind: 'noise', placeId: 'moon' }, 404],
    ['lon', { kind: 'noise', lon: 999, lat: 1 }, 422],
    ['at', { kind: 'noise', at: 1 }, 422],
    ['photos', { kind: 'noise', photos: Array.from({ length: 10 }, (_, n) => `photo-${n}`) }, 422],
    ['text', { kind: 'noise', text: 'x'.repeat(2001) }, 422],
  ])('a wrong %s is named with its fix', (field, body, status) => {
    const problem = refusal(() => testLoop().report(resident('r1'), body))
    expect(problem).toMatchObject({ status, errors: [{ field }] })
  })
})

describe('[A4] one matter, once', () => {
  test('a leak alert and a resident of the same unit are one incident, across channels, and nobody is sent twice', () => {
    const loop = testLoop()
    loop.raise({ ...leak, placeId: UPSTAIRS })
    const report = loop.report(resident('r1'), pipe)
    expect(report.incidentId).toBe('incident-1')
    expect(loop.incident()).toMatchObject({ alerts: ['alert-1'], reports: ['report-1'], orders: ['order-1'] })
    expect(lines(loop.incident())).toContain('report.joined')
  })

  test('the other way round: the alert joins what was reported', () => {
    const loop = testLoop()
    loop.report(resident('r1'), pipe)
    loop.raise({ ...leak, placeId: UPSTAIRS })
    expect(loop.work.incidents.things.size).toBe(1)
    expect(loop.work.orders.things.size).toBe(1)
  })

  test('an alert ends the waiting for triage: somebody is sent', () => {
    const loop = testLoop()
    loop.report(resident('r1'), { kind: 'leak', text: '漏水' })
    expect(loop.incident().orders).toEqual([])
    loop.raise({ ...leak, placeId: UPSTAIRS })
    expect(loop.incident()).toMatchObject({ priority: 2, orders: ['order-1'] })
    expect(loop.incident().triageBy).toBeUndefined()
  })

  test.each([
    ['another unit', { placeId: NEXT_UNIT, ...pipe }],
    ['another kind from the same flat', { kind: 'noise', text: '楼上吵' }],
  ])('%s is another matter', (_name, body) => {
    const loop = testLoop()
    loop.report(resident('r1'), pipe)
    loop.report(resident('r2'), body)
    expect(loop.work.incidents.things.size).toBe(2)
  })

  test('a fall at home and a parking complaint from there are two', () => {
    const loop = testLoop()
    loop.raise({ kind: 'help' })
    loop.report(resident('r1'), { kind: 'illegal-parking' })
    expect(loop.work.incidents.things.size).toBe(2)
  })

  test('a help press and the one-tap help of the same flat are one', () => {
    const loop = loopWith(person('r1', []))
    loop.raise({ kind: 'help' })
    loop.report(resident('r1'), { kind: 'sos' })
    expect(loop.incident()).toMatchObject({ id: 'incident-1', residentId: 'r1', orders: ['order-1'] })
  })

  test('after 24 hours without a word it is a new matter', () => {
    const hours = (n: number) => {
      const loop = testLoop()
      loop.report(resident('r1'), { kind: 'noise', placeId: 'caihong-b01' })
      loop.work.now += n * 3_600_000
      loop.report(resident('r2'), { kind: 'noise', placeId: 'caihong-b01' })
      return loop.work.incidents.things.size
    }
    expect([hours(23), hours(25)]).toEqual([1, 2])
  })

  test('quarrels and questions are each a matter of their own', () => {
    const loop = testLoop()
    loop.report(resident('r1'), { kind: 'neighbour-dispute', placeId: 'caihong-b01' })
    loop.report(resident('r2'), { kind: 'neighbour-dispute', placeId: 'caihong-b01' })
    expect(loop.work.incidents.things.size).toBe(2)
  })

  test('what no rule joins is proposed with its reasons', () => {
    const loop = testLoop()
    loop.report(resident('r1'), { kind: 'illegal-parking', placeId: 'caihong-b01', text: '白色面包车停在通道' })
    loop.report(resident('r2'), { kind: 'illegal-parking', placeId: 'caihong-b02', text: '一辆白色面包车停在路口' })
    const [proposal] = loop.incident().proposals ?? []
    expect(proposal).toMatchObject({ incidentId: 'incident-1', why: ['same-kind', 'same-grid', 'within-2h', 'similar-text'] })
    loop.report(resident('r3'), { kind: 'policy', placeId: 'caihong-b03', text: '社保怎么办' })
    expect(loop.incident().proposals).toBeUndefined()
  })
})

describe('who says it often', () => {
  test('a hundred presses are one report with the number, one incident and one order', () => {
    const loop = testLoop()
    for (let n = 0; n < 100; n++) loop.report(resident('r1'), { kind: 'sos' })
    expect(loop.work.reports.things.size).toBe(1)
    expect(loop.work.reports.get('report-1')).toMatchObject({ repeats: 99 })
    expect(loop.work.orders.things.size).toBe(1)
    expect(loop.incident().timeline.filter(({ what }) => what === 'report.repeated')).toMatchObject([{ note: '×99' }])
  })

  test('other words within minutes are lines of the same report, so nothing is lost', () => {
    const loop = testLoop()
    loop.report(resident('r1'), pipe)
    loop.report(resident('r1'), { ...pipe, text: '已经流到楼下了' })
    expect(loop.incident().timeline.at(-1)).toMatchObject({ what: 'report.added', note: '已经流到楼下了' })
    loop.work.now += 11 * 60_000
    expect(loop.report(resident('r1'), pipe)).toMatchObject({ id: 'report-2', incidentId: 'incident-1' })
  })

  test('over so many an hour the answer is 429 with the time to wait; an emergency is never refused', () => {
    const loop = testLoop()
    const places = ['caihong-b01', 'caihong-b02', 'caihong-b03', 'caihong-square']
    const kinds = ['noise', 'litter', 'dogs', 'ads', 'fumes']
    for (const placeId of places) for (const kind of kinds) loop.report(resident('r1'), { kind, placeId })
    const problem = refusal(() => loop.report(resident('r1'), { kind: 'policy' }))
    expect(problem).toMatchObject({ status: 429, retryAfter: 3600 })
    expect(loop.report(resident('r1'), { kind: 'sos' }).incidentId).toBeDefined()
    expect(loop.report(resident('r2'), { kind: 'policy' }).id).toBe('report-22')
    loop.work.now += 3_600_001
    expect(loop.report(resident('r1'), { kind: 'policy' }).id).toBe('report-23')
  })
})

describe('triage', () => {
  const waiting = () => {
    const loop = testLoop()
    loop.report(resident('r1'), { kind: 'illegal-parking', placeId: 'caihong-b01' })
    return loop
  }

  test('says what it is, how urgent and where; what may not wait goes out', () => {
    const loop = waiting()
    const after = loop.run('incident.triage', loop.incident(), officer, {
      kind: 'fire-lane',
      placeId: 'caihong-gate-east',
      reason: '堵通道',
    })
    expect(after).toMatchObject({ kind: 'report.fire-lane', priority: 2, placeId: 'caihong-gate-east', orders: ['order-1'] })
    expect(after.timeline.find(({ what }) => what === 'incident.triaged')).toMatchObject({ by: 'officer-a', note: '堵通道' })
    expect(loop.work.reports.get('report-1')!.kind).toBe('illegal-parking')
  })

  test('looked at but not sent: the deadline goes on, never later than it was', () => {
    const loop = waiting()
    const due = loop.incident().triageBy!
    expect(loop.run('incident.triage', loop.incident(), officer, { priority: 3 })).toMatchObject({ priority: 3, triagedAt: loop.work.now })
    expect(loop.incident().triageBy).toBeLessThan(due)
    expect(loop.incident().orders).toEqual([])
  })

  test('a field worker does not, and nobody on a closed one', () => {
    const loop = waiting()
    expect(refusal(() => loop.run('incident.triage', loop.incident(), worker, { priority: 3 })).status).toBe(403)
    loop.run('incident.close', loop.incident(), officer, { reason: '已挪车' })
    expect(refusal(() => loop.run('incident.triage', loop.incident(), officer, { priority: 3 })).status).toBe(409)
  })

  test('a missed deadline is told rung by rung, each once, and when the top has been told it goes out by rule', () => {
    const loop = testLoop()
    loop.report(resident('r1'), { kind: 'no-water' })
    loop.tick(31)
    expect(loop.incident()).toMatchObject({ triageLate: true, orders: [] })
    expect(loop.incident().timeline.at(-1)).toMatchObject({ what: 'deadline.missed', from: 'triage', to: 'officer-a party' })
    loop.tick(10_000)
    expect(lines(loop.incident()).filter((what) => what.startsWith('deadline.'))).toEqual([
      'deadline.missed',
      'deadline.escalated',
      'deadline.escalated',
    ])
    expect(loop.incident().orders).toEqual(['order-1'])
  })

  test('somebody is sent by a click: nobody waits any more', () => {
    const loop = waiting()
    loop.run('incident.dispatch', loop.incident(), officer, { assignee: 'g1-day' })
    expect(loop.incident().triageBy).toBeUndefined()
    loop.tick(100_000)
    expect(lines(loop.incident()).filter((what) => what === 'incident.sent-by-rule')).toEqual([])
  })
})

describe('merging and taking out again', () => {
  const what = ({ state, alerts, reports, orders, priority, residentId, answered, channels, triageBy }: Incident) => ({
    ...{ state, alerts, reports, orders, priority, residentId, answered, channels, triageBy },
  })
  const belongs = (loop: ReturnType<typeof testLoop>) => [
    ...[...loop.work.orders.things.values()].map(({ id, incidentId, state, assignee }) => [id, incidentId, state, assignee]),
    ...[...loop.work.alerts.things.values()].map(({ id, incidentId }) => [id, incidentId]),
    ...[...loop.work.reports.things.values()].map(({ id, incidentId }) => [id, incidentId]),
  ]

  const source = fc.constantFrom('alert', 'report', 'urgent', 'quarrel')
  const acts = fc.array(fc.constantFrom('order.accept', 'order.arrive', 'order.handle'), { maxLength: 3 })

  test('unmerge after merge leaves both as they were: lists, orders, priority, state', () => {
    fc.assert(
      fc.property(source, source, acts, acts, fc.boolean(), (one, two, workOne, workTwo, swap) => {
        const loop = testLoop()
        const begin = (kind: string, placeId: string, by: string) => {
          if (kind === 'alert') loop.raise({ kind: 'help', placeId })
          else
            loop.report(resident(by), { kind: { report: 'no-water', urgent: 'burst-pipe', quarrel: 'neighbour-dispute' }[kind], placeId })
          return loop.incident().id
        }
        const proceed = (id: string, steps: readonly string[]) => {
          for (const act of ['order.accept', 'order.arrive', 'order.handle'].slice(0, steps.length)) {
            const order = loop.work.incidents.get(id)!.orders[0]
            if (order) loop.run(act, loop.work.orders.get(order)!, officer)
          }
        }
        const ids = [begin(one, FLAT, 'r1'), begin(two, 'caihong-b03-u1-101', 'r2')]
        proceed(ids[0]!, workOne)
        proceed(ids[1]!, workTwo)
        const [from, into] = swap ? [ids[1]!, ids[0]!] : [ids[0]!, ids[1]!]
        const get = (id: string) => loop.work.incidents.get(id)!
        const before = [what(get(from)), what(get(into)), belongs(loop)]
        loop.run('incident.merge', get(from), officer, { into })
        expect(get(from).state).toBe('merged')
        loop.run('incident.unmerge', get(from), officer, {})
        expect([what(get(from)), what(get(into)), belongs(loop)]).toEqual(before)
        expect(get(from).merged).toBeUndefined()
      }),
      { numRuns: 200, seed: 20261123 },
    )
  })

  const merged = () => {
    const loop = testLoop()
    loop.report(resident('r1'), { kind: 'no-water', placeId: 'caihong-b01' })
    loop.report(resident('r2'), { kind: 'no-water', placeId: 'caihong-b02' })
    const [a, b] = ['incident-1', 'incident-2'] as const
    loop.run('incident.merge', loop.work.incidents.get(b)!, officer, { into: a })
    return { loop, a: () => loop.work.incidents.get(a)!, b: () => loop.work.incidents.get(b)! }
  }

  test('a merged report belongs to the other, and its words are told once', () => {
    const { loop, a } = merged()
    expect(a().reports).toEqual(['report-1', 'report-2'])
    expect(loop.work.reports.get('report-2')!.incidentId).toBe('incident-1')
    expect(lines(a())).toEqual(['report.received', 'incident.took-over'])
  })

  test('not out of one that is closed, nor of one that was merged on: 409 with what to do', () => {
    const closed = merged()
    closed.loop.run('incident.close', closed.a(), officer, { reason: '来水了' })
    expect(refusal(() => closed.loop.run('incident.unmerge', closed.b(), officer, {}))).toMatchObject({ status: 409, detail: /reopen it/ })
    const on = merged()
    on.loop.report(resident('r3'), { kind: 'no-power', placeId: 'caihong-b03' })
    on.loop.run('incident.merge', on.a(), officer, { into: 'incident-3' })
    expect(refusal(() => on.loop.run('incident.unmerge', on.b(), officer, {}))).toMatchObject({
      status: 409,
      detail: /take incident-1 out/,
    })
    expect(refusal(() => on.loop.run('incident.unmerge', on.loop.incident(), officer, {}))).toMatchObject({ status: 409 })
  })

  test('the same person is not sent twice to what is one matter', () => {
    const loop = testLoop()
    loop.raise({ ...leak, placeId: FLAT })
    loop.raise({ ...leak, placeId: NEXT_UNIT })
    loop.run('incident.merge', loop.incident(), officer, { into: 'incident-1' })
    const open = [...loop.work.orders.open()]
    expect(open.map(({ id, incidentId }) => [id, incidentId])).toEqual([['order-1', 'incident-1']])
    loop.run('incident.unmerge', loop.work.incidents.get('incident-2')!, officer, {})
    expect([...loop.work.orders.open()].map(({ incidentId }) => incidentId)).toEqual(['incident-1', 'incident-2'])
  })
})

describe('the reporter', () => {
  test('takes it back: closed when nobody else said it and nobody is under way', () => {
    const loop = testLoop()
    const report = loop.report(resident('r1'), { kind: 'no-water' })
    expect(refusal(() => loop.say('report.withdraw', resident('r2'), {}, { target: report.id })).status).toBe(403)
    loop.say('report.withdraw', resident('r1'), { reason: '来水了' }, { target: report.id })
    expect(loop.incident()).toMatchObject({ state: 'closed' })
    const busy = testLoop()
    const urgent = busy.report(resident('r1'), pipe)
    busy.say('report.withdraw', resident('r1'), {}, { target: urgent.id })
    expect(busy.incident().state).toBe('open')
  })

  test('rates it once, when it is closed', () => {
    const loop = testLoop()
    const { id } = loop.report(resident('r1'), { kind: 'no-water' })
    const rate = (stars: unknown) => loop.say('report.rate', resident('r1'), { stars, text: '很快' }, { target: id })
    expect(refusal(() => rate(5)).status).toBe(409)
    loop.run('incident.close', loop.incident(), officer, { reason: '来水了' })
    expect(refusal(() => rate(6)).status).toBe(422)
    expect(rate(5).rating).toMatchObject({ stars: 5, text: '很快' })
    expect(refusal(() => rate(4)).status).toBe(409)
    expect(loop.incident().timeline.at(-1)).toMatchObject({ what: 'report.rated', to: '5', note: '很快' })
  })
})
