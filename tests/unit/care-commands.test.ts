import { beforeEach, expect, test } from 'vitest'
import { careCommands } from '../../server/registers/care-commands.ts'
import { type CareStore, openCareStore, readPlan, readPlans } from '../../server/store/care.ts'
import { type Db, openStore } from '../../server/store/open.ts'
import { writeRegisters } from '../../server/store/registers.ts'
import { DAUGHTER, GRANNY, HEAD } from '../support/care.ts'
import { tempDir } from '../support/engine.ts'
import { refusal } from '../support/refusal.ts'
import { actor, MONDAY_TEN, type TestWork, testWork } from '../support/work.ts'
import { testWorld, tinyPlaces } from '../support/world.ts'

const DAY = 86_400_000
const world = testWorld({ residents: [GRANNY] })
const OFFICER = actor('officer', 'officer-a')
let db: Db
let store: CareStore
let work: TestWork
beforeEach(() => {
  db = openStore(tempDir(), 'demo')
  store = openCareStore(db)
  work = testWork(world)
})
type Name = keyof ReturnType<typeof careCommands>
const run = (name: Name, body: Record<string, unknown>, version?: number, target = 'r1') =>
  careCommands(store)[name](work, { name, target, version, body, actor: OFFICER })
const { id: _1, ...newDaughter } = DAUGHTER
const { id: _2, ...newHead } = HEAD
const save = (body: object = {}, version = 0) => run('care.save', { contacts: [newDaughter, newHead], ...body }, version)

test('[D2] a plan is kept in its order, and is there after a restart', () => {
  const quiet = [{ from: '21:00', to: '07:00' }]
  const consent = { at: MONDAY_TEN, by: 'c1', until: MONDAY_TEN + 365 * DAY }
  expect(save({ quiet, consent, detectors: { inactivity: false } })).toEqual({
    ...{ residentId: 'r1', version: 1, changedAt: MONDAY_TEN, changedBy: 'officer-a' },
  })
  const kept = openCareStore(db).plan('r1')
  expect(kept).toMatchObject({ version: 1, contacts: [DAUGHTER, HEAD], quiet, consent, detectors: { inactivity: false } })
  expect(readPlan(db, 'r1')).toEqual(kept)
  expect(readPlan(db, 'r2')).toBeUndefined()
})

test('[D2] a late save is a conflict that shows no name and no number, and overwrites nothing', () => {
  save()
  const problem = refusal(() => save({ contacts: [] }, 0))
  expect(problem).toMatchObject({ status: 409, current: { version: 1, changedBy: 'officer-a' } })
  expect(JSON.stringify(problem)).not.toMatch(/1390000|陈/)
  expect(refusal(() => run('care.save', { contacts: [] }))).toMatchObject({ status: 400, errors: [{ field: 'version' }] })
  expect(store.plan('r1')?.contacts).toHaveLength(2)
})

test('[P5] what a page saw masked it need not send: the number stays, and a masked one is refused', () => {
  save()
  save({ contacts: [{ id: 'c2' }, { id: 'c1', relation: 'other' }] }, 1)
  expect(store.plan('r1')?.contacts).toEqual([HEAD, { ...DAUGHTER, relation: 'other' }])
  const masked = refusal(() => save({ contacts: [{ id: 'c1', phone: '139****2222' }] }, 2))
  expect(masked).toMatchObject({ status: 422, errors: [{ field: 'contacts.0.phone' }] })
})

test('[D2] the id of a contact who has gone is given to nobody else at once', () => {
  save()
  save({ contacts: [{ id: 'c2' }, newDaughter] }, 1)
  expect(store.plan('r1')?.contacts.map(({ id }) => id)).toEqual(['c2', 'c3'])
})

test.each([
  ['contacts', { contacts: undefined }, 400],
  ['contacts.0.phone', { contacts: [{ relation: 'family', name: '陈' }] }, 400],
  ['contacts.0.name', { contacts: [{ relation: 'family', phone: '13900002222' }] }, 422],
  ['contacts.0.relation', { contacts: [{ ...newDaughter, relation: 'aunt' }] }, 422],
  ['contacts.0.staffId', { contacts: [{ relation: 'doctor', staffId: 'nobody' }] }, 422],
  ['contacts.0.id', { contacts: [{ ...newDaughter, id: 'self' }] }, 422],
  ['contacts.1.id', { contacts: [DAUGHTER, DAUGHTER] }, 422],
  ['quiet.0', { quiet: [{ from: '25:00', to: '07:00' }] }, 422],
  ['detectors.inactivity', { detectors: { inactivity: 'no' } }, 422],
  ['consent.by', { consent: { at: MONDAY_TEN, by: 'c9', until: null } }, 422],
  ['consent.until', { consent: { at: MONDAY_TEN, by: 'self', until: MONDAY_TEN - 1 } }, 422],
])('[D2] a problem names the field %s and the fix', (field, body, status) => {
  expect(refusal(() => save(body))).toMatchObject({ status, errors: [{ field, fix: expect.stringMatching(/.{4}/) }] })
  expect(readPlans(db)).toEqual([])
  expect(work.audits).toEqual([])
})

test('[S2] every command leaves its row, without a name or a number', () => {
  save({ detectors: { inactivity: false } })
  run('care.absence', { kind: 'hospital', until: MONDAY_TEN + DAY })
  run('care.absence.end', { id: 'a1' })
  run('care.unmask', { reason: '电话联系家属', contactId: 'c1' })
  expect(work.audits).toMatchObject([
    { by: 'officer-a', act: 'care.save', subject: 'r1', detail: { changed: ['contacts', 'detectors'], contacts: 2, version: 1 } },
    { act: 'care.absence', detail: { id: 'a1', kind: 'hospital', version: 2 } },
    { act: 'care.absence.end', detail: { id: 'a1', version: 3 } },
    { act: 'care.unmask', subject: 'r1', why: '电话联系家属', detail: { contactId: 'c1' } },
  ])
  expect(JSON.stringify(work.audits)).not.toMatch(/1390000|陈/)
})

test('[S2] no unmasking without a reason', () => {
  expect(refusal(() => run('care.unmask', { reason: ' ' }))).toMatchObject({ status: 400, errors: [{ field: 'reason' }] })
  expect(work.audits).toEqual([])
})

test('[D1] an absence makes a plan if need be; back early it keeps its true end, and one to come is simply gone', () => {
  run('care.absence', { kind: 'travel', until: MONDAY_TEN + 2 * DAY })
  run('care.absence', { kind: 'hospital', from: MONDAY_TEN + 5 * DAY, until: new Date(MONDAY_TEN + 6 * DAY).toISOString(), note: '手术' })
  expect(store.plan('r1')).toMatchObject({
    version: 2,
    absences: [
      { id: 'a1', from: MONDAY_TEN },
      { id: 'a2', note: '手术' },
    ],
  })
  work.now += DAY
  run('care.absence.end', { id: 'a1' })
  run('care.absence.end', { id: 'a2' })
  expect(store.plan('r1')?.absences).toMatchObject([{ id: 'a1', until: MONDAY_TEN + DAY }])
  expect(refusal(() => run('care.absence.end', { id: 'a1' }))).toMatchObject({ status: 404 })
})

test.each([
  ['kind', { kind: 'moon', until: MONDAY_TEN + DAY }],
  ['until', { kind: 'travel', until: MONDAY_TEN }],
  ['until', { kind: 'travel', from: MONDAY_TEN + 2 * DAY, until: MONDAY_TEN + DAY }],
  ['from', { kind: 'travel', from: 'soon', until: MONDAY_TEN + DAY }],
])('[D1] an absence that cannot be names %s', (field, body) => {
  expect(refusal(() => run('care.absence', body))).toMatchObject({ status: 422, errors: [{ field }] })
})

test('[S2] the plan goes with the person', () => {
  save()
  const rest = { places: tinyPlaces(), households: [], devices: [], staff: [], shifts: [], thresholds: [] }
  writeRegisters(db, { ...rest, residents: [GRANNY] })
  expect([store.forgetLeavers(), readPlans(db).length]).toEqual([0, 1])
  writeRegisters(db, { ...rest, residents: [] })
  expect([store.forgetLeavers(), readPlans(db).length]).toEqual([1, 0])
  expect(refusal(() => run('care.save', { contacts: [] }, 0, 'nobody'))).toMatchObject({ status: 404 })
})
