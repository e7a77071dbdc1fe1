import type { Device } from '../../shared/device.ts'
import type { Resident } from '../../shared/person.ts'
import { hash32 } from '../../shared/random.ts'
import type { World } from '../../shared/world.ts'

/** A person as the simulation needs one. */
export interface Townsman {
  id: string
  age: number
  flat: string
  alone: boolean
  leftBehind: boolean
  unitGate: string | undefined
  estateGate: string
  /** the contact on the own door, where there is one */
  door: string | undefined
}

/** A home with the full set of sensors. */
export interface CareHome {
  flat: string
  who: Townsman
  living: string
  bedroom: string
  water: string | undefined
  /** its gateway kept five weeks: enough to know its habits from the first day on */
  longKnown: boolean
}

export interface Town {
  seed: number
  people: Townsman[]
  careHomes: CareHome[]
  devices: readonly Device[]
  cameras: readonly Device[]
}

export function createTown(world: World, seed: number, today: Date): Town {
  const people = world.residents().map((resident) => townsman(world, resident, today))
  const devices = world.devices()
  return {
    seed,
    people,
    careHomes: people.filter(({ alone }) => alone).flatMap((who) => careHome(world, who) ?? []),
    devices,
    cameras: devices.filter(({ kind }) => kind === 'camera'),
  }
}

/** The same town with nobody in it but those whose homes are long known. */
export function longKnown(town: Town): Town {
  const careHomes = town.careHomes.filter((home) => home.longKnown)
  return { ...town, careHomes, people: careHomes.map(({ who }) => who) }
}

function townsman(world: World, resident: Resident, today: Date): Townsman {
  const { id, placeId: flat, birthDate, categories } = resident
  const unit = world.places.nearest(flat, 'unit')?.id ?? flat
  const gates = ['gate-east', 'gate-south', 'gate-west', 'gate-north']
  return {
    id,
    flat,
    age: Math.floor((today.getTime() - Date.parse(birthDate)) / (365.25 * 86_400_000)),
    alone: categories.includes('living-alone'),
    leftBehind: categories.includes('left-behind-child'),
    unitGate: deviceAt(world, unit, 'gate'),
    estateGate: gates[hash32(unit) % 7 < 4 ? hash32(unit) % 4 : hash32(id) % 4]!,
    door: deviceAt(world, flat, 'door-contact'),
  }
}

function careHome(world: World, who: Townsman): CareHome | undefined {
  const motion = world.devicesAt(who.flat).filter(({ kind }) => kind === 'motion')
  const [living, bedroom = living] = motion
  if (!living || !bedroom) return undefined
  const water = deviceAt(world, who.flat, 'water-meter')
  return { flat: who.flat, who, living: living.id, bedroom: bedroom.id, water, longKnown: isLongKnown(who.flat) }
}

/** About every fourth home, that of the silent flat's story among them; the same ones at every start. */
const isLongKnown = (flat: string) => hash32(flat) % 4 === 1

const deviceAt = (world: World, placeId: string, kind: string) => world.devicesAt(placeId).find((device) => device.kind === kind)?.id
