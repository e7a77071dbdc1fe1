import { expect, test } from 'vitest'
import { parseRegisters } from '../../server/registers/import.ts'
import type { RowError } from '../../shared/registers.ts'
import { pilotFiles, pilotRegisters } from '../support/registers.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const small = (): Record<string, string> => ({
  'places.csv':
    'id,kind,parentId,name,clusterId\nst,street,,街道\ncom,community,st,社区\ng1,grid,com,一网格\ng2,grid,com,二网格\nc1,cluster,g1,联户\nc2,cluster,g2,联户\nb1,building,g1,1栋\nb1-u1,unit,b1,1单元\nb1-101,flat,b1-u1,101,c1\n',
  'households.csv': 'placeId,clusterId,tenure\nb1-101,c1,own\n',
  'residents.csv': 'id,placeId,name,sex,birthDate,relation,categories\nr1,b1-101,张三,m,1950-01-02,head,elder|living-alone\n',
  'devices.csv':
    'id,kind,placeId,feed,address,name,lon,lat,rules\nd1,camera,b1,frigate,cam,相机,106.6,26.5,person@fence 23:00-05:00=intrusion\n',
  'staff.csv': 'id,name,role,phone,placeId\ns1,李四,grid-worker,13800000001,g1\n',
  'shifts.csv': 'id,staffId,name,weekdays,from,to\nx1,s1,夜班,1234567,23:00,07:00\n',
})
const parse = (change: (files: Record<string, string>) => void = () => {}) => {
  const files = small()
  change(files)
  return parseRegisters(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, bytes(text)])), '2026-11-23')
}
const errorsOf = (change: (files: Record<string, string>) => void): RowError[] => {
  const parsed = parse(change)
  return 'errors' in parsed ? parsed.errors : []
}
const swap = (file: string, from: string, to: string) => (files: Record<string, string>) => {
  expect(files[file]).toContain(from)
  files[file] = files[file]!.replace(from, to)
}

test('[§1] a small import is read as it is written', () => {
  const parsed = parse()
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
  expect(parsed.ok.residents).toEqual([
    {
      id: 'r1',
      placeId: 'b1-101',
      name: '张三',
      sex: 'm',
      birthDate: '1950-01-02',
      relation: 'head',
      categories: ['elder', 'living-alone'],
    },
  ])
  expect(parsed.ok.devices[0]!.rules).toEqual([{ label: 'person', zone: 'fence', from: '23:00', to: '05:00', event: 'intrusion' }])
  expect(parsed.ok.shifts[0]!.weekdays).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(parsed.ok.places[0]!.parentId).toBeNull()
})

test.each<[string, (files: Record<string, string>) => void, Partial<RowError>]>([
  [
    'a word that is no kind',
    swap('places.csv', 'b1,building', 'b1,bilding'),
    { file: 'places.csv', row: 8, column: 'kind', value: 'bilding' },
  ],
  ['a parent that is not there', swap('places.csv', 'b1-u1,unit,b1', 'b1-u1,unit,b9'), { row: 9, column: 'parentId', value: 'b9' }],
  ['a unit under a grid', swap('places.csv', 'b1-u1,unit,b1', 'b1-u1,unit,g1'), { row: 9, column: 'parentId' }],
  ['a second root', swap('places.csv', 'com,community,st', 'com,community,'), { row: 3, column: 'parentId' }],
  ['a cluster of another grid', swap('places.csv', '101,c1', '101,c2'), { row: 10, column: 'clusterId', value: 'c2' }],
  ['an id that is there twice', swap('places.csv', 'g2,grid', 'g1,grid'), { row: 5, column: 'id', value: 'g1' }],
  ['a household that disagrees with its flat', swap('households.csv', 'c1', 'c2'), { file: 'households.csv', row: 2, column: 'clusterId' }],
  ['a resident without household', swap('residents.csv', 'b1-101', 'b1-102'), { file: 'residents.csv', row: 2, column: 'placeId' }],
  ['a day that does not exist', swap('residents.csv', '1950-01-02', '1950-02-30'), { column: 'birthDate', value: '1950-02-30' }],
  ['somebody not yet born', swap('residents.csv', '1950-01-02', '2027-01-02'), { column: 'birthDate' }],
  ['an unknown category', swap('residents.csv', 'living-alone', 'lonely'), { column: 'categories', value: 'elder|lonely' }],
  ['no name', swap('residents.csv', '张三', ' '), { column: 'name', value: '', problem: 'is empty' }],
  ['a longitude that is none', swap('devices.csv', '106.6', '196.6'), { file: 'devices.csv', column: 'lon', value: '196.6' }],
  ['a number that is none', swap('devices.csv', '106.6', 'east'), { column: 'lon', value: 'east' }],
  ['a camera rule that cannot be read', swap('devices.csv', '=intrusion', '->intrusion'), { column: 'rules' }],
  ['a shift of nobody', swap('shifts.csv', 's1', 's2'), { file: 'shifts.csv', column: 'staffId', value: 's2' }],
  ['a time of day that is none', swap('shifts.csv', '23:00', '24:00'), { column: 'from', value: '24:00' }],
  ['a weekday that is none', swap('shifts.csv', '1234567', '8'), { column: 'weekdays', value: '8' }],
  ['an unknown column', swap('staff.csv', 'phone', 'fone'), { file: 'staff.csv', row: 1, column: 'fone' }],
  ['a missing file', (files) => delete files['staff.csv'], { file: 'staff.csv', row: 1, problem: 'is missing' }],
  ['an unknown file', (files) => Object.assign(files, { 'people.csv': 'x' }), { file: 'people.csv' }],
  ['quotes that never close', swap('staff.csv', '李四', '"李四'), { file: 'staff.csv' }],
  [
    'a threshold that nobody knows',
    (files) => Object.assign(files, { 'thresholds.csv': 'name,scope,value\ninactivty.hours,*,4\n' }),
    { column: 'name' },
  ],
  ['a plan that is no GeoJSON', (files) => Object.assign(files, { 'estate.geojson': '{"type":"Point"}' }), { file: 'estate.geojson' }],
])('[§1] %s is refused with its place and its fix', (_case, change, wanted) => {
  const [first] = errorsOf(change)
  expect(first).toMatchObject(wanted)
  expect(first!.fix).not.toBe('')
})

test('[§1] all errors are told at once, up to a hundred', () => {
  const rows = Array.from({ length: 150 }, (_, i) => `r${i},b1-101,张三,x,1950-01-02,head,`).join('\n')
  expect(
    errorsOf((files) => Object.assign(files, { 'residents.csv': `id,placeId,name,sex,birthDate,relation,categories\n${rows}` })),
  ).toHaveLength(100)
})

test('[§1] Chinese headers and words, a byte order mark and blank lines are fine', () => {
  const text = '\ufeff编号,住户,姓名,性别,出生日期,关系,类别\n\nr1,b1-101,张三,男,1950-01-02,户主,独居老人、党员\n'
  const parsed = parse((files) => Object.assign(files, { 'residents.csv': text }))
  expect('ok' in parsed && parsed.ok.residents[0]).toMatchObject({
    sex: 'm',
    relation: 'head',
    categories: ['living-alone', 'party-member'],
  })
})

test('[§1] a row keeps its number of the spreadsheet when blank lines come before it', () => {
  const text = 'id,placeId,name,sex,birthDate,relation,categories\n\n\nr1,b1-101,张三,x,1950-01-02,head,\n'
  expect(errorsOf((files) => Object.assign(files, { 'residents.csv': text }))[0]).toMatchObject({ row: 4, column: 'sex' })
})

test('[§1] GB18030 as Excel saves it is understood', () => {
  const files = Object.fromEntries(Object.entries(small()).map(([name, text]) => [name, bytes(text)]))
  // 李四 in GB18030
  const gb = [...bytes('id,name,role,phone,placeId\ns1,'), 0xc0, 0xee, 0xcb, 0xc4, ...bytes(',grid-worker,13800000001,g1\n')]
  const parsed = parseRegisters({ ...files, 'staff.csv': new Uint8Array(gb) })
  expect('ok' in parsed && parsed.ok.staff[0]!.name).toBe('李四')
})

test('[§1] one wrong cell among thousands refuses the whole', () => {
  const files = pilotFiles()
  const text = new TextDecoder().decode(files['devices.csv'])
  const parsed = parseRegisters({ ...files, 'devices.csv': bytes(text.replace('caihong-b45-u3', 'caihong-b46-u3')) })
  expect('errors' in parsed && parsed.errors).toHaveLength(1)
  expect(pilotRegisters().devices.length).toBeGreaterThan(3000)
})
