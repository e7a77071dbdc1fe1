import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { registerCommands } from '../../server/registers/commands.ts'
import { holds } from '../../server/registers/duty.ts'
import { SHIPPED } from '../../server/registers/thresholds.ts'
import { createWorld } from '../../server/registers/world.ts'
import { hasRegisters, REGISTERS_TABLES, readEstate, readRegisters, writeRegisters } from '../../server/store/registers.ts'
import type { Work } from '../../server/work.ts'
import { ProblemError } from '../../shared/problem.ts'
import { pilotFiles, pilotRegisters } from '../support/registers.ts'

const registers = pilotRegisters()
const world = createWorld(registers)
/** Beijing time */
const local = (text: string) => Date.parse(`${text}+08:00`)

test('[§1] a place finds its persons and a person the place (以房找人, 以人找房)', () => {
  for (const resident of registers.residents) {
    expect(world.residentsAt(resident.placeId)).toContain(resident)
    expect(world.places.get(world.resident(resident.id)!.placeId)?.kind).toBe('flat')
  }
})

test('[§5] a device is found by its id, its place and its address in its feed', () => {
  const camera = world.device('cam-061')!
  expect(world.deviceByAddress('frigate', 'cam-061')).toBe(camera)
  expect(world.deviceByAddress('zigbee2mqtt', 'cam-061')).toBeUndefined()
  expect(world.devicesAt(camera.placeId)).toContain(camera)
})

test('[D1] a shift holds from its beginning up to its end, and over midnight into the next day', () => {
  const night = { id: 'x', staffId: 's', name: '夜班', weekdays: [7], from: '23:00', to: '07:00' }
  const at = (text: string) => holds(night, local(text), 480)
  // 2026-11-22 is a Sunday
  expect([at('2026-11-22T22:59:59'), at('2026-11-22T23:00:00'), at('2026-11-23T06:59:59'), at('2026-11-23T07:00:00')]).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect(at('2026-11-22T03:00:00')).toBe(false)
})

test('[D1] the grid worker of the own grid by day, the night cover by night, the cluster head of the flat', () => {
  const flat = 'caihong-b12-u1-302'
  expect(world.onDuty('grid-worker', flat, local('2026-11-23T10:00'))?.placeId).toBe('caihong-g2')
  expect(world.onDuty('grid-worker', flat, local('2026-11-23T02:00'))?.placeId).toBe('caihong')
  expect(world.onDuty('cluster-head', flat, 0)).toBe(world.clusterHead(flat))
  expect(world.clusterHead('caihong-b12')).toBeUndefined()
})

test('[D1] the shift of an officer is the one in force', () => {
  const at = local('2026-11-23T10:00')
  const officer = world.onDuty('officer', 'caihong', at)!
  expect(world.shiftOf(officer.id, at)).toMatchObject({ name: '早班', from: '08:00', to: '16:00' })
  expect(world.shiftOf(officer.id, at + 12 * 3_600_000)).toBeUndefined()
})

test('[§1] a threshold is the own one, else that of the place, else the general, else the shipped', () => {
  const own = registers.thresholds.find(({ scope }) => scope !== '*')!
  const other = registers.residents.find(({ id }) => id !== own.scope)!
  expect(world.threshold('inactivity.hours', own.scope)).toBe(own.value)
  expect(world.threshold('inactivity.hours', other.id)).toBe(4)
  const graded = createWorld({ ...registers, thresholds: [{ name: 'inactivity.hours', scope: 'caihong-g2', value: 5 }] })
  const inG2 = registers.residents.find(({ placeId }) => placeId === 'caihong-b12-u1-302')!
  expect(graded.threshold('inactivity.hours', inG2.id)).toBe(5)
  expect(graded.threshold('inactivity.hours', 'caihong-g1')).toBe(SHIPPED.get('inactivity.hours')!.value)
})

test('[§1] a threshold without a value is a fault that says its name', () => {
  expect(() => world.threshold('inactivity.huors')).toThrow('inactivity.huors')
})

function store() {
  const db = new Database(':memory:')
  db.exec(REGISTERS_TABLES)
  return db
}

test('[§1] what is written is read back the same', () => {
  const db = store()
  expect(hasRegisters(db)).toBe(false)
  writeRegisters(db, registers)
  writeRegisters(db, registers)
  const { estate, carePlans, ...tables } = registers
  expect(readRegisters(db)).toEqual(tables)
  expect(JSON.parse(readEstate(db)!)).toEqual(estate)
  expect(carePlans!.length).toBeGreaterThan(1000)
  expect(hasRegisters(db)).toBe(true)
})

function runImport(files: Record<string, string>) {
  const db = store()
  const audited: string[] = []
  const work = { now: local('2026-11-23T10:00'), world, audit: ({ act }: { act: string }) => audited.push(act) } as unknown as Work
  const actor = { id: 'u1', name: '管理员', role: 'admin' as const, scope: 'xinan' }
  const run = () =>
    registerCommands((read) => {
      writeRegisters(db, read)
      return {}
    })['registers.import'](work, { name: 'registers.import', body: { files }, actor })
  return { db, audited, run }
}
const texts = () => Object.fromEntries(Object.entries(pilotFiles()).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]))

test('[S2] an import by command is written and audited', () => {
  const { db, audited, run } = runImport(texts())
  expect(run()).toMatchObject({ households: 1305, residents: 6908 })
  expect(audited).toEqual(['registers.import'])
  expect(readRegisters(db).staff).toEqual(registers.staff)
})

test('[§1] a refused import writes nothing and says why', () => {
  const { db, audited, run } = runImport({ ...texts(), 'staff.csv': 'id,name\n' })
  expect(run).toThrow(ProblemError)
  expect([hasRegisters(db), audited]).toEqual([false, []])
})
