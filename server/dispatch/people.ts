import type { Resident } from '../../shared/person.ts'
import { conflict } from '../../shared/problem.ts'
import type { World } from '../../shared/world.ts'
import { actorId, optionalText } from '../command.ts'
import type { Command, Work } from '../work.ts'
import { isUnderway } from './orders.ts'
import { find, mustBeAllowed } from './ready.ts'

/** Somebody at the place of an order, as far as whoever goes there needs to know. */
export interface PersonThere {
  id: string
  placeId: string
  place: string
  name: string
  age: number
  categories: string[]
  phone?: string
}
export interface PeopleThere {
  placeId: string
  /** home: who lives there; building: who may need help to get out; none: nobody is to be known there */
  extent: 'home' | 'building' | 'none'
  items: PersonThere[]
}

/** Who needs help to get out, or is not to be left alone. */
const AT_RISK: readonly Resident['categories'][number][] = ['living-alone', 'left-behind-child', 'elder', 'disabled']
/** What somebody at the door has to know; poverty is not of it. */
const TOLD: readonly Resident['categories'][number][] = [...AT_RISK, 'chronic-illness']
/** Matters of a whole staircase. */
const SPREADING = /^(hazard\.(fire|smoke|gas)|camera\.(fire|smoke)|report\.(fire|gas-smell|lift-trapped))$/
const MOST = 60

/** `order.people`: the owner of an order that is under way, or a leader; who asked is in the audit first (S2). */
export const peopleCommands = { 'order.people': people }

function people(work: Work, command: Command): PeopleThere {
  const order = find(work, command)
  mustBeAllowed(work, command.actor, order)
  if (!isUnderway(order) || order.pool !== undefined)
    throw conflict(
      `${order.id} is ${order.pool === undefined ? order.state : 'not claimed'}: who lives there is told while it is under way.`,
      {
        current: order,
      },
    )
  const there = peopleThere(work.world, order.kind, order.placeId, work.now)
  const detail = { placeId: order.placeId, extent: there.extent, residents: there.items.map(({ id }) => id) }
  work.audit({ by: actorId(command.actor), act: 'order.people', subject: order.id, why: optionalText(command, 'reason'), detail })
  return there
}

export function peopleThere(world: World, kind: string, placeId: string, now: number): PeopleThere {
  const flat = world.places.nearest(placeId, 'flat')
  const home = flat ? world.residentsAt(flat.id) : []
  const beyond = SPREADING.test(kind) || !flat ? atRiskIn(world, placeId, flat?.id) : []
  const items = [...home, ...beyond].slice(0, MOST).map((resident) => view(world, resident, now))
  return { placeId, extent: flat ? 'home' : beyond.length > 0 ? 'building' : 'none', items }
}

/** Of the unit, else of the building; of a square or a whole grid nobody. */
function atRiskIn(world: World, placeId: string, but: string | undefined): Resident[] {
  const scope = world.places.nearest(placeId, 'unit') ?? world.places.nearest(placeId, 'building')
  if (!scope) return []
  const flats = flatsIn(world, scope.id).filter((id) => id !== but)
  return flats.flatMap((id) => world.residentsAt(id).filter(({ categories }) => categories.some((one) => AT_RISK.includes(one))))
}

const flatsIn = (world: World, id: string): string[] =>
  world.places.children(id).flatMap((place) => (place.kind === 'flat' ? [place.id] : flatsIn(world, place.id)))

/** How many people at a place need help to get to safety. */
export const atRisk = (world: World, kind: string, placeId: string, now: number): number =>
  peopleThere(world, kind, placeId, now).items.filter(({ categories }) => categories.length > 0).length

function view(world: World, { id, placeId, name, birthDate, categories, phone }: Resident, now: number): PersonThere {
  const told = categories.filter((category) => TOLD.includes(category))
  const age = Math.floor((now - Date.parse(birthDate)) / YEAR)
  return { id, placeId, place: world.places.label(placeId), name, age, categories: told, ...(phone && { phone }) }
}
const YEAR = 365.2425 * 86_400_000
