import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generateRegisters } from '../../fixtures/registers/generate.ts'
import { createWorld } from '../../server/registers/world.ts'
import { pilotRegisters, REGISTERS } from '../support/registers.ts'

const registers = pilotRegisters()
const world = createWorld(registers)
const count = <T>(things: readonly T[], fits: (thing: T) => boolean) => things.filter(fits).length

test('[§1] the generator writes exactly the committed files', () => {
  for (const [name, text] of Object.entries(generateRegisters()))
    expect(readFileSync(join(REGISTERS, name), 'utf8') === text, name).toBe(true)
})

test('[§1] the pilot community has its numbers', () => {
  const kind = (name: string) => count(registers.places, (place) => place.kind === name)
  const device = (name: string) => count(registers.devices, (one) => one.kind === name)
  expect([kind('grid'), kind('cluster'), kind('building'), kind('flat')]).toEqual([5, 115, 45, 1305])
  expect([registers.households.length, registers.residents.length]).toEqual([1305, 6908])
  expect([device('camera'), device('speaker'), device('smoke'), device('water-meter')]).toEqual([113, 5, 1305, 1305])
  expect(device('gate')).toBe(kind('unit') + 4)
})

test('[§1] a cluster is about eleven neighbouring households of one grid with one head', () => {
  const sizes = [...Map.groupBy(registers.households, ({ clusterId }) => clusterId).values()].map((homes) => homes.length)
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(12)
  for (const { id } of registers.places.filter((place) => place.kind === 'cluster'))
    expect(
      count(registers.staff, (staff) => staff.role === 'cluster-head' && staff.placeId === id),
      id,
    ).toBe(1)
})

test('[§1] a cluster head lives in the own cluster, a building head in the own building', () => {
  for (const staff of registers.staff.filter(({ role }) => role === 'cluster-head' || role === 'building-head')) {
    const resident = world.resident(staff.residentId!)!
    expect(world.places.within(resident.placeId, staff.placeId), staff.id).toBe(true)
    expect(resident.name).toBe(staff.name)
  }
  expect(count(registers.staff, ({ role }) => role === 'building-head')).toBe(45)
})

test('[§1] who lives alone has a household of one and the full set of sensors', () => {
  const alone = registers.residents.filter(({ categories }) => categories.includes('living-alone'))
  expect(alone).toHaveLength(86)
  for (const { placeId, id } of alone) {
    expect(world.residentsAt(placeId).map((one) => one.id)).toEqual([id])
    const kinds = world.devicesAt(placeId).map(({ kind }) => kind)
    expect(kinds.sort()).toEqual(['door-contact', 'gas', 'help-button', 'leak', 'motion', 'motion', 'smoke', 'water-meter'])
  }
  const sizes = [...Map.groupBy(registers.residents, ({ placeId }) => placeId).values()].map((people) => people.length)
  expect(count(sizes, (size) => size === 1)).toBe(86)
})

test('[§1] left-behind children live with grown-ups two generations older', () => {
  const children = registers.residents.filter(({ categories }) => categories.includes('left-behind-child'))
  expect(children).toHaveLength(143)
  for (const child of children) {
    const others = world.residentsAt(child.placeId).filter(({ categories }) => !categories.includes('left-behind-child'))
    for (const other of others) expect(Number(child.birthDate.slice(0, 4)) - Number(other.birthDate.slice(0, 4))).toBeGreaterThan(30)
  }
})

test('[S2] no ID number and no usable phone number is in the registers', () => {
  for (const { phone, idTail } of registers.residents) {
    expect(phone ?? '13900000000').toMatch(/^1390000\d{4}$/)
    expect(idTail).toMatch(/^\d{4}$/)
  }
  expect(new Set(registers.residents.flatMap(({ phone }) => phone ?? [])).size).toBe(
    count(registers.residents, ({ phone }) => phone !== undefined),
  )
})

test('[D1] somebody is on duty at every hour of the week, in every grid', () => {
  const monday = Date.UTC(2026, 10, 23) - 480 * 60_000
  for (let hour = 0; hour < 7 * 24; hour++) {
    const at = monday + hour * 3_600_000 + 60_000
    for (const role of ['officer', 'community-staff'] as const) expect(world.onDuty(role, 'caihong', at), `${role} ${hour}`).toBeDefined()
    for (const grid of [1, 2, 3, 4, 5])
      expect(world.onDuty('grid-worker', `caihong-g${grid}`, at), `grid ${grid} hour ${hour}`).toBeDefined()
  }
})

test('[§5] every device has an own id and an own address in its feed, near its community', () => {
  const addresses = new Set(registers.devices.map(({ feed, address }) => `${feed} ${address}`))
  expect(addresses.size).toBe(registers.devices.length)
  for (const { lon, lat, id } of registers.devices) {
    expect(Math.abs(lon - 106.63), id).toBeLessThan(0.006)
    expect(Math.abs(lat - 26.58), id).toBeLessThan(0.004)
  }
})

test('[§5] a person seen by day at the wall is no event; every camera knows fire', () => {
  const cameras = registers.devices.filter(({ kind }) => kind === 'camera')
  for (const { rules, id } of cameras)
    expect(
      rules!.some(({ event }) => event === 'fire'),
      id,
    ).toBe(true)
  const fence = cameras.flatMap(({ rules }) => rules!).filter(({ zone, event }) => zone === 'fence' && event === 'intrusion')
  for (const rule of fence) expect(rule).toMatchObject({ label: 'person', from: '23:00', to: '05:30' })
})

test('[§7] the plan draws every building once, and its cameras and gates', () => {
  const features = (registers.estate as { features: { properties: Record<string, unknown> }[] }).features.map(
    ({ properties }) => properties,
  )
  const buildings = features.filter(({ layer }) => layer === 'building').map(({ placeId }) => placeId)
  expect(buildings.sort()).toEqual(registers.places.flatMap(({ kind, id }) => (kind === 'building' ? [id] : [])).sort())
  expect(count(features, ({ layer, kind }) => layer === 'device' && kind === 'camera')).toBe(113)
  expect(count(features, ({ layer }) => layer === 'grid')).toBe(5)
})
