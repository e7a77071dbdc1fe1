import { Compile } from 'typebox/compile'
import type { Device } from '../../shared/device.ts'
import { conflict, notFound, unprocessable } from '../../shared/problem.ts'
import { actorId, fieldMissing, fieldWrong } from '../command.ts'
import type { DeviceStore } from '../store/devices.ts'
import type { Command, Work } from '../work.ts'
import { defaultSpot } from './device-spot.ts'
import { TABLES } from './tables.ts'

/**
 * `device.bind`, `device.change` and `device.unbind`: one device of the register, by the rules of the import. The engine builds its World
 * anew after the commit, so what comes of it belongs to the next unit of work. The store is asked, not the world: two binds may share a commit.
 */
export const deviceCommands = (store: DeviceStore, isFeed: (feed: string) => boolean) => ({
  'device.bind'(work: Work, command: Command): Device {
    const given = pick(command.body, FIELDS)
    for (const field of ['feed', 'address', 'kind', 'placeId'] as const)
      if (given[field] === undefined) throw fieldMissing(field, column(field))
    const device = checked({ ...complete(given, work, store) }, work)
    if (!isFeed(device.feed)) throw fieldWrong('feed', 'the id of a feed that exists')
    if (store.isTaken(device.id)) throw taken('id', `${device.id} is or was the id of another device`, 'give another id, or none')
    assertFree(store, device)
    store.put(device, true)
    work.audit({ by: actorId(command.actor), act: 'device.bind', subject: device.id, detail: { ...device } })
    return device
  },

  'device.change'(work: Work, command: Command): Device {
    const before = known(store, command)
    const changes = pick(command.body, CHANGEABLE)
    const moved = changes.placeId !== undefined && changes.placeId !== before.placeId && changes.lon === undefined
    const merged = withoutNulls({ ...before, ...changes, ...(moved && defaultSpot(work.world.places, String(changes.placeId), store)) })
    const device = checked(merged, work)
    if (device.feed !== before.feed && !isFeed(device.feed)) throw fieldWrong('feed', 'the id of a feed that exists')
    assertFree(store, device)
    store.put(device)
    work.audit({ by: actorId(command.actor), act: 'device.change', subject: device.id, detail: { before, changes } })
    return device
  },

  /** Takes back a bind. What it said stays on record; an alert or a threshold that names it would point nowhere. */
  'device.unbind'(work: Work, command: Command): { id: string } {
    const device = known(store, command)
    const alerts = [...work.alerts.open()].filter(({ deviceId }) => deviceId === device.id).map(({ id }) => id)
    const names = [...alerts.slice(0, 5), ...store.namedBy(device.id)]
    if (names.length > 0)
      throw conflict(`${device.id} is named by ${names.join(', ')}: close or remove that first.`, { current: device, names })
    store.remove(device.id)
    work.audit({ by: actorId(command.actor), act: 'device.unbind', subject: device.id, detail: { ...device } })
    return { id: device.id }
  },
})

const FIELDS = ['id', 'kind', 'placeId', 'feed', 'address', 'name', 'lon', 'lat', 'height', 'silentAfter', 'rules'] as const
const CHANGEABLE = FIELDS.filter((field) => field !== 'id')
type Given = Partial<Record<(typeof FIELDS)[number], unknown>>

const pick = (body: Record<string, unknown>, fields: readonly (typeof FIELDS)[number][]): Given =>
  Object.fromEntries(fields.filter((field) => body[field] !== undefined).map((field) => [field, body[field]]))
/** null takes a setting away */
const withoutNulls = (given: Given): Given => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))

function known(store: DeviceStore, { target = '' }: Command): Device {
  const device = store.get(target)
  if (!device) throw notFound(`There is no device ${target}`)
  return device
}

/** What was left out: an id, a name, a spot on the plan. */
function complete(given: Given, { world }: Work, store: DeviceStore): Given {
  const spot = typeof given.placeId === 'string' ? defaultSpot(world.places, given.placeId, store) : {}
  const id = given.id ?? freeId(String(given.kind), store)
  return withoutNulls({ ...spot, ...given, id, name: given.name ?? `${given.address}` })
}

/** camera-7: the first number that no device has or had. */
function freeId(kind: string, store: DeviceStore): string {
  for (let n = 1; ; n++) if (!store.isTaken(`${kind}-${n}`)) return `${kind}-${n}`
}

const validator = Compile(TABLES.devices.row)
const column = (field: string) => TABLES.devices.columns.find(({ key }) => key === field)?.fix ?? 'a value'

function checked(given: Given, { world }: Work): Device {
  if (given.placeId !== undefined && !world.places.get(String(given.placeId))) throw fieldWrong('placeId', 'the id of a place that exists')
  if (given.lon === undefined || given.lat === undefined)
    throw fieldMissing('lon', 'lon and lat: neither the place nor what it lies in says where it is')
  if (validator.Check(given)) return given as unknown as Device
  const fields = new Set([...validator.Errors(given)].map(({ instancePath }) => instancePath.split('/')[1] ?? ''))
  const errors = [...fields].map((field) => ({ field, detail: 'is not possible', fix: `give ${column(field)}` }))
  throw unprocessable(`${[...fields].join(', ')} is not possible.`, { errors })
}

function assertFree(store: DeviceStore, { id, feed, address }: Device) {
  const there = store.at(feed, address)
  if (there && there.id !== id)
    throw taken('address', `${address} of ${feed} is ${there.id} (${there.name}) already`, 'change that one, or take it back first', there)
}

const taken = (field: string, detail: string, fix: string, current?: Device) =>
  conflict(`${detail}.`, { errors: [{ field, detail, fix }], ...(current && { current }) })
