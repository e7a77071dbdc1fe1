import { type CareBook, NO_PLANS } from '../../shared/care.ts'
import type { Device } from '../../shared/device.ts'
import { createPlaceTree } from '../../shared/places.ts'
import type { Registers, Threshold } from '../../shared/registers.ts'
import type { PlaceTree, World } from '../../shared/world.ts'
import { createCalendar } from './calendar.ts'
import { createDuty } from './duty.ts'
import { createKinds } from './matter-kinds.ts'
import { createTeams } from './teams.ts'
import { SHIPPED } from './thresholds.ts'

/** Minutes east of UTC: the whole country keeps Beijing time. */
export const UTC_OFFSET = 480

/** Fast look-ups over the registers. They are not copied: do not change them afterwards. */
export function createWorld(registers: Registers, utcOffset = UTC_OFFSET, care: CareBook = NO_PLANS): World {
  const { residents, staff } = registers
  const places = createPlaceTree(registers.places)
  const residentById = byId(residents)
  const staffById = byId(staff)
  const residentsAt = Map.groupBy(residents, ({ placeId }) => placeId)
  const rest = {
    places,
    utcOffset,
    care,
    resident: (id) => residentById.get(id),
    residents: () => residents,
    residentsAt: (placeId) => residentsAt.get(placeId) ?? [],
    staff: (id) => staffById.get(id),
    allStaff: () => staff,
    ...createDuty(places, staff, registers.shifts, utcOffset),
    ...createKinds(registers.matterKinds),
    ...createTeams(registers.teams ?? []),
  } satisfies Partial<World>
  return completed(rest, registers.devices, registers)
}

type OfDevices = 'device' | 'deviceByAddress' | 'devices' | 'devicesAt' | 'threshold' | 'workingTime'
/** what is asked with the devices at hand: a threshold may be set for one of them */
type Rules = Pick<Registers, 'thresholds' | 'holidays'>

/** What a world was made of, for the next one that differs in its devices alone. */
const origins = new WeakMap<World, { rest: Omit<World, OfDevices>; rules: Rules }>()

/** The same world with another register of devices: places and people are not read again. */
export function withDevices(world: World, devices: readonly Device[]): World {
  const origin = origins.get(world)
  return completed(origin?.rest ?? world, devices, origin?.rules ?? { thresholds: [] })
}

function completed(rest: Omit<World, OfDevices>, devices: readonly Device[], rules: Rules): World {
  const deviceById = byId(devices)
  const devicesAt = Map.groupBy(devices, ({ placeId }) => placeId)
  const byAddress = Map.groupBy(devices, ({ feed }) => feed)
  const addresses = new Map([...byAddress].map(([feed, own]) => [feed, new Map(own.map((device) => [device.address, device]))]))
  const subjectPlace = (id: string) => rest.resident(id)?.placeId ?? deviceById.get(id)?.placeId ?? id
  const threshold = createThresholds(rules.thresholds, rest.places, subjectPlace)
  const world: World = {
    ...rest,
    device: (id) => deviceById.get(id),
    deviceByAddress: (feed, address) => addresses.get(feed)?.get(address),
    devices: () => devices,
    devicesAt: (placeId) => devicesAt.get(placeId) ?? [],
    threshold,
    workingTime: createCalendar(rules.holidays ?? [], threshold, rest.utcOffset),
  }
  origins.set(world, { rest, rules })
  return world
}

const byId = <T extends { id: string }>(things: readonly T[]) => new Map(things.map((thing) => [thing.id, thing]))

/**
 * The nearest word on a number: of the person or device itself, of the places above it, for everybody, as shipped.
 * @throws Error for a name that nobody has given a value: a rule without its number is a fault of the program
 */
function createThresholds(thresholds: readonly Threshold[], places: PlaceTree, subjectPlace: (id: string) => string): World['threshold'] {
  const byName = new Map(
    [...Map.groupBy(thresholds, ({ name }) => name)].map(([name, own]) => [name, new Map(own.map(({ scope, value }) => [scope, value]))]),
  )
  return (name, subjectId) => {
    const own = byName.get(name)
    const general = own?.get('*') ?? SHIPPED.get(name)?.value
    if (general === undefined) throw new Error(`There is no threshold ${name}: add it to thresholds.csv`)
    if (!own || subjectId === undefined || (own.size === 1 && own.has('*'))) return general
    const special = own.get(subjectId)
    if (special !== undefined) return special
    for (const { id } of places.path(subjectPlace(subjectId))) {
      const here = own.get(id)
      if (here !== undefined) return here
    }
    return general
  }
}
