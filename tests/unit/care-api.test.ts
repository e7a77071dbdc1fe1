import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readPlan } from '../../server/store/care.ts'
import { detectorRecords } from '../../server/store/verdicts.ts'
import type { Alert } from '../../shared/alert.ts'
import { createCareBook } from '../../shared/care.ts'
import { type ApiServer, startApi } from '../support/api.ts'
import { DAUGHTER, GRANNY, NEIGHBOUR } from '../support/care.ts'
import { MONDAY_TEN } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const DAY = 86_400_000
let server: ApiServer
beforeEach(async () => {
  // the main thread's world knows no plans
  server = await startApi(testWorld({ residents: [GRANNY, NEIGHBOUR], care: createCareBook(() => undefined) }))
})
afterEach(() => server.close())

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'
const ask = async (method: Method, path: string, role: string, payload?: object, more: { key?: string; scope?: string } = {}) => {
  const headers = { ...(await server.as(role, more.scope ? { scope: more.scope } : {})), ...(more.key && { 'idempotency-key': more.key }) }
  const answer = await server.app.inject({ method, url: `/api/${path}`, headers, ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json(), text: answer.body }
}
const PLAN = { version: 0, contacts: [{ relation: 'family', name: DAUGHTER.name, phone: DAUGHTER.phone }] }
const save = (more: object = {}, role = 'officer', key?: string) =>
  ask('PUT', 'care/r1', role, { ...PLAN, ...more }, { ...(key && { key }) })

describe('[P5] names and numbers are masked on the server', () => {
  test('for an officer in part, for a grid worker without the number', async () => {
    const { status, body, text } = await save()
    expect([status, body.version, body.contacts]).toEqual([
      ...[200, 1],
      [{ id: 'c1', relation: 'family', name: '陈*芳', phone: '139****2222', masked: true }],
    ])
    expect(text).not.toMatch(/陈小芳|13900002222|王小兰|13900001111/)
    const field = await ask('GET', 'care/r1', 'field')
    expect(field.body.callOrder.map(({ id, phone }: { id: string; phone?: string }) => [id, phone])).toEqual([
      ['self', undefined],
      ['c1', undefined],
    ])
    expect(field.text).not.toMatch(/陈小芳|2222|王小兰|1111/)
  })

  test('[S2] unmasked only by a command that says why, one contact or all', async () => {
    await save()
    const ask1 = (role: string, body: object) => ask('POST', 'care/r1/unmask', role, body)
    expect((await ask1('field', { reason: '联系家属' })).status).toBe(403)
    expect((await ask1('officer', {})).status).toBe(400)
    expect((await ask1('officer', { reason: '联系家属', contactId: 'c1' })).body.items).toEqual([{ ...DAUGHTER, masked: false }])
    expect((await ask1('officer', { reason: '联系家属' })).body.items).toHaveLength(2)
    const { items } = (await ask('GET', 'audit?act=care.unmask', 'supervisor')).body
    expect(items).toMatchObject([{ subject: 'r1', why: '联系家属' }, { detail: { contactId: 'c1' } }])
  })

  test('nothing that is kept beside the plan holds a name or a number', async () => {
    await save({}, 'officer', 'key-1')
    await ask('PUT', 'care/r1', 'officer', { ...PLAN, version: 0 }, { key: 'key-2' })
    const kept = server.db.prepare('SELECT answer AS text FROM idempotency UNION SELECT detail FROM audit').all()
    expect(JSON.stringify(kept)).not.toMatch(/陈小芳|2222/)
    expect(JSON.stringify(kept)).toContain('changedBy')
  })
})

describe('[D2] versions and keys', () => {
  test('a late save gets 409 with the version that stands; a repeated one is done once', async () => {
    const [first, again] = [await save({}, 'officer', 'k'), await save({}, 'officer', 'k')]
    expect([first.status, again.status, again.body.version]).toEqual([200, 200, 1])
    const late = await save({ contacts: [] })
    expect(late).toMatchObject({ status: 409, body: { current: { residentId: 'r1', version: 1 } } })
    expect(readPlan(server.db, 'r1')?.contacts).toHaveLength(1)
  })

  test('an absence twice with one key is one absence', async () => {
    const body = { kind: 'hospital', until: MONDAY_TEN + DAY }
    const answers = [1, 2].map(() => ask('POST', 'care/r1/absence', 'field', body, { key: 'away' }))
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([201, 201])
    expect(readPlan(server.db, 'r1')?.absences).toHaveLength(1)
  })

  test.each([
    ['version', { version: undefined }],
    ['contacts', { contacts: undefined }],
    ['contacts.0.phone', { contacts: [{ relation: 'family', name: '陈' }] }],
    ['consent.by', { consent: { at: MONDAY_TEN, by: 'c7' } }],
  ])('a problem names %s', async (field, body) => {
    const { status, body: problem } = await save(body)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(problem.errors[0]).toMatchObject({ field, fix: expect.stringMatching(/.{3}/) })
  })
})

describe('[S3] by role and by place', () => {
  test('a wall, a visitor and an engineer see no plan; a grid worker changes none', async () => {
    for (const role of ['wall', 'visitor', 'resident', 'engineer']) expect((await ask('GET', 'care/r1', role)).status).toBe(403)
    expect((await save({}, 'field')).status).toBe(403)
  })

  test('a grid worker sees the own grid alone', async () => {
    const scope = 'caihong-g2'
    const list = await ask('GET', 'care', 'field', undefined, { scope })
    expect(list.body.items.map(({ residentId }: { residentId: string }) => residentId)).toEqual(['r2'])
    for (const path of ['care/r1', 'care/r1/history']) expect((await ask('GET', path, 'field', undefined, { scope })).status).toBe(403)
    const away = { kind: 'travel', until: MONDAY_TEN + DAY }
    expect((await ask('POST', 'care/r1/absence', 'field', away, { scope })).status).toBe(403)
    expect((await ask('POST', 'care/r2/absence', 'field', away, { scope })).status).toBe(201)
    expect((await ask('GET', 'care/nobody', 'officer')).status).toBe(404)
  })
})

test('[S3] contacts to choose from are the staff whose duty covers the home, nearest first and masked', async () => {
  const { status, body, text } = await ask('GET', 'care/r1/staff', 'officer')
  expect(status).toBe(200)
  expect(body.items.map(({ id, relation }: { id: string; relation: string }) => [id, relation])).toEqual([
    ['head-c001', 'cluster-head'],
    ['b01-head', 'other'],
    ['g1-day', 'grid-worker'],
    ['g1-other', 'grid-worker'],
    ['community', 'community'],
    ['party', 'community'],
  ])
  expect(body.items[0]).toMatchObject({ staffId: 'head-c001', name: '试head-c001', phone: '138****0000', place: expect.any(String) })
  expect(text).not.toContain('13800000000')
  expect((await ask('GET', 'care/r1/staff', 'engineer')).status).toBe(403)
  expect((await ask('GET', 'care/r1/staff', 'field', undefined, { scope: 'caihong-g2' })).status).toBe(403)
})

test('[D1] an alert without an incident says whom to call, masked', async () => {
  await save()
  server.put(({ alerts }) =>
    alerts.put({
      ...{
        id: 'alert-1',
        key: 'k',
        kind: 'not-returned',
        state: 'active-unacknowledged',
        priority: 3,
        status: 'actual',
        placeId: GRANNY.placeId,
      },
      ...{ residentId: 'r1', raisedAt: MONDAY_TEN, lastAt: MONDAY_TEN, active: true, count: 1, evidence: {}, steps: [], version: 1 },
    } as Alert),
  )
  const { body, text } = await ask('GET', 'alerts/alert-1/contacts', 'officer')
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual(['self', 'c1'])
  expect(text).not.toMatch(/陈小芳|13900002222|王小兰/)
  expect((await ask('GET', 'alerts/alert-9/contacts', 'officer')).status).toBe(404)
  const { items } = (await ask('GET', 'care/r1/history', 'officer')).body
  expect(items).toMatchObject([{ id: 'alert-1', version: 1 }])
})

test('[D1] the list tells the state of each plan and filters by it', async () => {
  await save({ consent: { at: MONDAY_TEN - DAY, by: 'self', until: MONDAY_TEN } })
  await ask('POST', 'care/r2/absence', 'officer', { kind: 'hospital', until: MONDAY_TEN + DAY })
  const list = async (query: string) =>
    (await ask('GET', `care${query}`, 'officer')).body.items.map((item: { residentId: string; state: string }) => [
      item.residentId,
      item.state,
    ])
  expect(await list('')).toEqual([
    ['r1', 'consent-ended'],
    ['r2', 'away'],
  ])
  expect(await list('?state=away,no-plan')).toEqual([['r2', 'away']])
  expect((await ask('GET', 'care?state=lost', 'officer')).body.errors).toMatchObject([{ field: '?state' }])
  expect((await ask('DELETE', 'care/r2/absence/a1', 'officer')).status).toBe(204)
  expect(await list('?state=away')).toEqual([])
})

describe('[X1] the record of a detector', () => {
  const alert = (n: number, more: Partial<Alert> = {}): Alert => ({
    ...{ id: `alert-${n}`, key: `k${n}`, kind: 'inactivity', state: 'normal', priority: 2, status: 'actual', placeId: GRANNY.placeId },
    ...{ raisedAt: MONDAY_TEN, lastAt: MONDAY_TEN, active: false, count: 1, evidence: {}, steps: [], version: 1, ...more },
  })
  const judged = (verdict: 'real' | 'false' | 'exercise') => ({ verdict: { verdict, at: 0, by: 'u' } })

  test('counts by kind what people found in the last 90 days; exercises are apart, tests nowhere', async () => {
    server.put(({ alerts }) => {
      const all = [{}, judged('real'), judged('false'), judged('false'), judged('exercise'), { status: 'exercise' }, { status: 'test' }]
      for (const [n, more] of all.entries()) alerts.put(alert(n + 1, more as Partial<Alert>))
      alerts.put(alert(20, { raisedAt: MONDAY_TEN - 91 * DAY, ...judged('real') }))
      alerts.put(alert(21, { kind: 'help', placeId: NEIGHBOUR.placeId }))
    })
    const { body } = await ask('GET', 'detectors', 'officer')
    expect(body.since).toBe(MONDAY_TEN - 90 * DAY)
    expect(body.items).toEqual([
      { kind: 'help', raised: 1, real: 0, false: 0, unknown: 1, exercise: 0 },
      { kind: 'inactivity', raised: 4, real: 1, false: 2, unknown: 1, exercise: 2 },
    ])
    const own = await ask('GET', 'detectors', 'field', undefined, { scope: 'caihong-g2' })
    expect(own.body.items.map(({ kind }: { kind: string }) => kind)).toEqual(['help'])
    expect(detectorRecords(server.db, 0).find(({ kind }) => kind === 'inactivity')?.real).toBe(2)
    expect((await ask('GET', 'detectors', 'visitor')).status).toBe(403)
  })
})
