import type { Resident, Staff } from '../../../shared/person.ts'
import type { Random } from '../../../shared/random.ts'
import type { Millis } from '../../../shared/status.ts'
import type { World } from '../../../shared/world.ts'
import { dayOf, minuteOf } from '../day.ts'
import type { Who } from '../rest.ts'
import { inHours } from '../targets.ts'
import type { Motif } from './drawing.ts'
import type { Matter, Way } from './matters.ts'

/** One report as it is going to be made. */
export interface Saying {
  matter: Matter
  way: Way
  /** who sends it; an officer writes down what a caller says */
  who: Who
  placeId: string
  text: string
  caller?: { name: string; phone: string }
  picture?: Motif
  /** the report about the same that came before */
  same?: Saying
  /** somebody else sees the same, `after` ms later */
  neighbour?: { residentId: string; placeId: string; text: string; after: number }
}

export interface Choice {
  world: World
  random: Random
  now: Millis
  /** kinds that were said lately, and places where something is open */
  recent: ReadonlySet<string>
  taken: ReadonlySet<string>
}

/** Shares of reports that come with a picture, and of matters that a neighbour reports too. */
const PICTURED = 0.7
const TWICE = 0.4

/** What is reported next, by whom and where; undefined: nothing fits just now. `wanted`: of this kind. */
export function chooseSaying(matters: readonly Matter[], choice: Choice, wanted?: string): Saying | undefined {
  const { world, random, now, recent } = choice
  const minute = Math.floor(minuteOf(dayOf(now, world.utcOffset), now))
  const fit = matters.filter(({ hours, kind }) => world.matterKind(kind) && (!hours || inHours({ from: hours[0], to: hours[1] }, minute)))
  const fresh = fit.filter(({ kind }) => (wanted === undefined ? !recent.has(kind) : kind === wanted))
  if (fresh.length === 0) return undefined
  const matter = random.weighted(fresh.map((one) => [one, one.weight] as const))
  return say(matter, random.pick(matter.ways), choice, wanted !== undefined)
}

function say(matter: Matter, way: Way, choice: Choice, shown: boolean): Saying | undefined {
  const { random } = choice
  const scene = sceneOf(matter, way, choice)
  if (!scene) return undefined
  const { who, placeId, resident } = scene
  const neighbour = matter.also && (shown || random.chance(TWICE)) ? neighbourOf(matter, placeId, resident, choice) : undefined
  return {
    ...{ matter, way, who, placeId },
    text: random.pick(matter.says),
    ...(way === 'caller' && resident && { caller: { name: resident.name, phone: resident.phone ?? '' } }),
    ...(matter.motif && way !== 'caller' && random.chance(PICTURED) && { picture: matter.motif }),
    ...(neighbour && { neighbour: { ...neighbour, text: matter.also!, after: random.int(40, 120) * 1000 } }),
  }
}

interface Scene {
  who: Who
  placeId: string
  resident?: Resident
}

function sceneOf(matter: Matter, way: Way, choice: Choice): Scene | undefined {
  if (way === 'shop') return atShop(choice)
  const found = placeFor(matter, choice)
  if (!found) return undefined
  const { placeId, resident } = found
  if (way === 'resident') return { who: { role: 'resident', residentId: resident.id }, placeId, resident }
  const desk = choice.world.onDuty('officer', placeId, choice.now)
  if (way === 'caller' || way === 'whistle') return { who: { role: 'officer', staffId: desk?.id }, placeId, resident }
  const walker = onRounds(choice, placeId)
  return walker && { who: { role: 'field', staffId: walker.id }, placeId }
}

/** On the rounds of a grid, and where no grid is, the community's own staff. */
const onRounds = ({ world, now }: Choice, placeId: string): Staff | undefined =>
  world.onDuty('grid-worker', placeId, now) ?? world.onDuty('community-staff', placeId, now)

/** A shop sees what lies at the foot of the buildings around it. */
function atShop({ world, random, taken }: Choice): Scene | undefined {
  const shops = world.allStaff().filter(({ role }) => role === 'shop')
  if (shops.length === 0) return undefined
  const shop = random.pick(shops)
  const around = world.places.all().filter(({ id, kind }) => kind === 'building' && !taken.has(id) && world.places.within(id, shop.placeId))
  return around.length === 0 ? undefined : { who: { role: 'field', staffId: shop.id }, placeId: random.pick(around).id }
}

function placeFor({ where }: Matter, { world, random, now, taken }: Choice): { placeId: string; resident: Resident } | undefined {
  const grown = world.residents().filter((one) => isGrown(one, now))
  if (grown.length === 0) return undefined
  if (where === 'flat' || where === 'unit' || where === 'building') {
    const resident = random.pick(grown)
    const placeId = world.places.nearest(resident.placeId, where)?.id
    return placeId === undefined || taken.has(placeId) ? undefined : { placeId, resident }
  }
  const ids = typeof where === 'string' ? spotsNamed(where, world) : where
  const free = ids.filter((id) => world.places.get(id) && !taken.has(id))
  if (free.length === 0) return undefined
  const placeId = random.pick(free)
  const grid = world.places.nearest(placeId, 'grid')?.id
  const near = grid === undefined ? grown : grown.filter((one) => world.places.within(one.placeId, grid))
  return near.length === 0 ? undefined : { placeId, resident: random.pick(near) }
}

/** caihong-g1-lane-3, caihong-g2-waste-1 */
const spotsNamed = (what: string, { places }: World) =>
  places.all().flatMap(({ id, kind }) => (kind === 'spot' && id.includes(`-${what}-`) ? [id] : []))

/** years; who is old enough to report, and young enough to hold a phone still */
const [GROWN, AGED] = [18, 80]
function isGrown({ birthDate, phone }: Resident, now: Millis): boolean {
  const age = (now - Date.parse(birthDate)) / (365.25 * 86_400_000)
  return phone !== undefined && age >= GROWN && age < AGED
}

/** Another household from where the same is to be seen: the staircase of a flat, the building, the grid. */
function neighbourOf({ where, alsoNextDoor }: Matter, placeId: string, first: Resident | undefined, { world, random, now }: Choice) {
  const scope = alsoNextDoor ? 'building' : where === 'flat' ? 'unit' : where === 'unit' || where === 'building' ? where : 'grid'
  const around = world.places.nearest(placeId, scope)?.id
  const others = world
    .residents()
    .filter(
      (one) => isGrown(one, now) && one.placeId !== first?.placeId && (around === undefined || world.places.within(one.placeId, around)),
    )
  if (others.length === 0) return undefined
  const { id: residentId, placeId: home } = random.pick(others)
  if (alsoNextDoor) return { residentId, placeId: world.places.nearest(home, 'unit')?.id ?? home }
  return { residentId, placeId: where === 'flat' ? home : placeId }
}
