import { beforeEach, expect, test } from 'vitest'
import { deviceCommands } from '../../server/registers/device-commands.ts'
import { withDevices } from '../../server/registers/world.ts'
import { createDeviceStore, type DeviceStore, readDevices } from '../../server/store/devices.ts'
import { type Db, openStore } from '../../server/store/open.ts'
import { writeRegisters } from '../../server/store/registers.ts'
import type { Alert } from '../../shared/alert.ts'
import { type Problem, ProblemError } from '../../shared/problem.ts'
import { tempDir } from '../support/engine.ts'
import { actor, type TestWork, testWork } from '../support/work.ts'
import { testWorld, tinyPlaces } from '../support/world.ts'

const places = () => tinyPlaces().map((place) => (place.id === 'caihong-b01' ? { ...place, lon: 106.62, lat: 26.58 } : place))
const world = testWorld({ places: places() })
let db: Db
let store: DeviceStore
let work: TestWork
let commands: ReturnType<typeof deviceCommands>
beforeEach(() => {
  db = openStore(tempDir(), 'demo')
  store = createDeviceStore(db)
  work = testWork(world)
  commands = deviceCommands(store, (feed) => feed !== 'nowhere')
})

const ENGINEER = actor('engineer', undefined, 'u-engineer')
const CAMERA = { feed: 'north', address: 'a4:14:37:00:00:01/1', kind: 'camera', placeId: 'caihong-b01-u1-101' }
const bind = (body: object = {}) => commands['device.bind'](work, { name: 'device.bind', body: { ...CAMERA, ...body }, actor: ENGINEER })
const change = (id: string, body: Record<string, unknown>) =>
  commands['device.change'](work, { name: 'device.change', target: id, body, actor: ENGINEER })
const unbind = (id: string) => commands['device.unbind'](work, { name: 'device.unbind', target: id, body: {}, actor: ENGINEER })
function problemOf(run: () => unknown): Problem {
  try {
    run()
  } catch (error) {
    if (error instanceof ProblemError) return error.problem
    throw error
  }
  throw new Error('nothing was refused')
}
const fieldsOf = (run: () => unknown) => problemOf(run).errors?.map(({ field }) => field)

test('[I3] what was left out is filled in: an id, a name, the spot of the building that the flat lies in', () => {
  const device = bind()
  expect(device).toEqual({ ...CAMERA, id: 'camera-1', name: CAMERA.address, lon: 106.62, lat: 26.58 })
  expect(readDevices(db)).toEqual([device])
})

test('[I3] two devices whose spot nobody said do not hide each other', () => {
  const [a, b] = [bind(), bind({ address: 'other' })]
  expect([a.lon, a.lat]).not.toEqual([b.lon, b.lat])
  const metres = Math.hypot((a.lat - b.lat) * 111_320, (a.lon - b.lon) * 111_320 * Math.cos(26.58 / 57.3))
  expect(metres).toBeGreaterThan(1)
  expect(metres).toBeLessThan(20)
})

test('[I3] what is given is taken', () => {
  const rules = [{ label: 'person', event: 'intrusion' }]
  expect(bind({ id: 'cam-north', name: '北门', lon: 1, lat: 2, height: 3.5, silentAfter: 60, rules })).toMatchObject({
    ...{ id: 'cam-north', name: '北门', lon: 1, lat: 2, height: 3.5, silentAfter: 60, rules },
  })
})

test('[I3] what is missing or not possible is named with its fix', () => {
  for (const field of Object.keys(CAMERA)) expect(fieldsOf(() => bind({ [field]: undefined }))).toEqual([field])
  expect(fieldsOf(() => bind({ kind: 'periscope' }))).toEqual(['kind'])
  expect(fieldsOf(() => bind({ placeId: 'atlantis' }))).toEqual(['placeId'])
  expect(fieldsOf(() => bind({ feed: 'nowhere' }))).toEqual(['feed'])
  expect(fieldsOf(() => bind({ lon: 400, lat: 3 }))).toEqual(['lon'])
  expect(fieldsOf(() => bind({ placeId: 'caihong-square' }))).toEqual(['lon'])
  expect(readDevices(db)).toEqual([])
})

test('[I3] an address of a feed is one device, an id is one device for ever', () => {
  const first = bind({ id: 'cam' })
  expect(problemOf(() => bind())).toMatchObject({ status: 409, current: first })
  expect(fieldsOf(() => bind({ id: 'cam', address: 'other' }))).toEqual(['id'])
  expect(bind({ feed: 'south' }).id).toBe('camera-1')
  db.prepare("INSERT INTO word (text) VALUES ('camera-2')").run()
  expect(bind({ address: 'third' }).id).toBe('camera-3')
})

test('[S2] each command leaves its audit row', () => {
  const { id } = bind()
  change(id, { name: '东门' })
  unbind(id)
  expect(work.audits).toMatchObject([
    { by: 'u-engineer', act: 'device.bind', subject: id, detail: CAMERA },
    { act: 'device.change', subject: id, detail: { changes: { name: '东门' } } },
    { act: 'device.unbind', subject: id },
  ])
})

test('[I3] a change keeps what it does not name; null takes a setting away; another place brings its spot', () => {
  const { id } = bind({ silentAfter: 60, lon: 1, lat: 2 })
  expect(change(id, { name: '东门' })).toMatchObject({ ...CAMERA, name: '东门', silentAfter: 60, lon: 1 })
  expect(change(id, { silentAfter: null })).not.toHaveProperty('silentAfter')
  expect(change(id, { placeId: 'caihong-b01' })).toMatchObject({ placeId: 'caihong-b01', lon: 106.62 })
  expect(change(id, { placeId: 'caihong-square', lon: 3, lat: 4 })).toMatchObject({ lon: 3, lat: 4 })
  expect(readDevices(db)).toHaveLength(1)
})

test('[I3] a change is refused like a bind: a taken address, an unknown device', () => {
  const first = bind()
  const second = bind({ address: 'other' })
  expect(problemOf(() => change(second.id, { address: first.address }))).toMatchObject({ status: 409, current: first })
  expect(problemOf(() => change('nobody', {}))).toMatchObject({ status: 404 })
  expect(change(second.id, { address: 'other' })).toEqual(second)
})

test('[I3] a device that an open alert or a threshold names is not taken back', () => {
  const { id } = bind()
  const alert = { id: 'alert-1', state: 'active-unacknowledged', deviceId: id } as Alert
  work.alerts.put(alert)
  expect(problemOf(() => unbind(id))).toMatchObject({ status: 409, names: ['alert-1'] })
  work.alerts.put({ ...alert, state: 'normal' })
  db.prepare("INSERT INTO thresholds (name, scope, value) VALUES ('silent.camera', ?, 60)").run(id)
  expect(problemOf(() => unbind(id))).toMatchObject({ status: 409, names: ['threshold silent.camera'] })
  db.exec('DELETE FROM thresholds')
  expect(unbind(id)).toEqual({ id })
  expect(readDevices(db)).toEqual([])
})

test('[I3] an import leaves what was bound by hand, unless the file knows it or its place is gone', () => {
  const registers = (more: object = {}) => ({
    ...{ places: places(), households: [], residents: [], devices: [], staff: [], shifts: [], thresholds: [] },
    ...more,
  })
  const [kept, known, lost] = [bind(), bind({ address: 'known' }), bind({ address: 'lost', placeId: 'caihong-b02', lon: 1, lat: 2 })]
  change(kept.id, { name: '东门' })
  const ofFile = { ...known, id: 'cam-file', name: '台账' }
  const left = places().filter(({ id }) => !id.startsWith('caihong-b02'))
  writeRegisters(db, registers({ places: left, devices: [ofFile, { ...lost, id: 'other', address: 'x', placeId: 'caihong-b01' }] }))
  expect(readDevices(db).map(({ id, name }) => [id, name])).toEqual([
    ['cam-file', '台账'],
    ['other', 'lost'],
    [kept.id, '东门'],
  ])
  writeRegisters(db, registers())
  expect(readDevices(db).map(({ id }) => id)).toEqual([kept.id])
})

test('[I3] a world with other devices is the same world beside: places, people, thresholds', () => {
  const device = bind()
  const next = withDevices(world, [device])
  expect(next.places).toBe(world.places)
  expect(next.residents()).toBe(world.residents())
  expect([next.device(device.id), next.deviceByAddress('north', CAMERA.address), ...next.devicesAt(device.placeId)]).toEqual([
    device,
    device,
    device,
  ])
  expect(next.threshold('silent.camera', device.id)).toBe(world.threshold('silent.camera'))
  expect(withDevices(next, []).device(device.id)).toBeUndefined()
})
