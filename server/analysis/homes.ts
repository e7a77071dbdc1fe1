import type { Device, DeviceKind } from '../../shared/device.ts'
import type { Resident } from '../../shared/person.ts'
import type { Millis } from '../../shared/status.ts'
import type { PlaceTree, World } from '../../shared/world.ts'
import { hourOfDay } from './local-time.ts'

/** The home of one person who lives alone, and what listens there. */
export interface Home {
  resident: Resident
  flat: string
  /** device ids */
  motions: readonly string[]
  doors: readonly string[]
  /** water meters: all that listens in many a home */
  meters: readonly string[]
}
export interface Homes {
  byResident: ReadonlyMap<string, Home>
  byFlat: ReadonlyMap<string, Home>
}

const surveyed = new WeakMap<World, Homes>()

/** Several detectors ask for the same world: it is surveyed once. */
export function surveyHomes(world: World): Homes {
  const homes = surveyed.get(world) ?? survey(world)
  surveyed.set(world, homes)
  return homes
}

function survey(world: World): Homes {
  const alone = world.residents().filter(({ categories }) => categories.includes('living-alone'))
  const homes = alone.map((resident) => homeOf(world, resident))
  return {
    byResident: new Map(homes.map((home) => [home.resident.id, home])),
    byFlat: new Map(homes.map((home) => [home.flat, home])),
  }
}

function homeOf(world: World, resident: Resident): Home {
  const devices = world.devicesAt(resident.placeId)
  return {
    resident,
    flat: resident.placeId,
    motions: idsOf(devices, 'motion'),
    doors: idsOf(devices, 'door-contact'),
    meters: idsOf(devices, 'water-meter'),
  }
}

const idsOf = (devices: readonly Device[], kind: DeviceKind) => devices.filter((device) => device.kind === kind).map(({ id }) => id)

/** What listens for signs of life: where nothing sees motion the water meter has to do. */
export const sensorsOf = (home: Home, sparse: boolean): readonly string[] => (sparse ? home.meters : [...home.motions, ...home.doors])

/** The staircase to which a flat belongs: whoever passes its gate comes home, or leaves. */
export const isOwnUnit = (placeId: string, flat: string, places: PlaceTree): boolean =>
  places.get(placeId)?.kind === 'unit' && places.within(flat, placeId)

/** The hours of day at which somebody is called for a silence. */
export function mayCall({ resident }: Home, world: World, now: Millis): boolean {
  const hour = hourOfDay(now, world.utcOffset)
  return hour >= world.threshold('inactivity.from', resident.id) && hour < world.threshold('inactivity.to', resident.id)
}
