import { beforeEach, expect, test } from 'vitest'
import { careCommands } from '../../server/registers/care-commands.ts'
import { importPlans } from '../../server/registers/care-import.ts'
import { parseRegisters } from '../../server/registers/import.ts'
import { type CareStore, openCareStore } from '../../server/store/care.ts'
import { openStore } from '../../server/store/open.ts'
import { isConsentOver } from '../../shared/care.ts'
import type { CarePlanRow, RowError } from '../../shared/registers.ts'
import { GRANNY } from '../support/care.ts'
import { tempDir } from '../support/engine.ts'
import { pilotRegisters } from '../support/registers.ts'
import { actor, MONDAY_TEN, testWork } from '../support/work.ts'
import { testWorld } from '../support/world.ts'

const files = {
  'places.csv':
    'id,kind,parentId,name,clusterId\nst,street,,街道\ncom,community,st,社区\ng1,grid,com,一网格\nc1,cluster,g1,联户\nb1,building,g1,1栋\nb1-101,flat,b1,101,c1\n',
  'households.csv': 'placeId,clusterId,tenure\nb1-101,c1,own\n',
  'residents.csv': 'id,placeId,name,sex,birthDate,relation,categories\nr0171,b1-101,张三,m,1950-01-02,head,living-alone\n',
  'devices.csv': 'id,kind,placeId,feed,address,name,lon,lat\n',
  'staff.csv': 'id,name,role,phone,placeId\ns032,李四,cluster-head,13800000001,c1\ns013,王五,grid-worker,13800000002,g1\n',
  'shifts.csv': 'id,staffId,name,weekdays,from,to\n',
}
const bytes = (text: string) => new TextEncoder().encode(text)
const HEADER = 'residentId,relation,staffId,name,phone,consentAt,consentBy,consentUntil,off,quiet'
const read = (text: string, header = HEADER) => {
  const all = Object.entries({ ...files, 'care-plans.csv': `${header}\n${text}\n` }).map(([name, content]) => [name, bytes(content)])
  return parseRegisters(Object.fromEntries(all), '2026-11-23')
}
const errorsOf = (text: string): RowError[] => {
  const parsed = read(text)
  return 'errors' in parsed ? parsed.errors : []
}
const rowsOf = (text: string, header?: string): CarePlanRow[] => {
  const parsed = read(text, header)
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors[0]))
  return parsed.ok.carePlans!
}

test.each<[string, string, Partial<RowError>]>([
  ['somebody whom no register knows', 'r9999,family,,陈小芳,13700000001', { row: 2, column: 'residentId', value: 'r9999' }],
  ['staff who are not there', 'r0171,cluster-head,s999', { row: 2, column: 'staffId', value: 's999' }],
  ['a name beside a staff id', 'r0171,cluster-head,s032,陈小芳', { row: 2, column: 'name', value: '陈小芳' }],
  ['a relative without a number', 'r0171,family,,陈小芳', { row: 2, column: 'phone', problem: 'is empty' }],
  ['a number that is none', 'r0171,family,,陈小芳,daughter', { row: 2, column: 'phone', value: 'daughter' }],
  ['a number without a name', 'r0171,family,,,13700000001', { row: 2, column: 'name' }],
  ['a contact that is nobody to the person', 'r0171,,s032', { row: 2, column: 'relation', problem: 'is empty' }],
  ['an unknown relation', 'r0171,aunt,,陈小芳,13700000001', { row: 2, column: 'relation', value: 'aunt' }],
  ['the same contact twice', 'r0171,cluster-head,s032\nr0171,other,s032', { row: 3, column: 'staffId' }],
  ['consent without who gave it', 'r0171,cluster-head,s032,,,2026-09-01', { row: 2, column: 'consentBy' }],
  ['consent of a contact that is not there', 'r0171,cluster-head,s032,,,2026-09-01,c2', { row: 2, column: 'consentBy', value: 'c2' }],
  ['a day that does not exist', 'r0171,cluster-head,s032,,,2026-02-30,self', { row: 2, column: 'consentAt', value: '2026-02-30' }],
  ['consent that ends before it begins', 'r0171,cluster-head,s032,,,2026-09-01,self,2026-08-01', { row: 2, column: 'consentUntil' }],
  [
    'what concerns the plan in a later row',
    'r0171,cluster-head,s032\nr0171,grid-worker,s013,,,2026-09-01,self',
    { row: 3, column: 'consentAt' },
  ],
  ['a kind of alert that cannot be switched off', 'r0171,cluster-head,s032,,,,,,help', { row: 2, column: 'off', value: 'help' }],
  ['hours that are none', 'r0171,cluster-head,s032,,,,,,,21-7', { row: 2, column: 'quiet', value: '21-7' }],
  [
    'eleven contacts',
    Array.from({ length: 11 }, (_, n) => `r0171,family,,陈小芳,1370000000${n}`).join('\n'),
    { row: 12, column: 'residentId' },
  ],
])('[§1] care plans: %s is refused with its row, its field and its fix', (_case, text, wanted) => {
  const errors = errorsOf(text)
  expect(errors[0]).toMatchObject({ file: 'care-plans.csv', ...wanted })
  for (const { fix } of errors) expect(fix.length).toBeGreaterThan(5)
})

test('[§1] Chinese headers and words are fine', () => {
  const rows = rowsOf(
    'r0171,家属,,陈小芳,13700000001,2026-09-01,本人,夜间出门、久未开门,12:30-14:00|21:00-07:00\nr0171,联户长,s032',
    '居民,关系,工作人员,姓名,电话,同意日期,同意人,不看的预警,免打扰',
  )
  expect(rows[0]).toMatchObject({
    relation: 'family',
    consentBy: 'self',
    off: ['night-out', 'no-door'],
    quiet: ['12:30-14:00', '21:00-07:00'],
  })
  expect(rows[1]).toMatchObject({ relation: 'cluster-head', staffId: 's032' })
})

test('[§1] everybody in the pilot who is looked after has a plan with somebody to call', () => {
  const { residents, carePlans = [] } = pilotRegisters()
  const looked = residents.filter(({ categories }) => categories.includes('living-alone') || categories.includes('left-behind-child'))
  const named = new Map([...Map.groupBy(carePlans, ({ residentId }) => residentId)])
  expect([looked.length, named.size]).toEqual([229, 229])
  for (const { id } of looked)
    expect(
      named.get(id)!.filter(({ relation }) => relation === 'cluster-head'),
      id,
    ).toHaveLength(1)
  for (const { phone = '13700000000' } of carePlans) expect(phone).toMatch(/^13[79]0000\d{4}$/)
})

const world = testWorld({ residents: [GRANNY] })
let store: CareStore
beforeEach(() => {
  store = openCareStore(openStore(tempDir(), 'demo'))
})
const FIRST: CarePlanRow = { residentId: 'r1', relation: 'family', name: '陈小芳', phone: '13700000001' }
const bring = (...rows: CarePlanRow[]) => importPlans(store, rows, { now: MONDAY_TEN, world })

test('[D2] an import makes a plan, a second one with the same rows changes nothing', () => {
  const told = {
    ...FIRST,
    consentAt: '2026-11-01',
    consentBy: 'c1',
    consentUntil: '2026-11-23',
    off: ['night-out'],
    quiet: ['21:00-07:00'],
  }
  expect(bring(told)).toBe(0)
  const plan = store.plan('r1')!
  expect(plan).toMatchObject({
    ...{ version: 1, contacts: [{ id: 'c1', name: '陈小芳' }], detectors: { 'night-out': false }, quiet: [{ from: '21:00', to: '07:00' }] },
    consent: { by: 'c1', at: Date.parse('2026-11-01T00:00:00+08:00') },
  })
  // the day itself still counts
  expect([
    isConsentOver(plan, Date.parse('2026-11-23T23:59:00+08:00')),
    isConsentOver(plan, Date.parse('2026-11-24T00:00:00+08:00')),
  ]).toEqual([false, true])
  bring(told)
  expect(store.plan('r1')!.version).toBe(1)
  bring({ ...FIRST, phone: '13700000002' })
  expect(store.plan('r1')).toMatchObject({ version: 2, contacts: [{ phone: '13700000002' }], consent: null })
})

test('[D2] a plan that somebody has changed at the desk is kept, and said to be', () => {
  bring(FIRST)
  const commands = careCommands(store)
  const command = { target: 'r1', body: { kind: 'hospital', until: MONDAY_TEN + 86_400_000 }, actor: actor('officer', 'officer-a') }
  commands['care.absence'](testWork(world), { name: 'care.absence', ...command })
  expect(bring({ ...FIRST, phone: '13700000002' })).toBe(1)
  expect(store.plan('r1')).toMatchObject({ version: 2, contacts: [{ phone: '13700000001' }], absences: [{ kind: 'hospital' }] })
})
